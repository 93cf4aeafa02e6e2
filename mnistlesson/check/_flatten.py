"""The exercise of step 2: flatten a batch of images."""

from mnistlesson.check._compare import Observation, close, probe, shape
from mnistlesson.check._hypotheses import FunctionExercise
from mnistlesson.check._words import say
from torch import Tensor


def _inputs(seed: int) -> list[Tensor]:
    return [probe(count, 1, 28, 28, seed=seed) for count in (64, 32, 10, 1, 100)]


def _evidence(code: str, one: Observation, expected: Tensor) -> str:
    count = len(one.probe)
    if one.outcome.error is not None:
        template = (
            "For {count} images you get {error}." if count > 1 else "For one image you get {error}."
        )
        return say(template, count=count, error=one.outcome.message)
    if one.changed:
        return say("The {count} images are not what they were before the call.", count=count)
    if one.tensor is None:
        return say("For {count} images it returned {type}.", count=count, type=one.type)
    if one.tensor.shape != expected.shape:
        given, asked = shape(one.tensor), shape(expected)
        template = "{count} images give {given}, not {asked}."
        if count == 1:
            template = "One image gives {given}, not {asked}."
        return say(template, count=count, given=given, asked=asked)
    differs = one.tensor.double() != expected.double()
    row = int(differs.any(1).double().argmax())
    if code == "flatten-scrambled":
        template = "Of the 784 numbers of your row {row}, {moved} differ from those of image {row}."
        return say(template, row=row, moved=int(differs[row].sum()))
    place = int(differs[row].double().argmax())
    numbers = {"yours": one.tensor[row, place].item(), "right": expected[row, place].item()}
    template = (
        "Number {place} of your row {row} is {yours:.4g}, and that of image {row} {right:.4g}."
    )
    return say(template, row=row, place=place, **numbers)


def _rule(one: Observation, expected: Tensor) -> str | None:
    if one.tensor is None or one.tensor.shape != expected.shape:
        return None
    yours, right = (x.double().flatten().sort().values for x in (one.tensor, expected))
    return "scrambled" if close(yours, right) else "changed"


EXERCISE = FunctionExercise("flatten", lambda images: images.flatten(1), _inputs, _evidence, _rule)
