"""A model to try functions with that take one: it remembers how it was called."""

from typing import NamedTuple

import torch
from mnistlesson.check._compare import probe
from torch import Tensor, nn


class Asked(NamedTuple):
    """A call of the model."""

    input: Tensor
    """A copy."""
    training: bool
    """Whether dropout dropped."""
    recording: bool
    """Whether gradients were recorded."""
    logits: Tensor | None
    """None where the call raised an error."""


class _Shared(list[Asked]):
    """What copies of a model have in common."""

    hooked = 0

    def __deepcopy__(self, memo: object) -> "_Shared":
        return self


class SmallModel(nn.Module):
    """Takes (N, 784), has dropout, and returns logits (N, 10) from random weights."""

    def __init__(self, seed: int) -> None:
        """Draw the weights."""
        super().__init__()
        self.hidden, self.dropout = nn.Linear(784, 16), nn.Dropout(0.5)
        self.output = nn.Linear(16, 10)
        self.asked = _Shared()
        with torch.no_grad():
            # Seeds that no image has: weights that are an image's numbers would know it.
            for place, parameter in enumerate(self.parameters(), 1):
                scale = 1.5 * parameter.shape[-1] ** -0.5
                parameter.copy_(probe(*parameter.shape, seed=seed + 1000 * place, scale=scale))
            # Of two opposite scores one is above 0, so that class 0 is never the highest or lowest.
            for numbers in (self.output.weight, self.output.bias):
                numbers[0], numbers[9] = 0, -numbers[8]
        self.register_forward_pre_hook(_count)

    @property
    def hooked(self) -> int:
        """How many calls ran hooks."""
        return self.asked.hooked

    def forward(self, x: Tensor) -> Tensor:
        """Compute the logits, and note the call."""
        note = Asked(x.detach().clone(), self.dropout.training, torch.is_grad_enabled(), None)
        self.asked.append(note)
        logits: Tensor = self.output(self.dropout(self.hidden(x).relu()))
        self.asked[-1] = note._replace(logits=logits.detach().clone())
        return logits

    @torch.no_grad()
    def logits(self, image: Tensor) -> Tensor:
        """Return what it says of one image in evaluation mode, (10,)."""
        hidden = self.hidden(image.flatten()).relu()
        result: Tensor = self.output(hidden)
        return result


def _count(model: nn.Module, _arguments: object) -> None:
    if isinstance(model, SmallModel):
        model.asked.hooked += 1
