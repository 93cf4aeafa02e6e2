"""The exercises of steps 7 and 8: the 784-128-64-10 network, as a class and as a sequence.

A copy of the network is run, and each linear layer's input is compared with what ReLU makes of the
output before it; the result, with what softmax makes of the last output.
"""

import inspect
import re
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from mnistlesson.check._catalogue import named
from mnistlesson.check._compare import probe
from mnistlesson.check._construct import takes, unmade, unsuitable, with_random_weights
from mnistlesson.check._exercise import Found, verdict
from mnistlesson.check._layers import PARAMETERS, diagnose, returned, twice
from mnistlesson.check._run import Outcome, OutOfTime, run
from mnistlesson.check._trace import SIZES, Trace, trace
from mnistlesson.check._verdict import Level, Verdict
from torch import Tensor, nn


def _tried(exercise: str, given: object, inputs: Sequence[Tensor]) -> tuple[Found | None, str]:
    """Run a copy of the network: return what is wrong with it, and what it returns."""
    copied = run(with_random_weights, given)
    model = copied.value
    if not isinstance(model, nn.Module):
        return Found("raises", f"Copying your network raises {copied.message}."), ""
    first = _first(model, inputs[0])
    found = _seen(model, first)
    if not found:
        # Another number of rows, in the form that suits the model.
        second = trace(model, inputs[1].view(-1, *first.images.shape[1:]))
        found = _registered(model, first, second) or _fixed(_seen(model, second))
    found = found or _gradients(model, first.outcome.value)
    if not found and first.dropped:
        found = Found("dropout", f"Dropout is on, with a rate of {first.dropped[0]}.")
    if not found and exercise == "network" and type(given) is nn.Sequential:
        found = Found("not-a-class", "What you gave is of type Sequential.")
    return found, returned(model, first)


def _fixed(found: Found | None) -> Found | None:
    text = "64 images give what they should. With 32: {}"
    return Found("fixed-batch", text.format(found.evidence)) if found else None


def _first(model: nn.Module, rows: Tensor) -> Trace:
    """Run the model on flat rows (N, 784), or on images where it takes nothing else."""
    flat = trace(model, rows)
    if flat.outcome.error is None or isinstance(flat.outcome.error, OutOfTime):
        return flat
    images = trace(model, rows.view(-1, 1, 28, 28))
    # A layer takes the rows of an image where it is made for 28 numbers.
    flattens = all(step.input.dim() == 2 for step in images.steps)
    return images if images.outcome.error is None and flattens else flat


def _seen(model: nn.Module, seen: Trace) -> Found | None:
    """Look at one run of the network."""
    value = seen.outcome.value
    if seen.outcome.error is not None:
        return _raised(model, seen, seen.outcome.error)
    if value is None:
        return Found("no-return", "Calling your network gives None.")
    if isinstance(value, nn.Module):
        return Found("constructor", f"Calling your network gives a module, {type(value).__name__}.")
    if not isinstance(value, Tensor):
        return Found("not-a-tensor", f"Calling your network gives a {type(value).__name__}.")
    return diagnose(model, seen, value.detach())


def _raised(model: nn.Module, seen: Trace, error: BaseException) -> Found | None:
    got = re.search(r"must be Tensor, not (\w+)", str(error))
    module = (got and hasattr(nn, got[1])) or "Boolean value of Tensor" in str(error)
    for part in model.modules():
        if f"Module [{type(part).__name__}] is missing" in str(error):
            return Found("no-forward", _methods(type(part)))
    kind = ""
    if isinstance(error, OutOfTime):
        kind = "endless"
    elif isinstance(error, NotImplementedError):
        kind = "open"
    elif not takes(model.forward, seen.images):
        kind = "forward-arguments"
    elif module:
        kind = "constructor"
    elif not seen.steps or seen.steps[-1].output.numel():
        kind = "raises"
    if kind:
        return Found(kind, f"Calling your network gives {seen.outcome.message}.")
    return _unmet(model, seen)


def _methods(kind: type) -> str:
    if kind.__module__.startswith("torch."):
        return f"{kind.__name__} holds modules, but cannot be called."
    methods = [name for name, value in vars(kind).items() if inspect.isfunction(value)]
    return f"The methods of your class are: {', '.join(methods) or 'none'}."


