"""The exercise of step 9: make a network, and initialise it.

What is random is judged by its statistics. With ``X = 30``, each test of a right answer fails with
a probability of at most ``2 * exp(-30)``, and all nine of them together with less than 2e-12:

- The mean of n numbers is normal: it lies beyond ``sqrt(2 X / n)`` standard deviations with a
  probability of at most ``2 * exp(-X)``.
- The sum of their squares has a chi-square distribution. It lies below ``n - 2 sqrt(n X)`` or above
  ``n + 2 sqrt(n X) + 2 X`` with a probability of at most ``exp(-X)`` each (Laurent and Massart
  2000, lemma 1).
- That none of 640 lies beyond 1.9 standard deviations has the probability 0.943 ** 640 < exp(-37).
"""

import functools
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import torch
from mnistlesson.check._catalogue import mistakes, named, run_program
from mnistlesson.check._compare import shape
from mnistlesson.check._exercise import Found, verdict
from mnistlesson.check._run import Outcome, OutOfTime, run, undisturbed
from mnistlesson.check._verdict import Level, Verdict
from torch import Tensor, nn

SIZES = [(784, 128), (128, 64), (64, 10)]
STD = 0.01
X = 30.0


@dataclass(frozen=True)
class Layer:
    """A Linear layer, and what is known of its numbers."""

    name: str
    weight: Tensor
    bias: Tensor
    trains: bool

    @functools.cached_property
    def mean(self) -> float:
        """The mean of the weights."""
        return self.weight.mean().item()

    @functools.cached_property
    def std(self) -> float:
        """Their standard deviation."""
        return self.weight.std().item()

    @functools.cached_property
    def most(self) -> float:
        """How far the farthest of them lies from the mean."""
        return (self.weight - self.mean).abs().max().item()

    def __str__(self) -> str:
        """Name the layer, with its sizes."""
        return f"layer {self.name} ({self.weight.shape[1]}-{self.weight.shape[0]})"


def _good(layer: Layer) -> bool:
    """Tell whether weights may come from a normal distribution with mean 0 and the right std."""
    n, squares = layer.weight.numel(), (layer.weight / STD).square().sum().item()
    return (
        abs(layer.mean) <= STD * math.sqrt(2 * X / n)
        and -2 * math.sqrt(n * X) <= squares - n <= 2 * math.sqrt(n * X) + 2 * X
        and layer.weight.abs().max().item() > 1.9 * STD
        and not _equal_units(layer)
    )


def _equal_units(layer: Layer) -> bool:
    return bool((layer.weight == layer.weight[0]).all())


def _default(layer: Layer) -> bool:
    """Tell whether weights are as nn.Linear draws them: uniform up to 1 / sqrt(fan_in)."""
    bound = 1 / math.sqrt(layer.weight.shape[1])
    return 0.9 < layer.weight.abs().max().item() / bound < 1.01 and _uniform(layer)


def _uniform(layer: Layer) -> bool:
    # Uniform numbers end at sqrt(3) standard deviations, which the sample gives to a few percent.
    return 0 < layer.most < 1.9 * layer.std


def _off_centre(layer: Layer) -> bool:
    return abs(layer.mean) > layer.std * math.sqrt(2 * X / layer.weight.numel())


def _made(make_model: Callable[[], object], seed: int) -> Outcome:
    with undisturbed():
        torch.manual_seed(seed)
        return run(make_model)


def _by_outcome(outcome: Outcome) -> Found | None:
    value, error = outcome.value, outcome.error
    if error is not None:
        return Found(_by_error(error), f"You get {outcome.message}.")
    got = f"It returned {value.__name__ if isinstance(value, type) else type(value).__name__}."
    if value is None:
        return Found("no-return", got)
    if isinstance(value, type):
        return Found("class", got)
    return None if isinstance(value, nn.Module) else Found("not-a-module", got)


def _by_error(error: BaseException) -> str:
    if isinstance(error, NotImplementedError):
        return "open"
    if isinstance(error, OutOfTime):
        return "endless"
    for mistake in mistakes("init"):
        if mistake.level is Level.ERROR and _said(error) in map(_error_of, mistake.programs):
            return mistake.kind
    return "raises"


@functools.cache
def _error_of(program: str) -> str:
    return _said(_made(run_program(program), 0).error)


def _said(error: BaseException | None) -> str:
    """Return an error's text, without the names of classes that stand at the beginning."""
    return re.sub(r"^'\w+'|'torch\.\w+'", "", f"{error}")


def _by_model(value: object) -> Found | None:
    # In `run`, since a tensor may refuse to be read: one on the device "meta" has no numbers.
    outcome = run(_diagnosis, value)
    if outcome.error is not None:
        return Found("other", f"Your model's numbers cannot be read: {outcome.message}.")
    return cast("Found | None", outcome.value)


