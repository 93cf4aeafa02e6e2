"""Diagnosis of a 784-128-64-10 network from what its linear layers took and gave."""

import itertools
from collections.abc import Callable

from mnistlesson.check._compare import close
from mnistlesson.check._exercise import Found
from mnistlesson.check._trace import (
    ACTIVATIONS,
    OUTPUTS,
    SIZES,
    Step,
    Trace,
    steps_by_parameters,
)
from torch import Tensor, nn

_RETURNS = {"probabilities": "probabilities: softmax over the classes", "logits": "logits"}
"""What a right network may return."""

PARAMETERS = sum((inputs + 1) * outputs for inputs, outputs in SIZES)


def diagnose(model: nn.Module, seen: Trace, result: Tensor) -> Found | None:
    """Look at a run that came to an end with a tensor."""
    steps = _layers(model, seen)
    if not steps:
        return _nothing_seen(model, seen, result)
    return (
        twice(steps)
        or _sizes(steps)
        or _input(seen, steps)
        or _between(model, seen, steps)
        or _ended(result, steps[-1].output)
    )


def _layers(model: nn.Module, seen: Trace) -> list[Step]:
    """Return the linear layers of a run: as they were recorded, else by the parameters."""
    if len(seen.steps) == len(SIZES) or seen.result is None:
        return seen.steps
    return steps_by_parameters(model, seen.images, seen.result) or seen.steps


def returned(model: nn.Module, seen: Trace) -> str:
    """Say which of the right results a network returned; nothing where it is none of them."""
    steps = _layers(model, seen)
    if seen.result is None or not steps:
        return ""
    return _RETURNS.get(_end(seen.result, steps[-1].output), "")


def _end(result: Tensor, scores: Tensor) -> str:
    """Name what turned the last layer's output (N, 10) into the result."""
    return next((kind for kind in OUTPUTS if close(result, OUTPUTS[kind](scores))), "other")


def twice(steps: list[Step]) -> Found | None:
    """Look for a layer that ran twice."""
    weights = [id(step.weight) for step in steps]
    for place, weight in enumerate(weights):
        if (earlier := weights.index(weight)) < place:
            size = steps[place].size
            evidence = f"Layers {earlier + 1} and {place + 1} are the same one, {size}."
            return Found("layer-twice", evidence)
    return None


def _nothing_seen(model: nn.Module, seen: Trace, result: Tensor) -> Found | None:
    count = sum(parameter.numel() for parameter in model.parameters())
    if seen.called.isdisjoint({"addmm", "bmm", "einsum", "matmul", "mm"}):
        return Found("layers", "Your network has no linear layer.")
    if count == 0:
        return Found("unregistered", f"The network has 0 of {PARAMETERS:,} parameters.")
    return Found(
        "other",
        f"No nn.Linear was seen at work, and your result {tuple(result.shape)} is not "
        f"what 784-128-64-10 gives with your {count:,} parameters.",
    )


def _sizes(steps: list[Step]) -> Found | None:
    sizes = [step.size for step in steps]
    path = "-".join(map(str, [sizes[0][0], *(outputs for _, outputs in sizes)]))
    if len(steps) != len(SIZES):
        number = "1 linear layer" if len(steps) == 1 else f"{len(steps)} linear layers"
        return Found("layers", f"Your network has {number}, not 3: {path}.")
    if sizes != list(SIZES):
        kind = "hidden-swapped" if path == "784-64-128-10" else "sizes"
        return Found(kind, f"Your network is {path}, not 784-128-64-10.")
    bare = [str(place) for place, step in enumerate(steps, 1) if step.bias is None]
    return Found("no-bias", f"No bias in {_numbered('layer', bare)}.") if bare else None


def _numbered(what: str, numbers: list[str]) -> str:
    return f"{what}{'s' * (len(numbers) > 1)} {_joined(numbers)}"


def _joined(words: list[str]) -> str:
    return ", ".join(words[:-1]) + " and " * (len(words) > 1) + words[-1]


