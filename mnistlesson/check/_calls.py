"""Which of torch's functions a learner's code calls, and with what."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

LIMIT = 1000
"""Calls beyond are not kept: an endless loop must not fill the memory."""


class Called(NamedTuple):
    """A call, with references to its arguments, as they were left by the code."""

    name: str
    arguments: tuple[Any, ...]
    named: dict[str, Any]
    shapes: tuple[tuple[int, ...], ...]
    """The shapes of the tensors among the arguments, as they were in the call."""


class Calls(TorchFunctionMode):
    """Records calls while it is entered, in the thread that enters it."""

    def __init__(self) -> None:
        """Begin with no calls."""
        super().__init__()
        self.all: list[Called] = []

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: object,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> object:
        """Record the call and make it."""
        if len(self.all) < LIMIT:
            # What reads or sets an attribute is a method of it.
            owner = getattr(getattr(func, "__self__", None), "__name__", "")
            name = owner if func.__name__ in {"__get__", "__set__"} else func.__name__
            shapes = tuple(tuple(one.shape) for one in args if isinstance(one, Tensor))
            self.all.append(Called(name, args, kwargs or {}, shapes))
        return func(*args, **(kwargs or {}))

    def of(self, *names: str) -> Iterator[Called]:
        """Give the calls of some functions, the last first."""
        return (called for called in reversed(self.all) if called.name in names)


def recorded(function: Callable[..., object], calls: Calls, seed: int) -> Callable[..., object]:
    """Return a function that does the same, with its calls recorded and its randomness seeded."""

    def call(*arguments: object) -> object:
        # The CPU's generator alone: torch.manual_seed seeds every device.
        torch.default_generator.manual_seed(seed)
        with calls:
            return function(*arguments)

    return call
