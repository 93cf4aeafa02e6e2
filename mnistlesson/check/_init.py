"""The exercise of step 9: make a network, and initialise it. Random numbers have statistics."""

import re
from dataclasses import dataclass
from typing import cast

import torch
from mnistlesson.check._cached import cached
from mnistlesson.check._calling import of_error, uncallable
from mnistlesson.check._catalogue import mistakes, run_program
from mnistlesson.check._compare import computes, probe, shape
from mnistlesson.check._exercise import Found, verdict
from mnistlesson.check._outcome import Outcome
from mnistlesson.check._run import run
from mnistlesson.check._verdict import Level, Verdict
from mnistlesson.check._weights import SIZES, Layer, by_weights, layer_of, linear_layers, made
from mnistlesson.check._words import say
from torch import Tensor, nn


@dataclass(frozen=True)
class _Init:
    name: str = "init"

    def judge(self, answer: object, seed: int = 0) -> Verdict:
        """Call the learner's function and say what it makes."""
        found: Found | None
        if isinstance(answer, nn.Module):
            found = Found("not-a-function", say("You passed {type}.", type=type(answer).__name__))
        else:
            found = uncallable(answer)
        if not found:
            outcome = made(answer, seed)
            found = _by_outcome(answer, outcome) or _by_model(outcome.value)
        if found is None:
            says = "Your weights and biases are as they should be."
            return Verdict("init", Level.RIGHT, "right", says)
        return verdict("init", found)


def _by_outcome(answer: object, outcome: Outcome) -> Found | None:
    value = outcome.value
    if outcome.error is not None:
        return Found(_by_error(outcome), say("You get {error}.", error=outcome.message))
    name = value.__name__ if isinstance(value, type) else type(value).__name__
    got = say("It returned {type}.", type=name.replace("NoneType", "None"))
    if value is None or value is ...:
        return Found("no-return" if computes(answer) else "empty", got)
    if isinstance(value, type):
        return Found("class", got)
    return None if isinstance(value, nn.Module) else Found("not-a-module", got)


def _by_error(outcome: Outcome) -> str:
    if kind := of_error(outcome):
        return kind
    for mistake in mistakes("init"):
        if mistake.level is Level.ERROR and _said(outcome) in map(_error_of, mistake.programs):
            return mistake.kind
    return "raises"


@cached
def _error_of(program: str) -> str:
    return _said(made(run_program(program), 0))


def _said(outcome: Outcome) -> str:
    """Return an error's text, without the names of classes that stand at the beginning."""
    return re.sub(r"^'\w+'|'torch\.\w+'", "", f"{outcome.error}")


def _by_model(value: object) -> Found | None:
    # In `run`, since a tensor may refuse to be read: one on the device "meta" has no numbers.
    outcome = run(_diagnosis, value)
    if outcome.error is not None:
        template = "Your model's numbers cannot be read: {error}."
        return Found("other", say(template, error=outcome.message))
    return cast("Found | None", outcome.value)


def _diagnosis(model: nn.Module) -> Found | None:
    linear = {name: part for name, part in model.named_modules() if isinstance(part, nn.Linear)}
    layers = [] if linear else _by_shapes(model)
    if not layers:
        if found := _by_sizes(linear):
            return found
        layers = linear_layers(model)
    return by_weights(layers) or _by_biases(layers) or _by_training(model)


def _by_shapes(model: nn.Module) -> list[Layer]:
    """Return the layers of a model that has parameters only, known by their shapes."""
    parameters = [*model.named_parameters()]
    layers = []
    for inputs, outputs in SIZES:
        for name, weight in parameters:
            if weight.shape in {(inputs, outputs), (outputs, inputs)}:
                bias = [one for _, one in parameters if one.numel() == outputs]
                turned = weight if weight.shape == (outputs, inputs) else weight.T
                layers += [layer_of(name, turned, one) for one in bias]
    return layers if len(layers) == len(SIZES) and len(parameters) == 2 * len(SIZES) else []


def _by_sizes(linear: dict[str, nn.Linear]) -> Found | None:
    sizes = [(part.in_features, part.out_features) for part in linear.values()]
    if sorted(sizes) != sorted(SIZES):
        found = ", ".join(f"{before}-{after}" for before, after in sizes)
        template = "Your model has these Linear layers: {sizes}."
        if not sizes:
            template = "Your model has no Linear layer."
        return Found("sizes", say(template, sizes=found))
    for name, part in linear.items():
        if part.bias is None:
            return Found("no-bias", say("The bias of layer {name} is None.", name=name))
        size = (part.out_features, part.in_features)
        if part.weight.shape != size or part.bias.shape != size[:1]:
            template = (
                "Layer {name} has a weight {weight} and a bias {bias}, "
                "not a weight {size} and a bias {units}."
            )
            given = {"weight": shape(part.weight), "bias": shape(part.bias)}
            return Found("shape", say(template, name=name, size=size, units=size[:1], **given))
    return None


def _by_biases(layers: list[Layer]) -> Found | None:
    for layer in layers:
        if layer.bias.any():
            template = "The bias of {layer} runs from {low:.3g} to {high:.3g}."
            low, high = layer.bias.min(), layer.bias.max()
            return Found("bias", say(template, layer=layer, low=low, high=high))
    return None


def _by_training(model: nn.Module) -> Found | None:
    """Look whether the model can be called and trained."""
    parameters = dict(model.named_parameters())
    for name, parameter in parameters.items():
        if not parameter.requires_grad:
            return Found("frozen", say("The requires_grad of {name} is False.", name=name))
        if parameter.is_inference():
            return Found("frozen", say("{name} was made in inference mode.", name=name))
    dtypes = {parameter.dtype for parameter in parameters.values()}
    if len(dtypes) > 1:
        each = ", ".join(f"{name} {parameter.dtype}" for name, parameter in parameters.items())
        return Found("dtype", say("Your parameters: {each}.", each=each))
    flat = probe(2, 784, seed=0).to(next(iter(parameters.values())))
    outcome = run(_trained, model, flat)
    if outcome.error is not None:
        outcome = run(_trained, model, flat.view(2, 1, 28, 28))
    if outcome.error is None or isinstance(outcome.error, NotImplementedError):
        return None
    template = "Calling your model, and asking for gradients, gives {error}."
    return Found("call-raises", say(template, error=outcome.message))


def _trained(model: nn.Module, images: Tensor) -> None:
    result = model(images)
    torch.autograd.grad(result.sum(), [*model.parameters()], allow_unused=True)


EXERCISE = _Init()