def _unmet(model: nn.Module, seen: Trace) -> Found | None:
    """Look at sizes that do not meet at the last step."""
    steps = seen.steps
    if same_layer := twice(steps):
        return same_layer
    sizes, got = [step.size for step in steps], steps[-1].input.shape
    if sizes == [*SIZES[: len(sizes)]]:
        evidence = f"Layer {len(sizes)} takes {sizes[-1][0]} numbers a row, and gets {tuple(got)}."
        return Found("input" if len(sizes) == 1 else "other", evidence)
    evidence = f"{sizes[-1]} cannot follow {got[-1]}: layer {len(steps)} takes {sizes[-1][0]}."
    shapes = sorted(tuple(p.shape) for p in model.parameters() if p.dim() == 2)
    if shapes == sorted(SIZES):
        return Found("in-out", evidence)
    if shapes == sorted((outputs, inputs) for inputs, outputs in SIZES):
        ran = ", ".join(map(str, sizes))
        return Found("order", f"{evidence} Your layers ran as {ran}.")
    return Found("sizes-do-not-meet", evidence)


def _registered(model: nn.Module, first: Trace, second: Trace) -> Found | None:
    """Look at whose the layers are."""
    count = sum(parameter.numel() for parameter in model.parameters())
    for place, (one, two) in enumerate(zip(first.steps, second.steps, strict=False), 1):
        # A weight computed from parameters is new each time, but no leaf.
        if one.weight.is_leaf and one.weight is not two.weight:
            begin, again = one.weight[0, 0].item(), two.weight[0, 0].item()
            changed = f"{begin:.4f} in one call, {again:.4f} in the next"
            return Found("made-in-forward", f"The first weight of layer {place} is {changed}.")
    if count < PARAMETERS:
        return Found("unregistered", f"The network has {count:,} of {PARAMETERS:,} parameters.")
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
        return Found("no-gradient", f"Going back through your network raises {result.message}.")
    lost = [name for name, g in zip(learning, result.value, strict=True) if g is None]
    reached = sum(p.numel() for name, p in model.named_parameters() if name not in lost)
    if lost:
        kind = "unused" if reached >= PARAMETERS else "no-gradient"
        return Found(kind, f"No gradient reaches {', '.join(lost)}.")
    return None


@dataclass(frozen=True)
class _Networks:
    name: str
    answer: str

    def inputs(self, seed: int) -> list[Tensor]:
        """Return flat images; a network that takes nothing else gets them as images."""
        # Another number of rows shows what depends on it.
        return [probe(count, 784, seed=seed) for count in (64, 32)]

    def judge(self, answer: object, seed: int = 0) -> Verdict:
        """Judge a module, its class, or a function that makes it."""
        outcome = Outcome(getattr(answer, "_orig_mod", answer))  # what torch.compile has wrapped
        if callable(answer) and not isinstance(answer, nn.Module):
            outcome = run(answer)
        found: Found | None
        if outcome.error is not None:
            found = unmade(answer, outcome.message, outcome.error)
        else:
            found = unsuitable(self.name, answer, outcome.value)
        returns = ""
        if not found:
            try:
                found, returns = _tried(self.name, outcome.value, self.inputs(seed))
            except Exception as error:  # noqa: BLE001 - of a model that refuses to be looked at
                text = f"Looking at your network raises {Outcome(error=error).message}."
                found = Found("raises", text)
        if not found:
            says = f"Your network is 784-128-64-10 with ReLU, and returns {returns}."
            return Verdict(self.name, Level.RIGHT, "right", says)
        return self._verdict(found, returns)

    def _verdict(self, found: Found, returns: str) -> Verdict:
        try:
            mistake = named(self.name, found.kind)
        except KeyError:
            # A sequence of one's own classes can go wrong as a class can.
            mistake = named("network", found.kind)
        if mistake.level is Level.NOTE:
            found = found._replace(evidence=f"{found.evidence} Your network returns {returns}.")
        return verdict(self.name, found, mistake)


NETWORK = _Networks("network", "Network")
SEQUENTIAL = _Networks("sequential", "sequential")
