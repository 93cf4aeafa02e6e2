"""The exercises of steps 7 and 8: the 784-128-64-10 network, as a class and as a sequence.

A copy of the network is run, and each linear layer's input is compared with what ReLU makes of the
output before it; the result, with what softmax makes of the last output.
"""

import inspect
import re

import torch
from mnistlesson.check._catalogue import Mistake, mistakes
from mnistlesson.check._judge import named, probe, verdict
from mnistlesson.check._layers import PARAMETERS, diagnose, returned, twice
from mnistlesson.check._making import made, takes, twin, unmade
from mnistlesson.check._run import Outcome, OutOfTime, run
from mnistlesson.check._trace import SIZES, Found, Trace, trace
from mnistlesson.check._verdict import Level, Verdict
from torch import Tensor, nn


def judge(exercise: str, answer: object, seed: int = 0) -> Verdict:
    """Say what a network does. Nothing it does is raised here.

    Args:
        exercise: ``"network"`` or ``"sequential"``.
        answer: A module, its class, or a function that makes it.
        seed: Of the images that it is tried with.
    """
    outcome = Outcome(getattr(answer, "_orig_mod", answer))  # what torch.compile has wrapped
    if callable(answer) and not isinstance(answer, nn.Module):
        outcome = run(answer)
    if outcome.error is not None:
        found = unmade(answer, outcome.told, outcome.error)
    else:
        found = made(exercise, answer, outcome.value)
    returns = ""
    if not found:
        try:
            found, returns = _tried(exercise, outcome.value, seed)
        except Exception as error:  # noqa: BLE001 - of a model that refuses to be looked at
            found = "raises", f"Looking at your network raises {Outcome(error=error).told}."
    if not found:
        says = f"Your network is 784-128-64-10 with ReLU, and returns {returns}."
        return Verdict(exercise, Level.RIGHT, "right", says)
    kind, evidence = found
    mistake = _mistake(exercise, kind)
    if mistake.level is Level.NOTE:
        evidence = f"{evidence} Your network returns {returns}."
    return verdict(exercise, mistake, evidence)


def _mistake(exercise: str, kind: str) -> Mistake:
    """Return a mistake by its kind. A sequence of one's own classes can go wrong as a class can."""
    known = {mistake.code for mistake in (*mistakes(exercise), *mistakes("general"))}
    own = not known.isdisjoint({f"{exercise}-{kind}", f"general-{kind}"})
    return named(exercise if own else "network", kind)


def _tried(exercise: str, given: object, seed: int) -> tuple[Found, str]:
    """Run a copy of the network: return what is wrong with it, and what it returns."""
    copied = run(twin, given)
    model = copied.value
    if not isinstance(model, nn.Module):
        return ("raises", f"Copying your network raises {copied.told}."), ""
    first = _first(model, probe(64, 784, seed=seed))
    found = _seen(model, first)
    if not found:
        # Another number of rows, in the form that suits the model.
        second = trace(model, probe(32, *first.images.shape[1:], seed=seed))
        found = _registered(model, first, second) or _fixed(_seen(model, second))
    found = found or _gradients(model, first.outcome.value)
    if not found and first.dropped:
        found = "dropout", f"Dropout is on, with a rate of {first.dropped[0]}."
    if not found and exercise == "network" and type(given) is nn.Sequential:
        found = "not-a-class", "What you gave is of type Sequential."
    return found, returned(model, first)


def _fixed(found: Found) -> Found:
    return found and ("fixed-batch", f"64 images give what they should. With 32: {found[1]}")


def _first(model: nn.Module, rows: Tensor) -> Trace:
    """Run the model on flat rows (N, 784), or on images where it takes nothing else."""
    flat = trace(model, rows)
    if flat.outcome.error is None or isinstance(flat.outcome.error, OutOfTime):
        return flat
    images = trace(model, rows.view(-1, 1, 28, 28))
    # A layer takes the rows of an image where it is made for 28 numbers.
    flattens = all(step.input.dim() == 2 for step in images.steps)
    return images if images.outcome.error is None and flattens else flat


