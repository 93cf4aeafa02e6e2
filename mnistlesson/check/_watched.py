"""A model, a loader and an optimizer that remember how they were used."""

from dataclasses import dataclass, field
from typing import NamedTuple

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


class Model(nn.Module):
    """A linear layer from 784 numbers to ten scores."""

    def __init__(self, seed: int, log: Log) -> None:
        """Draw its weights from a seed."""
        super().__init__()
        self.weight = nn.Parameter(probe(10, 784, seed=seed + 100, scale=0.05))
        self.bias = nn.Parameter(probe(10, seed=seed + 200, scale=0.05))
        self._log = log

    def forward(self, x: Tensor) -> Tensor:
        """Compute the scores, and remember how it was called."""
        scores = nn.functional.linear(x, self.weight, self.bias)
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
