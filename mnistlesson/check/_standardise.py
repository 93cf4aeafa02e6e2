"""The exercise of step 1: both sets with the training set's mean 0 and standard deviation 1."""

import functools
from collections.abc import Sequence

import torch
from mnistlesson.check._compare import close, kind_of, ordinary, probe, shape
from mnistlesson.check._facts import Difference, Facts, FactsExercise, Situation
from mnistlesson.check._words import say
from torch import Tensor

_NAMES = ("training set", "test set")


def _right(train: Tensor, test: Tensor) -> tuple[Tensor, Tensor]:
    mean, std = train.double().mean(), train.double().std()
    return ((train - mean) / std).float(), ((test - mean) / std).float()


def _images(count: int, seed: int, ink: float) -> Tensor:
    """Make images (N, 28, 28) of bytes: strokes amid a border that is 0 in all of them."""
    images = torch.zeros(count, 28, 28, dtype=torch.uint8)
    strokes = probe(count, 20, 20, seed=seed).mul(90).add(ink).clamp(0, 255)
    # No two images, and no two rows, are alike in their mean or in their spread.
    shades = (probe(count, 20, 1, seed=seed + 1) / 2).exp()
    images[:, 4:24, 4:24] = (strokes * shades).clamp(0, 255).byte()
    return images


def _situation(train: int, test: int, seed: int) -> Situation:
    # With so many pixels it is all one whether the variance is divided by n or by n - 1.
    given = [_images(train, 10 * seed, 60), _images(test, 10 * seed + 5, 140)]
    before = [images.clone() for images in given]
    return Situation(tuple(given), functools.partial(_facts, given, before))


def _training_set(seed: int) -> Situation:
    """Look at the training set alone: what is done to the test set does not change its verdict."""
    both = _situation(16, 6, seed)

    def facts(value: object) -> Facts:
        return {name: fact for name, fact in both.facts(value).items() if name != "test set"}

    return Situation(both.arguments, facts)


def _for_a_network(seed: int) -> Situation:
    """Look whether the numbers are of the type that a network computes with."""
    arguments = _situation(16, 6, seed).arguments
    return Situation(arguments, lambda value: {"dtypes": _returned(value)})


SITUATIONS = (
    _training_set,
    functools.partial(_situation, 16, 6),
    functools.partial(_situation, 24, 1),
    _for_a_network,
)


def _facts(given: Sequence[Tensor], before: Sequence[Tensor], value: object) -> Facts:
    pairs = zip(given, before, strict=True)
    changed = [one.shape != other.shape or not torch.equal(one, other) for one, other in pairs]
    # Two sets in one tensor of the same length, too, can be taken apart.
    sets = [*value] if isinstance(value, list | tuple) else []
    results = [ordinary(one) for one in sets]
    if len(results) != 2 or any(result is None for result in results):
        return {"changed": changed, "returned": _returned(value), "single": ordinary(value)}
    tensors = [result for result in results if result is not None]
    return {
        "changed": changed,
        "returned": "two tensors",
        "single": None,
        "shapes": [shape(one) for one in tensors],
        "whole": "" if all(one.is_floating_point() for one in tensors) else _returned(value),
        "given": given[0],
        "training set": tensors[0],
        "test set": tensors[1],
    }


def _returned(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_returned, value[:5])) or "nothing"
    kind = kind_of(value).removesuffix(" on cpu")
    return f"a tensor of {kind}" if isinstance(value, Tensor) else kind


def _rule(difference: Difference) -> str | None:
    yours = difference.facts
    if difference.name == "error":
        return None
    if difference.name == "changed":
        return "in-place"
    if difference.name == "returned" and difference.outcome.value is not None:
        return "one-set" if yours["single"] is not None else "returns"
    if difference.name in {"shapes", "whole", "dtypes"}:
        return {"shapes": "shape", "whole": "integers", "dtypes": "not-float32"}[difference.name]
    return _of_numbers(difference) if difference.name in _NAMES else None


def _of_numbers(difference: Difference) -> str | None:
    numbers = [difference.facts[name].double() for name in _NAMES if name in difference.facts]
    if not all(one.isfinite().all() for one in numbers):
        return "not-finite"
    train, test = numbers[0], numbers[-1]
    if difference.name == "test set":
        own = abs(test.mean()) < 1e-3 and abs(test.std() - 1) < 1e-3
        return "each-its-own" if own else "test-differs"
    right = difference.right["training set"].double()
    subtracted = train - difference.facts["given"]
    if (
        close(subtracted, subtracted.mean().expand(subtracted.shape), scale=1e3)
        and subtracted.any()
    ):
        return "std" if abs(train.mean()) < 1e-2 else "parentheses"
    if close(train - train.mean(), right - right.mean(), rtol=1e-3):
        return "mean"
    return "std" if abs(train.mean()) < 1e-3 and abs(train.std() - 1) > 1e-3 else None


def _evidence(_: str, difference: Difference) -> str:
    yours, right = difference.facts, difference.right
    if difference.name == "changed":
        names = zip(_NAMES, yours["changed"], strict=True)
        name = next(name for name, changed in names if changed)
        return say("The {name} is not what it was before the call.", name=name)
    if difference.name in {"returned", "single"}:
        template = "You return {returned}, where two tensors are asked for."
        return say(template, returned=yours["returned"])
    if difference.name == "shapes":
        template = "Your two results have the shapes {yours}, not {right}."
        shapes = (" and ".join(facts["shapes"]) for facts in (yours, right))
        return say(template, yours=next(shapes), right=next(shapes))
    if difference.name in {"whole", "dtypes"}:
        return say("You return {returned}.", returned=yours[difference.name])
    name = difference.name
    numbers, expected = yours[name].double(), right[name].double()
    template = (
        "Your {name} has mean {mean:.4g} and standard deviation {std:.4g}, "
        "where {right_mean:.4g} and {right_std:.4g} are right."
    )
    if not numbers.isfinite().all():
        template = "Of the {count} numbers of your {name}, {bad} are infinite or not a number."
    elif close(numbers.mean(), expected.mean()) and close(numbers.std(), expected.std()):
        template = (
            "Mean and standard deviation of your {name} are right, {mean:.4g} and {std:.4g}, "
            "but {different} of its {count} numbers are not."
        )
    return say(
        template,
        name=name,
        mean=_plain(numbers.mean()),
        std=numbers.std(),
        right_mean=_plain(expected.mean()),
        right_std=expected.std(),
        count=numbers.numel(),
        bad=int((~numbers.isfinite()).sum()),
        different=int((~torch.isclose(numbers, expected, rtol=1e-4, atol=1e-6)).sum()),
    )


def _plain(mean: Tensor) -> float:
    # What rounding leaves of a mean of 0 would be written with an exponent.
    return round(mean.item(), 4) + 0.0


EXERCISE = FactsExercise("standardise", _right, SITUATIONS, _evidence, _rule)
