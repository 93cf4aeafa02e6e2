"""The exercise of step 5: a layer as nn.Linear, from two parameters."""

import inspect
from typing import Any

import torch
import torch.nn.functional as F
from mnistlesson.check._calling import of_error, takes
from mnistlesson.check._compare import close, computes, probe, same, shape
from mnistlesson.check._conditions import ConditionsExercise
from mnistlesson.check._construct import misspelt
from mnistlesson.check._exercise import Found
from mnistlesson.check._functions import ACTIVATIONS
from mnistlesson.check._outcome import Outcome
from mnistlesson.check._run import run
from mnistlesson.check._words import say
from torch import Tensor, nn

_IN, _OUT = 5, 3
_ROWS = 7
_OTHERS = ((4, 4), (2, 6))
"""Other sizes to try; of a square weight the transpose has the same shape."""


def _find(answer: Any, seed: int) -> Found | None:  # noqa: ANN401 - anything may be given
    if isinstance(answer, nn.Module) or not callable(answer):
        return Found("not-a-function", say("You passed {type}.", type=type(answer).__name__))
    outcome = run(answer, _IN, _OUT)
    if outcome.error is not None:
        return _unmade(answer, outcome)
    layer = outcome.value
    if not isinstance(layer, nn.Module):
        name = type(layer).__name__.replace("NoneType", "None")
        template = "Linear(5, 3) makes an object of type {type}."
        return Found("not-a-module", say(template, type=name))
    if not hasattr(layer, "_parameters"):
        return Found("super", "Your layer has no place for parameters yet.")
    begin = [one.detach().clone() for name, one in layer.named_parameters() if name == "weight"]
    return (
        _by_modules(layer)
        or _by_names(layer, seed)
        or _by_shapes(layer)
        or _by_call(layer, _IN, _OUT, seed)
        or _by_others(answer, seed)
        or _by_begin(begin)
    )


def _unmade(answer: Any, outcome: Outcome) -> Found:  # noqa: ANN401 - anything may be given
    if found := misspelt(answer):
        return found
    line = (outcome.line.line if outcome.line else "") or ""
    evidence = say("Linear(5, 3) gives {error}.", error=outcome.message)
    if kind := of_error(outcome):
        return Found(kind, evidence)
    if "Module.__init__()" in outcome.text or "super" in line:
        return Found("super", evidence)
    if not takes(answer, _IN, _OUT):
        template = "Your class is made as {name}{signature}."
        name = getattr(answer, "__name__", "Linear")
        return Found("arguments", say(template, name=name, signature=inspect.signature(answer)))
    return Found("raises", evidence)


def _by_modules(layer: nn.Module) -> Found | None:
    if isinstance(layer, nn.Linear):
        return Found("nn-linear", "Your class inherits from nn.Linear.")
    for name, part in layer.named_modules():
        if isinstance(part, nn.Linear):
            return Found("nn-linear", say("The module {name} of your layer is one.", name=name))
    return None


def _by_names(layer: nn.Module, seed: int) -> Found | None:
    names = [name for name, _ in layer.named_parameters()]
    if sorted(names) == ["bias", "weight"]:
        return None
    found = ", ".join(names) or "none"
    evidence = say("The names of your layer's parameters: {names}.", names=found)
    if buffers := [name for name, _ in layer.named_buffers()]:
        return Found("buffer", say("The buffers of your layer: {names}.", names=", ".join(buffers)))
    for name, value in vars(layer).items():
        if isinstance(value, Tensor):
            template = "{name} is a Tensor, not a Parameter. {evidence}"
            kind = "tensor" if value.grad_fn is None else "computed"
            return Found(kind, say(template, name=name, evidence=evidence))
        if name in _OWN:
            continue
        parts = value.values() if isinstance(value, dict) else value
        if isinstance(value, list | tuple | dict) and any(isinstance(p, Tensor) for p in parts):
            template = "{name} is a {type}. {evidence}"
            kind = type(value).__name__
            return Found("list", say(template, name=name, type=kind, evidence=evidence))
    if len(names) > 1:
        return Found("names", evidence)
    return _by_one_or_none(layer, names, evidence, seed)


_OWN = {*vars(nn.Module())}
"""What every module keeps for itself."""


def _by_one_or_none(layer: nn.Module, names: list[str], evidence: str, seed: int) -> Found:
    """Look at a layer that has at most one parameter, by calling it twice."""
    x = probe(_ROWS, _IN, seed=seed)
    # In one run: each begins with the same random state.
    outcome = run(lambda: (layer(x), layer(x)))
    if not isinstance(outcome.value, tuple):
        return _raised(layer, outcome)
    one, two = outcome.value
    if one is None:
        return Found(
            "no-return" if computes(layer, x) else "empty", "Calling your layer gives None."
        )
    after = [name for name, _ in layer.named_parameters()]
    if after != names or not same(one, two):
        return Found("made-in-forward", evidence)
    if names == ["weight"]:
        return Found("no-bias", evidence)
    return Found("names" if names else "no-parameters", evidence)