def _seen(model: nn.Module, seen: Trace) -> Found:
    """Look at one run of the network."""
    value = seen.outcome.value
    if seen.outcome.error is not None:
        return _raised(model, seen, seen.outcome.error)
    if value is None:
        return "no-return", "Calling your network gives None."
    if isinstance(value, nn.Module):
        return "constructor", f"Calling your network gives a module, {type(value).__name__}."
    if not isinstance(value, Tensor):
        return "not-a-tensor", f"Calling your network gives a {type(value).__name__}."
    return diagnose(model, seen, value.detach())


def _raised(model: nn.Module, seen: Trace, error: BaseException) -> Found:
    got = re.search(r"must be Tensor, not (\w+)", str(error))
    module = (got and hasattr(nn, got[1])) or "Boolean value of Tensor" in str(error)
    for part in model.modules():
        if f"Module [{type(part).__name__}] is missing" in str(error):
            return "no-forward", _methods(type(part))
    for kind, holds in (
        ("endless", isinstance(error, OutOfTime)),
        ("open", isinstance(error, NotImplementedError)),
        ("forward-arguments", not takes(model.forward, seen.images)),
        ("constructor", module),
        ("raises", not seen.steps or seen.steps[-1].output.numel()),
    ):
        if holds:
            return kind, f"Calling your network gives {seen.outcome.told}."
    return _unmet(model, seen)


def _methods(kind: type) -> str:
    if kind.__module__.startswith("torch."):
        return f"{kind.__name__} holds modules, but cannot be called."
    methods = [name for name, value in vars(kind).items() if inspect.isfunction(value)]
    return f"The methods of your class are: {', '.join(methods) or 'none'}."


def _unmet(model: nn.Module, seen: Trace) -> Found:
    """Look at sizes that do not meet at the last step."""
    steps = seen.steps
    if same_layer := twice(steps):
        return same_layer
    sizes, got = [step.size for step in steps], steps[-1].input.shape
    if sizes == [*SIZES[: len(sizes)]]:
        evidence = f"Layer {len(sizes)} takes {sizes[-1][0]} numbers a row, and gets {tuple(got)}."
        return ("input" if len(sizes) == 1 else "other"), evidence
    evidence = f"{sizes[-1]} cannot follow {got[-1]}: layer {len(steps)} takes {sizes[-1][0]}."
    shapes = sorted(tuple(p.shape) for p in model.parameters() if p.dim() == 2)
    if shapes == sorted(SIZES):
        return "in-out", evidence
    if shapes == sorted((outputs, inputs) for inputs, outputs in SIZES):
        return "order", f"{evidence} Your layers ran as {', '.join(map(str, sizes))}."
    return "sizes-do-not-meet", evidence


def _registered(model: nn.Module, first: Trace, second: Trace) -> Found:
    """Look at whose the layers are."""
    count = sum(parameter.numel() for parameter in model.parameters())
    for place, (one, two) in enumerate(zip(first.steps, second.steps, strict=False), 1):
        # A weight computed from parameters is new each time, but no leaf.
        if one.weight.is_leaf and one.weight is not two.weight:
            begin, again = one.weight[0, 0].item(), two.weight[0, 0].item()
            changed = f"{begin:.4f} in one call, {again:.4f} in the next"
            return "made-in-forward", f"The first weight of layer {place} is {changed}."
    if count < PARAMETERS:
        return "unregistered", f"The network has {count:,} of {PARAMETERS:,} parameters."
    return None


def _gradients(model: nn.Module, value: object) -> Found:
    """Look whether training could reach every parameter."""
    learning = {name: p for name, p in model.named_parameters() if p.requires_grad}
    if not learning or not isinstance(value, Tensor):
        return None
    if not value.requires_grad:
        return "no-gradient", "The result's requires_grad is False."
    result = run(lambda: torch.autograd.grad(value.sum(), [*learning.values()], allow_unused=True))
    if not isinstance(result.value, tuple):
        return "no-gradient", f"Going back through your network raises {result.told}."
    lost = [name for name, g in zip(learning, result.value, strict=True) if g is None]
    reached = sum(p.numel() for name, p in model.named_parameters() if name not in lost)
    if lost:
        kind = "unused" if reached >= PARAMETERS else "no-gradient"
        return kind, f"No gradient reaches {', '.join(lost)}."
    return None
