"""Give a network random numbers: in itself, in a copy, or for a while."""

import contextlib
import copy
from collections.abc import Iterator
from typing import Any

import torch
from mnistlesson.check._compare import probe
from torch import Tensor, nn
from torch.nn.parameter import is_lazy


def _number(size: torch.Size, seed: int) -> Tensor:
    # Seeds of their own: weights that repeat an image would single it out.
    return probe(*size, seed=10_000 + seed, scale=(2 / max(size, default=1)) ** 0.5)


def with_random_weights(model: nn.Module) -> nn.Module:
    """Fill a model with random numbers.

    With those it has, after training or with constant weights, ReLU may have nothing to do.
    """
    model.to("cpu", torch.get_default_dtype())
    with torch.no_grad():
        for seed, parameter in enumerate(model.parameters()):
            if not is_lazy(parameter):
                parameter.copy_(_number(parameter.shape, seed))
    return model


def copied(model: nn.Module) -> nn.Module:
    """Return a copy of a model, filled with random numbers."""
    # A result that a model keeps from an earlier call cannot be copied with its gradient.
    memo: dict[int, Any] = {
        id(value): value.detach().clone()
        for module in model.modules()
        for value in vars(module).values()
        if isinstance(value, Tensor) and not value.is_leaf
    }
    return with_random_weights(copy.deepcopy(model, memo))


@contextlib.contextmanager
def lent(model: nn.Module) -> Iterator[nn.Module]:
    """Lend random numbers to a model for a while, where a copy of it will not do.

    Not every object can be copied, and a function that a model keeps may hold on to the model.
    """
    modules = [*model.modules()]
    before = [dict(vars(module)) for module in modules]
    memo: dict[int, Any] = {}
    try:
        for module in modules:
            own = vars(module)
            for name in ("_parameters", "_buffers"):
                own[name] = {key: _lent(value, memo) for key, value in own[name].items()}
        yield model
    finally:
        for module, own in zip(modules, before, strict=True):
            vars(module).clear()
            vars(module).update(own)


def _lent(value: Tensor | None, memo: dict[int, Any]) -> Tensor | None:
    if value is None or is_lazy(value):
        return value
    if id(value) not in memo:
        dtype = torch.get_default_dtype()
        numbers = value.detach().clone().cpu()
        memo[id(value)] = numbers.to(dtype) if numbers.is_floating_point() else numbers
        if isinstance(value, nn.Parameter):
            numbers = _number(value.shape, len(memo))
            memo[id(value)] = nn.Parameter(numbers, requires_grad=value.requires_grad)
    lent_: Tensor = memo[id(value)]
    return lent_