def _input(seen: Trace, steps: list[Step]) -> Found | None:
    given, got = seen.images.flatten(1), steps[0].input
    if close(got, given):
        return None
    if got.shape != given.shape:
        return Found("input", f"Layer 1 gets {tuple(got.shape)}, not {tuple(given.shape)}.")
    changed = (got[0] != given[0]).sum().item()
    return Found(
        "input", f"Of the 784 numbers of image 0, {changed} reach layer 1 changed or moved."
    )


def _between(model: nn.Module, seen: Trace, steps: list[Step]) -> Found | None:
    """Compare what each hidden layer hands on with ReLU of what it gave."""
    wrong = {}
    for place, (one, two) in enumerate(itertools.pairwise(steps), 1):
        names = (name for name in ACTIVATIONS if close(two.input, ACTIVATIONS[name](one.output)))
        if (name := next(names, "other")) != "ReLU":
            wrong[place] = name
    if not wrong:
        return None
    place, name = next(iter(wrong.items()))
    norms = sorted(called for called in seen.called if called.endswith("_norm"))
    if name == "nothing":
        return _linear(model, wrong, steps[place].input.min().item())
    if "softmax" in name:
        return Found("softmax-between", f"After hidden layer {place} comes {name}, not ReLU.")
    if name != "other":
        return Found("activation", f"After hidden layer {place} comes {name}, not ReLU.")
    if norms:
        return Found("norm", f"{norms[0]} changes what layer {place + 1} gets.")
    return Found("other", f"What layer {place + 1} gets is not ReLU of what layer {place} gives.")


def _linear(model: nn.Module, wrong: dict[int, str], low: float) -> Found | None:
    bare = [str(place) for place, name in wrong.items() if name == "nothing"]
    where = _numbered("hidden layer", bare)
    evidence = f"No ReLU after {where}: numbers down to {low:.2f} reach the next layer."
    keys = _keys(model)
    if list(wrong) == [2] and keys:
        return Found("duplicate-key", f"{evidence} Your keys are {_joined(keys)}.")
    return Found("relu-missing", evidence)


def _keys(model: nn.Module) -> list[str]:
    """Return the names in the sequences of a model, where they are not numbers."""
    sequences = [part for part in model.modules() if isinstance(part, nn.Sequential)]
    keys = [key for sequence in sequences for key, _ in sequence.named_children()]
    return [] if any(key.isdigit() for key in keys) else keys


def _ended(result: Tensor, scores: Tensor) -> Found | None:
    """Compare the result with softmax of the last layer's output."""
    kind = _end(result, scores)
    if kind in _RETURNS:
        return None
    if result.shape != scores.shape:
        evidence = f"{len(scores)} images give {tuple(result.shape)}, not {tuple(scores.shape)}."
        return Found(kind, evidence)
    evidence = _EVIDENCE.get(kind, _sums)(result, scores)
    if kind == "other":
        evidence = f"The layers are right, but what follows the last one is not softmax. {evidence}"
    return Found(kind, evidence)


def _sums(result: Tensor, scores: Tensor) -> str:
    del scores  # the other evidence needs them
    row, column = result[0].sum(), result[:, 0].sum()
    return f"Row 0 of your result sums to {row:.2f}, not to 1; column 0 sums to {column:.2f}."


def _lowest(result: Tensor, scores: Tensor) -> str:
    del scores
    low, high = result[0].aminmax()
    return (
        f"Row 0 of your result goes from {low:.2f} to {high:.2f}: probabilities are not negative."
    )


def _cut(result: Tensor, scores: Tensor) -> str:
    zeros = (scores <= 0).sum()
    low = scores.min()
    return f"Of your {result.numel()} scores, {zeros} became 0. The lowest of them was {low:.2f}."


def _shared(result: Tensor, scores: Tensor) -> str:
    row = (scores <= 0).sum(1).argmax()
    same_count = (scores[row] <= 0).sum()
    return f"In row {row}, {same_count} classes share one probability, {result[row].min():.3f}."


def _flatter(result: Tensor, scores: Tensor) -> str:
    once = scores.softmax(1).max()
    return f"Your largest probability is {result.max():.2f}; after one softmax it is {once:.2f}."


_EVIDENCE: dict[str, Callable[[Tensor, Tensor], str]] = {
    "log-softmax": _lowest,
    "relu-output": _cut,
    "relu-before-softmax": _shared,
    "softmax-twice": _flatter,
}
