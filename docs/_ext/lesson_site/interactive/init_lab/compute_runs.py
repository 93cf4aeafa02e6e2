"""The network of step 5 under weights of many scales: the runs of step 9, on a finer ruler."""

import math
from typing import NamedTuple

import torch
from mnistlesson import data
from mnistlesson.models import Network, init_normal, softmax
from torch import Tensor

# From 0.001 to 1 in thirty equal steps of the exponent.
SCALES = tuple(float(f"{10 ** (-3 + index / 10):.2g}") for index in range(31))
BINS = 50


class Run(NamedTuple):
    """What one scale of the weights does to the first batch."""

    std: float
    """Standard deviation of the weights; the biases are zero."""
    hidden: list[float]
    """Share of the hidden units' outputs in each of 50 equal intervals from 0 to 1."""
    saturated: float
    """Share of them below 0.01 or above 0.99."""
    top: float
    """Mean highest probability of an image."""
    entropy: float
    """Mean entropy of an image's ten probabilities, in nats."""
    bars: list[float]
    """The ten probabilities of the first image."""


def run(std: float, inputs: Tensor) -> Run:
    """Initialise, and pass the inputs (64, 784) forward."""
    model = Network()
    torch.manual_seed(0)
    init_normal(model, std)
    with torch.no_grad():
        hidden = model.sigmoid(model.hidden(inputs))
        probabilities = softmax(model(inputs))
    counts = torch.histc(hidden, BINS, 0, 1) / hidden.numel()
    return Run(
        std,
        [round(share, 5) for share in counts.tolist()],
        ((hidden < 0.01) | (hidden > 0.99)).float().mean().item(),
        probabilities.max(dim=1).values.mean().item(),
        torch.special.entr(probabilities).sum(dim=1).mean().item(),
        [round(probability, 5) for probability in probabilities[0].tolist()],
    )


def runs() -> list[Run]:
    """Run every scale on the batch of step 9."""
    images, _ = data.first_batch()
    return [run(std, images.flatten(1)) for std in SCALES]


MAX_ENTROPY = math.log(10)
