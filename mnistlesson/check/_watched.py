"""A model, a loader and an optimizer that remember how they were used."""

import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import torch
from mnistlesson.check._compare import kind_of, ordinary, probe
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset


class ModelCall(NamedTuple):
    """How a model was called."""

    training: bool
    """Whether it was in training mode."""
    recorded: bool
    """Whether autograd was recording."""
    rows: int
    """How many examples it was given."""


@dataclass
class Log:
    """What was done with a model and its optimizer, in order."""

    calls: list[ModelCall] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    """Each ``backward``, ``zero_grad`` and ``step``; ``added`` is a backward onto a gradient."""
    graphs: list[weakref.ref[object]] = field(default_factory=list)
    """A thing of each graph: it is gone when the graph is."""
    kept: int = 0
    """How many graphs there were at most when a new one was made."""


class _Marked(torch.autograd.Function):
    """Gives back its input, and leaves something in the graph that can be seen to go."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, log: Log) -> Tensor:  # noqa: ANN401 - torch's own type
        """Put it into the graph."""
        ctx.mark = Log()
        log.graphs.append(weakref.ref(ctx.mark))
        return x.view_as(x)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:  # noqa: ANN401
        """Pass the gradient on."""
        del ctx
        return gradients[0], None


class Model(nn.Module):
    """A linear layer from 784 numbers to ten scores."""

    def __init__(self, seed: int, log: Log) -> None:
        """Draw its weights from a seed."""
        super().__init__()
        self.weight = nn.Parameter(probe(10, 784, seed=seed + 100, scale=0.05))
        self.bias = nn.Parameter(probe(10, seed=seed + 200, scale=0.05))
        self._log = log
        self.weight.register_hook(self._backward)  # type: ignore[no-untyped-call] # torch's

    def _backward(self, gradient: Tensor) -> None:
        del gradient
        old = self.weight.grad
        self._log.events.append("added" if old is not None and old.any() else "backward")

    def forward(self, x: Tensor) -> Tensor:
        """Compute the scores, and remember how it was called."""
        scores = nn.functional.linear(x, self.weight, self.bias)
        if scores.requires_grad:
            alive = sum(graph() is not None for graph in self._log.graphs)
            self._log.kept = max(self._log.kept, alive)
            scores = _Marked.apply(scores, self._log)  # type: ignore[no-untyped-call] # torch's
        self._log.calls.append(ModelCall(self.training, torch.is_grad_enabled(), len(x)))
        return scores


def loader(inputs: Tensor, labels: Tensor, size: int) -> DataLoader[tuple[Tensor, ...]]:
    """Cut examples into batches, as step 12 does it, but in their own order."""
    return DataLoader(TensorDataset(inputs, labels), size)


def number(value: object) -> float | None:
    """Return a number, also where it is in a tensor; None where it is none."""
    tensor = ordinary(value)
    if tensor is not None and tensor.numel() == 1:
        return float(tensor)
    return float(value) if isinstance(value, int | float) else None


def returned(value: object) -> str:
    """Name the type of what was returned, in a word or two."""
    if not isinstance(value, Tensor):
        return "float" if isinstance(value, float) else kind_of(value)
    return "a tensor with a graph behind it" if value.requires_grad else "a tensor"


class Optimizer:
    """Gradient descent that remembers its steps.

    Not one of ``torch.optim``: the first that is made imports for seconds.
    """

    def __init__(self, model: Model, lr: float, log: Log) -> None:
        """Take the parameters of a model."""
        self.param_groups: list[dict[str, Any]] = [{"params": [*model.parameters()], "lr": lr}]
        self._log = log

    def zero_grad(self, set_to_none: bool = True) -> None:  # noqa: FBT001, FBT002 - as torch's
        """Delete the gradients."""
        self._log.events.append("zero_grad")
        for parameter in self._parameters():
            parameter.grad = None if set_to_none or parameter.grad is None else parameter.grad * 0

    def step(self, closure: Callable[[], Any] | None = None) -> Any:  # noqa: ANN401 - as torch's
        """Move each parameter against its gradient."""
        loss = closure() if closure is not None else None
        self._log.events.append("step")
        with torch.no_grad():
            for parameter in self._parameters():
                if parameter.grad is not None:
                    parameter.sub_(self.param_groups[0]["lr"] * parameter.grad)
        return loss

    def _parameters(self) -> list[nn.Parameter]:
        found: list[nn.Parameter] = self.param_groups[0]["params"]
        return found
