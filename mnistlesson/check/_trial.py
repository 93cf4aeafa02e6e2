"""Try a network: on several batches, and for its gradients."""

from collections.abc import Sequence

import torch
from mnistlesson.check._compare import close
from mnistlesson.check._exercise import Found
from mnistlesson.check._forward import raised
from mnistlesson.check._layers import PARAMETERS, between, diagnose, returned
from mnistlesson.check._outcome import OutOfTime
from mnistlesson.check._run import run
from mnistlesson.check._trace import SIZES, Trace, trace
from mnistlesson.check._words import say
from torch import Tensor, nn


def tried(model: nn.Module, inputs: Sequence[Tensor], other: Tensor) -> tuple[Found | None, str]:
    """Run a network: return what is wrong with it, and what it returns.

    Args:
        model: The network.
        inputs: Rows (N, 784) in several numbers, then larger ones, then the largest.
        other: As many rows as the first of them.
    """
    rows, *numbers, large, huge = inputs
    before = {name for name, _ in model.named_parameters()}
    first = _first(model, rows)
    # In the form that suits the model.
    form = first.images.shape[1:]
    found = _seen(model, first)
    if found and found.kind == "input" and _ignores(first, trace(model, other.view(-1, *form))):
        found = Found("unused-argument", found.evidence)
    if not found:
        second = trace(model, numbers[0].view(-1, *form))
        found = _made_late(model, before) or _registered(model, first, second)
    for images in () if found else numbers:
        found = found or _fixed(_seen(model, trace(model, images.view(-1, *form))), len(images))
    if not found:
        found = _seen(model, trace(model, large.view(-1, *form)))
    if not found and len(first.steps) == len(SIZES):
        # What comes after the last layer may overflow here.
        seen = trace(model, huge.view(-1, *form))
        found = between(model, seen, seen.steps)
    if found:
        return found, ""
    return _gradients(model, first.outcome.value) or _notes(first), returned(model, first)


def _first(model: nn.Module, rows: Tensor) -> Trace:
    """Run the model on flat rows (N, 784), or on images where it takes nothing else."""
    flat = trace(model, rows)
    if flat.outcome.error is None or isinstance(flat.outcome.error, OutOfTime):
        return flat
    images = trace(model, rows.view(-1, 1, 28, 28))
    # A layer takes the rows of an image where it is made for 28 numbers.
    flattens = all(step.input.dim() == 2 for step in images.steps)
    return images if images.outcome.error is None and flattens else flat


def _ignores(first: Trace, second: Trace) -> bool:
    """Tell whether the first layer gets the same for other images."""
    if not first.steps or not second.steps:
        return False
    return close(first.steps[0].input, second.steps[0].input)


def _fixed(found: Found | None, count: int) -> Found | None:
    # An activation acts on single numbers: not their count shows it now, but one of them.
    if not found or found.kind == "activation":
        return found
    template = "64 images give what they should. With {count}: {evidence}"
    return Found("fixed-batch", say(template, count=count, evidence=found.evidence))


def _seen(model: nn.Module, seen: Trace) -> Found | None:
    """Look at one run of the network."""
    value = seen.outcome.value
    if seen.outcome.error is not None:
        return raised(model, seen)
    if value is None or value is ...:
        return Found("no-return" if seen.called else "empty", "Calling your network gives None.")
    name = type(value).__name__
    if isinstance(value, nn.Module):
        kind = "not-called" if any(value is part for part in model.modules()) else "constructor"
        return Found(kind, say("Calling your network gives a module, {type}.", type=name))
    if not isinstance(value, Tensor):
        return Found("not-a-tensor", say("Calling your network gives {type}.", type=name))
    if value.layout is not torch.strided or value.is_complex() or value.is_meta:
        template = (
            "Calling your network gives a tensor of layout {layout}, dtype {dtype}, on {device}."
        )
        places = {"layout": value.layout, "dtype": value.dtype, "device": value.device}
        return Found("not-ordinary", say(template, **places))
    return diagnose(model, seen, value.detach())


def _made_late(model: nn.Module, before: set[str]) -> Found | None:
    after = dict(model.named_parameters())
    if after.keys() <= before:
        return None
    template = "Before the first call your network has {before} parameters, and after it {after}."
    places = {"before": len(before), "after": len(after)}
    return Found("made-in-forward", say(template, **places))


def _registered(model: nn.Module, first: Trace, second: Trace) -> Found | None:
    """Look at whose the layers are."""
    count = sum(parameter.numel() for parameter in model.parameters())
    for place, (one, two) in enumerate(zip(first.steps, second.steps, strict=False), 1):
        # A weight computed from parameters is new each time, but no leaf.
        if one.weight.is_leaf and one.weight is not two.weight:
            template = (
                "The first weight of layer {place} is {begin:.4f} in one call, "
                "{again:.4f} in the next."
            )
            places = {"begin": one.weight[0, 0].item(), "again": two.weight[0, 0].item()}
            return Found("made-in-forward", say(template, place=place, **places))
    if count < PARAMETERS:
        template = "The network has {count:,} of {all:,} parameters."
        return Found("unregistered", say(template, count=count, all=PARAMETERS))
    return None


def _gradients(model: nn.Module, value: object) -> Found | None:
    """Look whether training could reach every parameter."""
    learning = {name: p for name, p in model.named_parameters() if p.requires_grad}
    if not learning or not isinstance(value, Tensor):
        return None
    if not value.requires_grad:
        return Found("no-gradient", "The result's requires_grad is False.")
    result = run(lambda: torch.autograd.grad(value.sum(), [*learning.values()], allow_unused=True))
    if not isinstance(result.value, tuple):
        template = "Going back through your network raises {error}."
        return Found("no-gradient", say(template, error=result.message))
    lost = [name for name, g in zip(learning, result.value, strict=True) if g is None]
    reached = sum(p.numel() for name, p in model.named_parameters() if name not in lost)
    if lost:
        kind = "unused" if reached >= PARAMETERS else "no-gradient"
        return Found(kind, say("No gradient reaches {names}.", names=", ".join(lost)))
    return None


def _notes(first: Trace) -> Found | None:
    """Look for what a right network could do without, or say more clearly."""
    if first.dropped:
        return Found("dropout", say("Dropout is on, with a rate of {rate}.", rate=first.dropped[0]))
    if warning := first.outcome.warning("Implicit dimension choice"):
        return Found("implicit-dim", say("PyTorch warns: {text}", text=warning))
    return None
