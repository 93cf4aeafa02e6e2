"""What a function did with an input, and whether another one did the same."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from mnistlesson.check._cached import cached
from mnistlesson.check._outcome import Outcome, OutOfTime
from mnistlesson.check._run import run
from torch import Tensor
from torch.overrides import TorchFunctionMode


@dataclass(frozen=True)
class Observation:
    """What a function did with one probe."""

    probe: Tensor
    outcome: Outcome
    changed: bool
    """Whether it changed its input."""

    @property
    def tensor(self) -> Tensor | None:
        """Its result, where that is a tensor of numbers that can be compared."""
        return ordinary(self.outcome.value)

    @property
    def type(self) -> str:
        """What it returned, in a word or two."""
        return kind_of(self.outcome.value)


def ordinary(value: object) -> Tensor | None:
    """Return a tensor of numbers that can be compared; None for anything else."""
    if not isinstance(value, Tensor) or value.layout is not torch.strided or value.is_nested:
        return None
    if value.is_meta or value.is_quantized or value.is_complex():
        return None
    # With numbers of a byte, PyTorch cannot compare.
    if value.is_floating_point() and value.itemsize == 1:
        return None
    return value.detach().cpu()


def kind_of(value: object) -> str:
    """Name the type of a value, in a word or two."""
    if not isinstance(value, Tensor):
        return type(value).__name__.replace("NoneType", "None")
    layout, dtype = f"{value.layout}", f"{value.dtype}"
    kinds = ["nested"] * value.is_nested + [layout.removeprefix("torch.")]
    words = [*kinds, dtype.removeprefix("torch."), f"on {value.device}"]
    return " ".join(word for word in words if word != "strided")


def observe(function: Callable[..., object], probes: Sequence[Tensor]) -> list[Observation]:
    """Call a function on a copy of each probe; stop where it ran out of time."""
    observed = []
    for probe_ in probes:
        given = probe_.clone()
        outcome = run(function, given)
        changed = given.shape != probe_.shape or not torch.equal(given, probe_)
        observed.append(Observation(probe_, outcome, changed))
        if isinstance(outcome.error, OutOfTime):
            break
    return observed


class _Counter(TorchFunctionMode):
    """Counts the calls of torch's functions."""

    count = 0

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: object,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> object:
        self.count += 1
        return func(*args, **(kwargs or {}))


def computes(function: Any, *inputs: object) -> bool:  # noqa: ANN401 - anything may be given
    """Tell whether a function does anything with torch."""
    counter = _Counter()

    def call() -> None:
        with counter:
            function(*inputs)

    run(call)
    return counter.count > 0


def same_behaviour(one: Observation, other: Observation) -> bool:
    """Tell whether two functions did the same with a probe."""
    if one.outcome.error is not None or other.outcome.error is not None:
        # The text too: many mistakes raise a TypeError, each with words of its own.
        return repr(one.outcome.error) == repr(other.outcome.error)
    if one.changed != other.changed:
        return False
    if one.tensor is None or other.tensor is None:
        return one.outcome.value is None and other.outcome.value is None
    return close(one.tensor, other.tensor)


def close(one: Tensor, other: Tensor, rtol: float = 1e-4, scale: float = 1.0) -> bool:
    """Tell whether two tensors agree in shape and, up to rounding, in every number.

    Args:
        one: A tensor.
        other: Another.
        rtol: How far two numbers may lie apart, against their size.
        scale: The size of the numbers that were added up to numbers near 0.
    """
    if one.shape != other.shape:
        return False

    def agree(one: Tensor, other: Tensor) -> bool:
        return torch.allclose(
            one.double(), other.double(), rtol=rtol, atol=1e-6 * scale, equal_nan=True
        )

    # Most tensors that differ do so at once, and many are compared.
    first = one.flatten()[:512], other.flatten()[:512]
    return torch.equal(one, other) or (agree(*first) and agree(one, other))


def same(one: object, other: object) -> bool:
    """Tell whether two values are equal, the numbers in them up to rounding."""
    if isinstance(one, Tensor) and isinstance(other, Tensor):
        return close(one, other)
    if isinstance(one, float) and isinstance(other, float):
        both_nan = math.isnan(one) and math.isnan(other)
        return both_nan or math.isclose(one, other, rel_tol=1e-4, abs_tol=1e-6)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other


def probe(*size: int, seed: int, scale: float = 1.0) -> Tensor:
    """Return random numbers of a shape, the same each time."""
    return scale * _random(size, seed)


@cached
def _random(size: tuple[int, ...], seed: int) -> Tensor:
    generator = torch.Generator("cpu").manual_seed(seed)
    return torch.randn(size, generator=generator, device="cpu")


def shape(tensor: Tensor) -> str:
    """Return a shape as the lesson writes it; a nested tensor has none."""
    return "nested" if tensor.is_nested else str(tuple(tensor.shape))
