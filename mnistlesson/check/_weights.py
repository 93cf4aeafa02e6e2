"""Where random weights come from: what their statistics say.

With ``X = 30``, each test of a right answer fails with a probability of at most ``2 * exp(-30)``,
and all of them together with less than 1e-11:

- The mean of n numbers is normal: it lies beyond ``sqrt(2 X / n)`` standard deviations with a
  probability of at most ``2 * exp(-X)``.
- The sum of their squares has a chi-square distribution. It lies below ``n - 2 sqrt(n X)`` or above
  ``n + 2 sqrt(n X) + 2 X`` with a probability of at most ``exp(-X)`` each (Laurent and Massart
  2000, lemma 1).
- That none of 640 lies beyond 1.9 standard deviations has the probability 0.943 ** 640 < exp(-37).
- The mean of their fourth powers, in standard deviations, is 3 up to ``sqrt(24 / n)``. Of the layer
  with 100,352 weights, 3.5 is 32 times as far.
"""

import functools
import math
from dataclasses import dataclass
from typing import cast

import torch
from mnistlesson.check._cached import cached
from mnistlesson.check._catalogue import named, run_program
from mnistlesson.check._exercise import Found
from mnistlesson.check._outcome import Outcome
from mnistlesson.check._run import run, undisturbed
from mnistlesson.check._words import say
from torch import Tensor, nn

SIZES = [(784, 128), (128, 64), (64, 10)]
STD = 0.01
X = 30.0


@dataclass(frozen=True)
class Layer:
    """A linear layer, and what is known of its numbers."""

    name: str
    weight: Tensor
    bias: Tensor

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


def made(make_model: object, seed: int) -> Outcome:
    """Call a function that makes a model, with a seed."""
    with undisturbed():
        # The CPU's generator alone: torch.manual_seed seeds every device.
        torch.default_generator.manual_seed(seed)
        return run(make_model)  # type: ignore[arg-type] # whatever it is


def by_weights(layers: list[Layer]) -> Found | None:
    """Look at the weights of all layers, the one with the most inputs first."""
    wrong = [layer for layer in layers if not good(layer)]
    if not wrong:
        return None
    kind = _kind(layers, wrong)
    return Found(kind, _evidence(kind, wrong[0], layers))


def good(layer: Layer) -> bool:
    """Tell whether weights may come from a normal distribution with mean 0 and the right std."""
    n, squares = layer.weight.numel(), (layer.weight / STD).square().sum().item()
    return (
        abs(layer.mean) <= STD * math.sqrt(2 * X / n)
        and -2 * math.sqrt(n * X) <= squares - n <= 2 * math.sqrt(n * X) + 2 * X
        and layer.weight.abs().max().item() > 1.9 * STD
        and not _equal_units(layer)
        and not _heavy_tails(layer)
    )


def _kind(layers: list[Layer], wrong: list[Layer]) -> str:
    first = wrong[0]
    if all(map(_default, layers)):
        return "default"
    if len(wrong) < len(layers) and all(map(_default, wrong)):
        return "some-layers"
    if not first.weight.any():
        return "zeros"
    if all(map(_constant, layers)):
        return "all-constant"
    if _equal_units(first):
        return "constant"
    if abs(first.std - 1) < 0.1 and abs(first.mean) < 0.1:
        return "std-one"
    if _scheme(layers):
        return "scheme"
    if _uniform(first):
        return "uniform"
    if _off_centre(first):
        return "mean"
    return "distribution" if abs(first.std / STD - 1) < 0.1 and _heavy_tails(first) else "std"


def _equal_units(layer: Layer) -> bool:
    return bool((layer.weight == layer.weight[0]).all())


def _constant(layer: Layer) -> bool:
    """Tell whether the units are equal in all that they begin with, and in what they lead to."""
    return all(bool(numbers.min() == numbers.max()) for numbers in (layer.weight, layer.bias))


def _default(layer: Layer) -> bool:
    """Tell whether weights are as nn.Linear draws them: uniform up to 1 / sqrt(fan_in)."""
    bound = 1 / math.sqrt(layer.weight.shape[1])
    return 0.9 < layer.weight.abs().max().item() / bound < 1.01 and _uniform(layer)


def _uniform(layer: Layer) -> bool:
    # Uniform numbers end at sqrt(3) standard deviations, which the sample gives to a few percent.
    return 0 < layer.most < 1.9 * layer.std


def _heavy_tails(layer: Layer) -> bool:
    if layer.weight.numel() < 100_000:
        return False
    return bool(((layer.weight - layer.mean) / layer.std).pow(4).mean() > 3.5)


def _off_centre(layer: Layer) -> bool:
    return abs(layer.mean) > layer.std * math.sqrt(2 * X / layer.weight.numel())


def _evidence(kind: str, first: Layer, layers: list[Layer]) -> str:
    weight = first.weight
    places = {
        "layer": first,
        "low": weight.min(),
        "high": weight.max(),
        "mean": first.mean,
        "std": first.std,
        "rows": len(weight),
        "inputs": weight.shape[1],
        "bound": 1 / math.sqrt(weight.shape[1]),
        "stds": ", ".join(f"{one.std:.3f}" for one in layers),
    }
    template = (
        "The weights of {layer}: mean {mean:.2g}, standard deviation {std:.3g}, "
        "from {low:.3g} to {high:.3g}."
    )
    if kind in {"default", "some-layers"}:
        template = (
            "The weights of {layer} run from {low:.3g} to {high:.3g}, "
            "and 1 / sqrt({inputs}) is {bound:.3g}."
        )
    elif kind in {"constant", "all-constant"}:
        template = (
            "The {rows} rows of weights of {layer} are equal, and run from {low:.3g} to {high:.3g}."
        )
    elif kind == "scheme":
        template = "The standard deviations of the weights, layer by layer: {stds}."
    return say(template, **places)


def _scheme(layers: list[Layer]) -> bool:
    """Tell whether the scales are those of a program that computes them from the sizes."""
    return any(
        all(
            abs(one.std / other.std - 1) < 8 / math.sqrt(2 * one.weight.numel())
            for one, other in zip(layers, _layers_of(program), strict=True)
        )
        for program in named("init", "scheme").programs
    )


@cached
def _layers_of(program: str) -> list[Layer]:
    return linear_layers(cast("nn.Module", made(run_program(program), 0).value))


def linear_layers(model: nn.Module) -> list[Layer]:
    """Return the Linear layers of a model, the one with the most inputs first."""
    layers = [
        layer_of(name, part.weight, part.bias)
        for name, part in model.named_modules()
        if isinstance(part, nn.Linear)
    ]
    return sorted(layers, key=lambda layer: -layer.weight.shape[1])


def layer_of(name: str, weight: Tensor, bias: Tensor) -> Layer:
    """Make a layer of a weight (outputs, inputs) and a bias."""
    numbers = (tensor.detach().cpu().double() for tensor in (weight, bias.flatten()))
    return Layer(name, *numbers)
