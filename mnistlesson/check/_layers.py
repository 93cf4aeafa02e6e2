"""Diagnosis of a 784-128-64-10 network from what its linear layers took and gave."""

import itertools

from mnistlesson.check._exercise import Found
from mnistlesson.check._functions import ACTIVATIONS, near, of_each_number
from mnistlesson.check._outputs import RETURNS, of_output, output_kind
from mnistlesson.check._trace import SIZES, Step, Trace, steps_by_parameters
from mnistlesson.check._words import say
from torch import Tensor, nn

PARAMETERS = sum((inputs + 1) * outputs for inputs, outputs in SIZES)


def diagnose(model: nn.Module, seen: Trace, result: Tensor) -> Found | None:
    """Look at a run that came to an end with a tensor."""
    steps = _layers(model, seen)
    if not steps:
        return _nothing_seen(model, seen, result)
    return (
        twice(steps)
        or _sizes(model, steps)
        or _input(seen, steps)
        or between(model, seen, steps)
        or of_output(result, steps)
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
    return RETURNS.get(output_kind(seen.result, steps[-1].output), "")


def ran(steps: list[Step]) -> str:
    """Write down the sizes of the layers in the order in which they ran."""
    return ", ".join(str(step.size) for step in steps)


def twice(steps: list[Step]) -> Found | None:
    """Look for a layer that ran twice."""
    weights = [id(step.weight) for step in steps]
    for place, weight in enumerate(weights):
        if (earlier := weights.index(weight)) < place:
            template = "Layers {one} and {other} are the same one, {size}."
            places = {"one": earlier + 1, "other": place + 1, "size": steps[place].size}
            return Found("layer-twice", say(template, **places))
    return None


def _nothing_seen(model: nn.Module, seen: Trace, result: Tensor) -> Found:
    count = sum(parameter.numel() for parameter in model.parameters())
    if seen.called.isdisjoint({"addmm", "bmm", "einsum", "matmul", "mm"}):
        return Found("layers", "Your network has no linear layer.")
    if count == 0:
        template = "The network has 0 of {all:,} parameters."
        return Found("unregistered", say(template, all=PARAMETERS))
    template = (
        "No nn.Linear was seen at work, and your result {shape} is not "
        "what 784-128-64-10 gives with your {count:,} parameters."
    )
    return Found("other", say(template, shape=tuple(result.shape), count=count))


def _sizes(model: nn.Module, steps: list[Step]) -> Found | None:
    sizes = [step.size for step in steps]
    path = "-".join(map(str, [sizes[0][0], *(outputs for _, outputs in sizes)]))
    if len(steps) != len(SIZES):
        return lost_key(model) or _left_out(model, steps) or _number(path, steps)
    if sizes != list(SIZES):
        kind = "hidden-swapped" if path == "784-64-128-10" else "sizes"
        return Found(kind, say("Your network is {path}, not 784-128-64-10.", path=path))
    bare = [str(place) for place, step in enumerate(steps, 1) if step.bias is None]
    evidence = say("These layers have no bias: {places}.", places=", ".join(bare))
    return Found("no-bias", evidence) if bare else None


def _number(path: str, steps: list[Step]) -> Found:
    template = "Your network has {count} linear layers, not 3: {path}."
    if len(steps) == 1:
        template = "Your network has one linear layer, not 3: {path}."
    return Found("layers", say(template, count=len(steps), path=path))


def _left_out(model: nn.Module, steps: list[Step]) -> Found | None:
    """Look for layers that the network has, and did not call."""
    weights = {name: p for name, p in model.named_parameters() if p.dim() == 2}
    idle = [n for n, p in weights.items() if not any(p is step.weight for step in steps)]
    if len(weights) != len(SIZES) or not idle:
        return None
    names = ", ".join(name.removesuffix(".weight") for name in idle)
    template = "These layers ran: {ran}. These were never called: {names}."
    return Found("order", say(template, ran=ran(steps), names=names))


def _input(seen: Trace, steps: list[Step]) -> Found | None:
    given, got = seen.images.flatten(1), steps[0].input
    if near(got, given):
        return None
    if got.shape != given.shape:
        template = "Layer 1 gets {got}, not {given}."
        return Found("input", say(template, got=tuple(got.shape), given=tuple(given.shape)))
    changed = (got[0] != given[0]).sum().item()
    template = "Of the 784 numbers of image 0, {changed} reach layer 1 changed or moved."
    return Found("input", say(template, changed=changed))


def between(model: nn.Module, seen: Trace, steps: list[Step]) -> Found | None:
    """Compare what each hidden layer hands on with ReLU of what it gave."""
    wrong = {}
    for place, (one, two) in enumerate(itertools.pairwise(steps), 1):
        names = (name for name in ACTIVATIONS if near(two.input, ACTIVATIONS[name](one.output)))
        if (name := next(names, "other")) != "ReLU":
            wrong[place] = name
    if not wrong:
        return None
    if wrong.get(2) == "nothing" and wrong.get(1) != "nothing" and (lost := lost_key(model)):
        return lost
    place, name = next(iter(wrong.items()))
    if name == "nothing":
        return _linear(wrong, steps[place].input.min().item())
    if name != "other":
        kind = "softmax-between" if "softmax" in name else "activation"
        template = "After hidden layer {place} comes {name}, not ReLU."
        return Found(kind, say(template, place=place, name=name))
    return _unknown(seen, steps, place)


def _unknown(seen: Trace, steps: list[Step], place: int) -> Found:
    before, after = steps[place - 1].output, steps[place].input
    norms = sorted(called for called in seen.called if called.endswith("_norm"))
    if norms:
        template = "{name} changes what layer {next} gets."
        return Found("norm", say(template, name=norms[0], next=place + 1))
    places = {"place": place, "next": place + 1, "shape": tuple(after.shape)}
    if before.shape != after.shape:
        template = "Layer {place} gives {given}, and layer {next} gets {shape}."
        evidence = say(template, given=tuple(before.shape), **places)
        return Found("between-shape", evidence)
    if not of_each_number(before, after):
        template = "What layer {next} gets is not ReLU of what layer {place} gives."
        return Found("other", say(template, **places))
    worst = int((after - before.relu()).abs().argmax())
    score, yours = before.flatten()[worst].item(), after.flatten()[worst].item()
    template = (
        "After hidden layer {place}, {score:.3g} becomes {yours:.3g}; ReLU makes {right:.3g} of it."
    )
    evidence = say(template, score=score, yours=yours, right=max(score, 0.0), **places)
    return Found("activation", evidence)


def _linear(wrong: dict[int, str], low: float) -> Found:
    bare = [place for place, name in wrong.items() if name == "nothing"]
    template = "No ReLU after hidden layer {place}: numbers down to {low:.2f} reach the next layer."
    if len(bare) > 1:
        template = (
            "No ReLU after hidden layers 1 and 2: numbers down to {low:.2f} reach the next layer."
        )
    return Found("relu-missing", say(template, place=bare[0], low=low))


def lost_key(model: nn.Module) -> Found | None:
    """Look for a sequence that lacks an entry where a key that stands twice would lose one.

    A later entry replaces an earlier one in its place. After two layers or two functions without
    the other between them, or with a function first, something is missing.
    """
    for sequence in model.modules():
        parts = dict(sequence.named_children()) if isinstance(sequence, nn.Sequential) else {}
        if not parts or any(key.isdigit() for key in parts):
            continue
        linear = [
            isinstance(part, nn.Linear)
            for part in parts.values()
            if not isinstance(part, nn.Flatten | nn.Dropout | nn.BatchNorm1d | nn.LayerNorm)
        ]
        pairs = [*itertools.pairwise(linear)]
        first_pair = pairs and pairs[0] == (True, True)
        last_is_softmax = isinstance([*parts.values()][-1], nn.Softmax | nn.LogSoftmax)
        functions = (False, False) in (pairs[:-1] if last_is_softmax else pairs)
        if (True, True) in pairs[1:] or functions or (linear and not linear[0] and not first_pair):
            template = "The keys of your sequence are {keys}."
            return Found("duplicate-key", say(template, keys=", ".join(parts)))
    return None
