"""The exercise of step 6: ReLU and dropout as functions."""

import copy
import inspect
import re
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from mnistlesson.check._calling import of_error, takes, uncallable
from mnistlesson.check._compare import close, computes, probe, shape
from mnistlesson.check._conditions import ConditionsExercise
from mnistlesson.check._construct import misspelt, unmade
from mnistlesson.check._dropout import by_dropout, listed, numbers, read
from mnistlesson.check._exercise import Found
from mnistlesson.check._functions import ACTIVATIONS
from mnistlesson.check._outcome import Outcome
from mnistlesson.check._run import run
from mnistlesson.check._words import say
from torch import Tensor, nn
from torch.nn.modules.dropout import _DropoutNd
from torch.nn.modules.module import register_module_forward_pre_hook

_SHAPES = {name: tuple(one.shape) for name, one in numbers().items()}
_KNOWN = ("torch.nn.modules.activation", "torch.nn.modules.dropout")
"""Where the modules are defined in whose place functions belong."""
_MODULE = re.compile(r"must be Tensor, not (ReLU|\w*Dropout)|'(ReLU|\w*Dropout)' (object|and)")


def _find(answer: Any, seed: int) -> Found | None:  # noqa: ANN401 - anything may be given
    # A copy: the check changes the weights and the mode.
    make = (lambda: copy.deepcopy(answer)) if isinstance(answer, nn.Module) else answer
    if not callable(make):
        return Found("not-a-module", say("You passed {type}.", type=type(answer).__name__))
    outcome = run(make)
    if outcome.error is not None:
        return _unmade(answer, outcome)
    model = outcome.value
    if not isinstance(model, nn.Module):
        name = type(model).__name__.replace("NoneType", "None")
        return Found("not-a-module", say("It makes an object of type {type}.", type=name))
    if not hasattr(model, "_parameters"):
        return Found("super", "Your network has no place for layers yet.")
    return (
        _by_names(model)
        or _by_modules(model)
        or _by_first_call(model, seed)
        or _by_scores(model, seed)
        or by_dropout(model, seed)
        or _by_gradients(model, seed)
    )


def _unmade(answer: Any, outcome: Outcome) -> Found:  # noqa: ANN401 - anything may be given
    kinds = {"super", "super-call", "arguments", "raises", "open", "endless"}
    if inspect.isfunction(answer) and not takes(answer):
        template = "You passed the function {name}{signature}."
        given = say(template, name=answer.__name__, signature=inspect.signature(answer))
        return Found("not-a-module", given)
    found = misspelt(answer) or unmade(answer, outcome)
    if found.kind == "super-call":
        return Found("super", found.evidence)
    if found.kind == "arguments":
        return uncallable(answer) or found
    return found if found.kind in kinds else Found("raises", found.evidence)


def _by_names(model: nn.Module) -> Found | None:
    shapes = {name: tuple(one.shape) for name, one in model.named_parameters()}
    evidence = say("The parameters of your network: {names}.", names=", ".join(shapes) or "none")
    if not shapes:
        if found := misspelt(type(model)):
            return found
        own = {*vars(nn.Module())}
        kept = [value for name, value in vars(model).items() if name not in own]
        holds = any(isinstance(value, Tensor | list | tuple | dict) for value in kept)
        return Found("unregistered" if holds else "made-in-forward", evidence)
    if shapes.keys() != _SHAPES.keys():
        missing_bias = not any("bias" in name for name in _SHAPES.keys() - shapes.keys())
        return Found("names" if missing_bias or len(shapes) > 3 else "sizes", evidence)
    for name, size in shapes.items():
        if size != _SHAPES[name]:
            template = "{name} is {yours}, not {right}."
            return Found("sizes", say(template, name=name, yours=size, right=_SHAPES[name]))
    return None


def _by_modules(model: nn.Module) -> Found | None:
    for name, part in model.named_modules():
        if type(part).__module__ in _KNOWN:
            template = "The module {name} of your network is a {type}."
            return Found("modules", say(template, name=name, type=type(part).__name__))
    return None


def _by_first_call(model: nn.Module, seed: int) -> Found | None:
    """Look at which modules a call runs, and whether it comes to an end with scores."""
    ran: list[nn.Module] = []
    hook = register_module_forward_pre_hook(lambda module, _arguments: ran.append(module))
    x = probe(7, 784, seed=seed)
    outcome = run(model.train(), x)
    hook.remove()
    known = {id(part) for part in model.modules()}
    if found := _by_strangers([part for part in ran if id(part) not in known]):
        return found
    if outcome.error is not None:
        return Found(_by_error(outcome), say("Calling it gives {error}.", error=outcome.message))
    value = outcome.value
    if value is None:
        return Found("no-return" if computes(model, x) else "empty", "Calling it gives None.")
    if not isinstance(value, Tensor):
        template = "Calling it gives an object of type {type}."
        return Found("not-a-tensor", say(template, type=type(value).__name__))
    if value.shape != (7, 10):
        return Found("shape", say("Seven inputs give {yours}, not (7, 10).", yours=shape(value)))
    return None