def _by_shapes(layer: nn.Module) -> Found | None:
    weight, bias = layer.get_parameter("weight"), layer.get_parameter("bias")
    template = "The {name} of your Linear(5, 3) is {yours}, not {right}."
    if weight.shape != (_OUT, _IN):
        evidence = say(template, name="weight", yours=shape(weight), right=(_OUT, _IN))
        return Found("in-out" if weight.shape == (_IN, _OUT) else "sizes", evidence)
    if bias.shape != (_OUT,):
        evidence = say(template, name="bias", yours=shape(bias), right=(_OUT,))
        return Found("sizes" if bias.shape == (_IN,) else "bias-shape", evidence)
    for name, parameter in layer.named_parameters():
        if not parameter.requires_grad:
            return Found("frozen", say("The requires_grad of {name} is False.", name=name))
        if parameter.dtype != torch.get_default_dtype():
            return Found("dtype", say("{name} is {dtype}.", name=name, dtype=parameter.dtype))
    return None


def _by_call(layer: nn.Module, inputs: int, outputs: int, seed: int) -> Found | None:
    """Give a layer the numbers of an nn.Linear, and compare what the two do."""
    weight = probe(outputs, inputs, seed=seed + 1)
    bias = probe(outputs, seed=seed + 2)
    outcome = run(layer.load_state_dict, {"weight": weight, "bias": bias})
    if outcome.error is not None:
        template = "Loading the state_dict of an nn.Linear gives {error}."
        return Found("raises", say(template, error=outcome.message))
    before = dict(layer.named_parameters())
    for count in (_ROWS, 1, 64):
        x = probe(count, inputs, seed=seed + 3)
        given = x.clone()
        outcome = run(layer, given)
        if outcome.error is not None:
            raised = _raised(layer, outcome)
            return raised if count == _ROWS else Found("fixed-batch", raised.evidence)
        after = dict(layer.named_parameters())
        if after.keys() != before.keys() or any(after[n] is not before[n] for n in before):
            evidence = "After a call, your layer has other parameters than before it."
            return Found("made-in-forward", evidence)
        if not torch.equal(given, x):
            return Found("in-place", "The inputs are not what they were before the call.")
        if found := _by_result(x, outcome.value, weight, bias):
            return found if count == _ROWS else Found("fixed-batch", found.evidence)
    return _by_gradients(layer, outcome.value)


def _raised(layer: nn.Module, outcome: Outcome) -> Found:
    text, error = outcome.text, outcome.error
    evidence = say("Calling your layer gives {error}.", error=outcome.message)
    if kind := of_error(outcome):
        # nn.Module raises it for a module without a forward.
        return Found("no-forward" if "missing the required" in text else kind, evidence)
    unknown = isinstance(error, NameError) and any(f"'{x}'" in text for x in ("weight", "bias"))
    if unknown or f"'{type(layer).__name__}' object has no attribute" in text:
        return Found("local", evidence)
    shapes = any(words in text for words in ("cannot be multiplied", "must match", "expanded size"))
    return Found("not-transposed" if shapes else "raises", evidence)


def _by_result(x: Tensor, value: object, weight: Tensor, bias: Tensor) -> Found | None:
    if value is None:
        return Found("no-return", "Calling your layer gives None.")
    if not isinstance(value, Tensor):
        template = "Calling your layer gives an object of type {type}."
        return Found("not-a-tensor", say(template, type=type(value).__name__))
    result, right = value.detach(), F.linear(x, weight, bias)
    if result.shape != right.shape:
        template = "Inputs {given} give {yours}, not {right}."
        shapes = {"given": shape(x), "yours": shape(result), "right": shape(right)}
        return Found("shape", say(template, **shapes))
    if close(result, right):
        return None
    worst = int((result - right).abs().argmax())
    template = "Where nn.Linear gives {right:.4g}, your layer gives {yours:.4g}."
    evidence = say(template, yours=result.flatten()[worst], right=right.flatten()[worst])
    if close(result, F.linear(x, weight)):
        return Found("bias-unused", evidence)
    if any(close(result, function(right)) for function in ACTIVATIONS.values()):
        return Found("activation", evidence)
    return Found("other", evidence)


def _by_gradients(layer: nn.Module, value: object) -> Found | None:
    parameters = dict(layer.named_parameters())
    if not isinstance(value, Tensor) or not value.requires_grad:
        return Found("cut-off", "The requires_grad of your layer's result is False.")
    got = torch.autograd.grad(value.sum(), [*parameters.values()], allow_unused=True)
    lost = [name for name, gradient in zip(parameters, got, strict=True) if gradient is None]
    evidence = say("No gradient reaches {names}.", names=", ".join(lost))
    return Found("cut-off", evidence) if lost else None


def _by_others(answer: Any, seed: int) -> Found | None:  # noqa: ANN401 - anything may be given
    """Look at layers of other sizes."""
    for inputs, outputs in _OTHERS:
        outcome = run(answer, inputs, outputs)
        layer, found = outcome.value, None
        if isinstance(layer, nn.Module):
            found = _by_call(layer, inputs, outputs, seed)
        if found or not isinstance(layer, nn.Module):
            template = "Linear(5, 3) is right. Of Linear({inputs}, {outputs}): {evidence}"
            evidence = found.evidence if found else outcome.message
            given = say(template, inputs=inputs, outputs=outputs, evidence=evidence)
            return Found("sizes", given)
    return None


def _by_begin(weights: list[Tensor]) -> Found | None:
    """Look at the numbers with which a right layer begins."""
    for weight in weights:
        if (weight == weight[0, 0]).all():
            template = "The weights of Linear(5, 3) all begin at {number:.3g}."
            return Found("twins", say(template, number=weight[0, 0]))
    return None


EXERCISE = ConditionsExercise("linear", "Your layer does as nn.Linear does.", _find)
