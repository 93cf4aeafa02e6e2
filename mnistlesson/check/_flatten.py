"""The exercise of step 2: flatten a batch of images."""

from mnistlesson.check._compare import Observation, probe, shape
from mnistlesson.check._hypotheses import FunctionExercise
from torch import Tensor


def _inputs(seed: int) -> list[Tensor]:
    return [probe(count, 1, 28, 28, seed=seed) for count in (64, 32, 10)]


def _evidence(code: str, one: Observation, expected: Tensor) -> str:
    count = len(one.probe)
    if one.outcome.error is not None:
        return f"For {count} images you get {one.outcome.message}."
    if code == "flatten-in-place":
        return f"The {count} images are not what they were before the call."
    if one.tensor is None:
        return f"For {count} images it returned {type(one.outcome.value).__name__}."
    if one.tensor.shape != expected.shape:
        return f"{count} images give {shape(one.tensor)}, not {shape(expected)}."
    moved = (one.tensor[0] != expected[0]).sum().item()
    return f"Of the 784 numbers of your row 0, {moved} are not where image 0 has them."


def _rule(one: Observation, expected: Tensor) -> str | None:
    if one.tensor is not None and one.tensor.shape == expected.shape:
        numbers = (x.flatten().sort().values for x in (one.tensor, expected))
        return "scrambled" if next(numbers).equal(next(numbers)) else None
    return None


EXERCISE = FunctionExercise(
    "flatten", "flatten", lambda images: images.flatten(1), _inputs, _evidence, _rule
)