def _by_strangers(parts: list[nn.Module]) -> Found | None:
    """Look at modules that were called and are not in the network."""
    strangers = {_stranger(part): part for part in reversed(parts)}
    for kind in ("made-in-forward", "dropout-in-forward", "modules"):
        if kind in strangers:
            template = "A {type} was called that is not in your network."
            return Found(kind, say(template, type=type(strangers[kind]).__name__))
    return None


def _stranger(part: nn.Module) -> str | None:
    """Name the mistake that a module is which is not in the network; None where it is none."""
    if isinstance(part, nn.Linear):
        return "made-in-forward"
    if isinstance(part, _DropoutNd):
        return "dropout-in-forward"
    return "modules" if type(part).__module__ in _KNOWN else None


def _by_error(outcome: Outcome) -> str:
    text = outcome.text
    if "missing the required" in text:
        return "no-forward"
    if re.search(r"must be bool, not (method|builtin|function)", text):
        return "train-method"
    line = (outcome.line.line if outcome.line else "") or ""
    if _MODULE.search(text) or ("Boolean value of Tensor" in text and "nn." in line):
        return "constructor"
    return of_error(outcome) or "raises"


def _by_scores(model: nn.Module, seed: int) -> Found | None:
    """Give the network random weights, and compare its scores in evaluation mode."""
    model.eval()
    model.load_state_dict(numbers())
    reading = read(model, seed)
    if len(reading.values) > 1:
        model.train()
        drops = len(read(model, seed + 1).values) > 1
        template = "After eval(), a score that is 3 without dropout becomes {values}."
        evidence = say(template, values=listed(reading))
        return Found("always" if drops else "reversed", evidence)
    weights = {
        name: probe(*size, seed=seed + place, scale=0.1)
        for place, (name, size) in enumerate(_SHAPES.items(), 1)
    }
    model.load_state_dict(weights)
    for count in (8, 1):
        x = probe(count, 784, seed=seed)
        outcome = run(model, x)
        if not isinstance(outcome.value, Tensor):
            template = "For {count} inputs, calling it gives {error}."
            evidence = say(template, count=count, error=outcome.message or outcome.value)
            return Found("fixed-batch", evidence)
        found = _compared(outcome.value.detach(), x, list(weights.values()))
        if found:
            return Found("fixed-batch", found.evidence) if count == 1 else found
    return None


def _compared(yours: Tensor, x: Tensor, weights: list[Tensor]) -> Found | None:
    w1, b1, w2, b2 = weights
    before = F.linear(x, w1, b1)

    def scores(between: Callable[[Tensor], Tensor]) -> Tensor:
        return F.linear(between(before), w2, b2)

    right = scores(torch.relu)
    if yours.shape == right.shape and close(yours, right, scale=10):
        return None
    template = (
        "In evaluation mode, scores begin with {yours}, and those of the given class with {right}."
    )
    evidence = say(template, yours=_first(yours), right=_first(right))
    linear = scores(lambda hidden: hidden)
    after = [torch.softmax, torch.log_softmax]
    lookalikes = [
        ("no-relu", [linear]),
        ("relu-output", [right.relu()]),
        ("relu-place", [linear.relu()]),
        ("activation", [scores(function) for function in ACTIVATIONS.values()]),
        ("output-softmax", [function(right, 1) for function in after] + [right.sigmoid()]),
    ]
    for kind, results in lookalikes:
        if any(close(yours, result, scale=10) for result in results):
            return Found(kind, evidence)
    return Found("other", evidence)


def _first(scores: Tensor) -> str:
    return ", ".join(f"{number:.3g}" for number in scores.flatten()[:3].tolist())


def _by_gradients(model: nn.Module, seed: int) -> Found | None:
    """Look whether training could reach every parameter."""
    parameters = dict(model.named_parameters())
    outcome = run(lambda: _gradients(model, probe(8, 784, seed=seed)))
    if not isinstance(outcome.value, tuple):
        template = "Going back through your network gives {error}."
        kind = "raises" if "inplace" in outcome.text else "cut-off"
        return Found(kind, say(template, error=outcome.message))
    got = zip(parameters, outcome.value, strict=True)
    lost = [name for name, gradient in got if gradient is None]
    evidence = say("No gradient reaches {names}.", names=", ".join(lost))
    return Found("cut-off", evidence) if lost else None


def _gradients(model: nn.Module, x: Tensor) -> tuple[Tensor | None, ...]:
    scores: Tensor = model(x)
    return torch.autograd.grad(scores.sum(), [*model.parameters()], allow_unused=True)


EXERCISE = ConditionsExercise(
    "functional", "Your network does what the given class does, in both modes.", _find
)
