"""How a network is made, and what was given instead of one."""

import copy
import inspect
from typing import Any

import torch
from mnistlesson.check._compare import probe
from mnistlesson.check._exercise import Found
from mnistlesson.check._run import OutOfTime
from torch import Tensor, nn
from torch.nn.parameter import is_lazy


def unmade(answer: object, message: str, error: BaseException) -> Found:
    """Look at why a network could not be made."""
    early = isinstance(error, AttributeError) and "Module.__init__()" in str(error)
    kind = "init-raises"
    if isinstance(error, OutOfTime):
        kind = "endless"
    elif isinstance(error, NotImplementedError):
        kind = "open"
    elif not takes(answer):
        kind = "arguments"
    elif early:
        kind = "super"
    return Found(kind, f"Making your network gives {message}.")


def takes(function: Any, *arguments: object) -> bool:  # noqa: ANN401 - anything may be given
    """Tell whether something can be called with these arguments."""
    try:
        inspect.signature(function).bind(*arguments)
    except (TypeError, ValueError):
        return False
    return True


def unsuitable(exercise: str, answer: object, value: object) -> Found | None:
    """Look at what was given or made."""
    name = type(value).__name__
    if not isinstance(value, nn.Module):
        what = "What your function returns" if inspect.isfunction(answer) else "What you gave"
        return Found("not-a-module", f"{what} is of type {name}, not an nn.Module.")
    if "_modules" not in vars(value):
        return Found("super", f"Your {name} has no place for modules and parameters yet.")
    if exercise == "sequential" and not isinstance(value, nn.Sequential):
        return Found("not-sequential", f"What you gave is of type {name}, not an nn.Sequential.")
    return None


def with_random_weights(model: nn.Module) -> nn.Module:
    """Return a copy of a model, filled with random numbers.

    In the model itself, after training or with constant weights, ReLU may have nothing to do.
    """
    # A result that a model keeps from an earlier call cannot be copied with its gradient.
    memo: dict[int, Any] = {
        id(value): value.detach().clone()
        for module in model.modules()
        for value in vars(module).values()
        if isinstance(value, Tensor) and not value.is_leaf
    }
    other = copy.deepcopy(model, memo).to("cpu", torch.get_default_dtype())
    with torch.no_grad():
        # Seeds of their own: weights that repeat an image would single it out.
        for seed, parameter in enumerate(other.parameters(), 10_000):
            if not is_lazy(parameter):
                scale = (2 / max(parameter.shape, default=1)) ** 0.5
                parameter.copy_(probe(*parameter.shape, seed=seed, scale=scale))
    return other
