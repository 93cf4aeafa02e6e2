"""What there is to say of a network whose forward raises an error."""

import inspect
import re

from mnistlesson.check._calling import of_error, takes
from mnistlesson.check._exercise import Found
from mnistlesson.check._layers import lost_key, ran, twice
from mnistlesson.check._trace import SIZES, Trace
from mnistlesson.check._words import say
from torch import Tensor, nn

_NO_TENSOR = re.compile(r"must be Tensor, not (\w+)|unsupported operand [^']*'(\w+)'")
_MADE = re.compile(r"(\w+)\.__init__\(\) takes 1 positional argument but 2 were given")


def raised(model: nn.Module, seen: Trace) -> Found:
    """Look at a run that ended with an error."""
    text = seen.outcome.text
    for part in model.modules():
        if f"Module [{type(part).__name__}] is missing" in text:
            return Found("no-forward", _methods(type(part)))
    kind = of_error(seen.outcome)
    if not kind and not takes(model.forward, seen.images):
        kind = "forward-arguments"
    kind = kind or _of_module(model, seen)
    if not kind and seen.steps and not seen.steps[-1].output.numel():
        return _unmet(model, seen)
    evidence = say("Calling your network gives {error}.", error=seen.outcome.message)
    return Found(kind or "raises", evidence)


def _of_module(model: nn.Module, seen: Trace) -> str | None:
    """Name the mistake where a module stands in the place of a tensor."""
    text, parts = seen.outcome.text, [*model.modules()]
    name = _module_in(text)
    if seen.given:
        return "not-called" if any(seen.given[-1] is part for part in parts) else "constructor"
    if name:
        return "not-called" if name in {type(part).__name__ for part in parts} else "constructor"
    made = _MADE.search(text)
    if made and isinstance(getattr(nn, made[1], None), type):
        return "constructor"
    if "Boolean value of Tensor" in text or "dim must be an int" in text:
        return "constructor"
    return None


def _module_in(text: str) -> str:
    """Return the class of torch.nn that an error names as what it should not have got."""
    if got := _NO_TENSOR.search(text):
        name = got[1] or got[2]
    elif (got := re.search(r"'(\w+)' object has no attribute '(\w+)'", text)) and hasattr(
        Tensor, got[2]
    ):
        name = got[1]
    else:
        return ""
    return name if isinstance(getattr(nn, name, None), type) else ""


def _methods(kind: type) -> str:
    if kind.__module__.startswith("torch."):
        return say("{type} holds modules, but cannot be called.", type=kind.__name__)
    methods = [name for name, value in vars(kind).items() if inspect.isfunction(value)]
    if not methods:
        return "Your class has no methods."
    return say("The methods of your class are: {methods}.", methods=", ".join(methods))


def _unmet(model: nn.Module, seen: Trace) -> Found:
    """Look at sizes that do not meet at the last step."""
    steps = seen.steps
    if same_layer := twice(steps):
        return same_layer
    if lost := lost_key(model):
        return lost
    sizes, got = [step.size for step in steps], tuple(steps[-1].input.shape)
    places = {
        "place": len(sizes),
        "takes": sizes[-1][0],
        "got": got,
        "last": got[-1],
        "size": sizes[-1],
        "ran": ran(steps),
    }
    if sizes == [*SIZES[: len(sizes)]]:
        template = "Layer {place} takes {takes} numbers a row, and gets {got}."
        return Found("input" if len(sizes) == 1 else "between-shape", say(template, **places))
    template = "{size} cannot follow {last}: layer {place} takes {takes}."
    shapes = sorted(tuple(p.shape) for p in model.parameters() if p.dim() == 2)
    if shapes == sorted(SIZES):
        return Found("in-out", say(template, **places))
    if shapes == sorted((outputs, inputs) for inputs, outputs in SIZES):
        template = (
            "{size} cannot follow {last}: layer {place} takes {takes}. Your layers ran as {ran}."
        )
        return Found("order", say(template, **places))
    return Found("sizes-do-not-meet", say(template, **places))