def _diagnosis(model: nn.Module) -> Found | None:
    linear = {name: part for name, part in model.named_modules() if isinstance(part, nn.Linear)}
    sizes = [(part.in_features, part.out_features) for part in linear.values()]
    if sorted(sizes) != sorted(SIZES):
        found = ", ".join(f"{before}-{after}" for before, after in sizes) or "none"
        return Found("sizes", f"Your model has these Linear layers: {found}.")
    for name, part in linear.items():
        if part.bias is None:
            return Found("no-bias", f"The bias of layer {name} is None.")
        size = (part.out_features, part.in_features)
        if part.weight.shape != size or part.bias.shape != size[:1]:
            got = f"a weight {shape(part.weight)} and a bias {shape(part.bias)}"
            return Found("shape", f"Layer {name} has {got}, not {size} and {size[:1]}.")
    layers = _layers(model)
    return _by_weights(layers) or _by_rest(layers)


def _layers(model: nn.Module) -> list[Layer]:
    """Return the Linear layers of a model, the one with the most inputs first."""
    layers = []
    for name, part in model.named_modules():
        if isinstance(part, nn.Linear):
            trains = part.weight.requires_grad and part.bias.requires_grad
            weight, bias = (numbers.detach().cpu().double() for numbers in (part.weight, part.bias))
            layers.append(Layer(name, weight, bias, trains))
    return sorted(layers, key=lambda layer: -layer.weight.shape[1])


def _by_weights(layers: list[Layer]) -> Found | None:
    wrong = [layer for layer in layers if not _good(layer)]
    if not wrong:
        return None
    first = wrong[0]
    kind = _of_weights(layers, wrong)
    return Found(kind, _evidence(kind, first, layers))


def _of_weights(layers: list[Layer], wrong: list[Layer]) -> str:
    first = wrong[0]
    if all(map(_default, layers)):
        return "default"
    if len(wrong) < len(layers) and all(map(_default, wrong)):
        return "some-layers"
    if not first.weight.any():
        return "zeros"
    if _equal_units(first):
        return "constant"
    if abs(first.std - 1) < 0.1 and abs(first.mean) < 0.1:
        return "std-one"
    if _scheme(layers):
        return "scheme"
    if _uniform(first):
        return "uniform"
    return "mean" if _off_centre(first) else "std"


def _evidence(kind: str, first: Layer, layers: list[Layer]) -> str:
    weight = first.weight
    span = f"from {weight.min():.3g} to {weight.max():.3g}"
    if kind in {"default", "some-layers"}:
        fan_in = weight.shape[1]
        bound = f"1 / sqrt({fan_in}) is {1 / math.sqrt(fan_in):.3g}"
        return f"The weights of {first} run {span}, and {bound}."
    if kind == "constant":
        return f"The {len(weight)} rows of weights of {first} are equal, and run {span}."
    if kind == "scheme":
        stds = ", ".join(f"{one.std:.3f}" for one in layers)
        return f"The standard deviations of the weights, layer by layer: {stds}."
    numbers = f"mean {first.mean:.2g}, standard deviation {first.std:.3g}"
    return f"The weights of {first}: {numbers}, {span}."


def _scheme(layers: list[Layer]) -> bool:
    """Tell whether the scales are those of a program that computes them from the sizes."""
    return any(
        all(
            abs(one.std / other.std - 1) < 8 / math.sqrt(2 * one.weight.numel())
            for one, other in zip(layers, _layers_of(program), strict=True)
        )
        for program in named("init", "scheme").programs
    )


@functools.cache
def _layers_of(program: str) -> list[Layer]:
    return _layers(cast("nn.Module", _made(run_program(program), 0).value))


def _by_rest(layers: list[Layer]) -> Found | None:
    for layer in layers:
        if layer.bias.any():
            span = f"from {layer.bias.min():.3g} to {layer.bias.max():.3g}"
            return Found("bias", f"The bias of {layer} runs {span}.")
    for layer in layers:
        if not layer.trains:
            return Found("frozen", f"In {layer}, requires_grad is False.")
    return None


@dataclass(frozen=True)
class _Init:
    name: str = "init"
    answer: str = "init"

    def inputs(self, seed: int) -> list[Tensor]:
        del seed  # the function makes a model of nothing
        return []

    def judge(self, answer: Callable[[], object], seed: int = 0) -> Verdict:
        """Call the learner's function and say what it makes."""
        found: Found | None
        if isinstance(answer, nn.Module) or not callable(answer):
            found = Found("not-a-function", f"You passed {type(answer).__name__}.")
        else:
            outcome = _made(answer, seed)
            found = _by_outcome(outcome) or _by_model(outcome.value)
        if found is None:
            says = "Your weights and biases are as they should be."
            return Verdict("init", Level.RIGHT, "right", says)
        return verdict("init", found)


EXERCISE = _Init()
