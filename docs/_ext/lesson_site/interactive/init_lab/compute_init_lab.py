"""The lab of step 9: its network under weights of many scales, on a finer ruler than the step's."""

import math
from typing import NamedTuple

import torch
from mnistlesson import data
from mnistlesson.models import Network, init_normal, softmax
from torch import Tensor

from lesson_site.templates import render

# From 0.001 to 1 in thirty equal steps of the exponent.
SCALES = tuple(float(f"{10 ** (-3 + index / 10):.2g}") for index in range(31))
BINS = 50
NETWORKS = 20


class Run(NamedTuple):
    """What one scale of the weights does to the first batch."""

    std: float
    """Standard deviation of the weights; the biases are zero."""
    hidden: list[float]
    """Share of the first network's hidden outputs in each of 50 equal intervals from 0 to 1."""
    saturated: float
    """Share of the hidden outputs below 0.01 or above 0.99, the mean of 20 networks."""
    top: float
    """Mean highest probability of an image, the mean of 20 networks."""
    entropy: float
    """Mean entropy of an image's ten probabilities in nats, the mean of 20 networks."""
    bars: list[float]
    """The ten probabilities that the first network gives the first image."""


def run(std: float, inputs: Tensor) -> Run:
    """Initialise the networks, and pass the inputs (64, 784) forward."""
    model = Network()
    measured = []
    for seed in reversed(range(NETWORKS)):  # the first network is the one that is drawn
        torch.manual_seed(seed)
        init_normal(model, std)
        hidden = model.sigmoid(model.hidden(inputs))
        probabilities = softmax(model(inputs))
        saturated = ((hidden < 0.01) | (hidden > 0.99)).float().mean()
        top = probabilities.max(dim=1).values.mean()
        entropy = torch.special.entr(probabilities).sum(dim=1).mean()
        measured.append(torch.stack([saturated, top, entropy]))
    counts = torch.histc(hidden, BINS, 0, 1) / hidden.numel()
    bars = [round(probability, 5) for probability in probabilities[0].tolist()]
    shares = [round(share, 5) for share in counts.tolist()]
    saturated, top, entropy = torch.stack(measured).mean(dim=0)
    return Run(std, shares, saturated.item(), top.item(), entropy.item(), bars)


@torch.no_grad()
def make() -> str:
    """Make the runs on the batch of step 9, for the table and the slider."""
    images, _ = data.first_batch()
    runs = [run(std, images.flatten(1)) for std in SCALES]
    context = {
        "runs": runs,
        "start": SCALES.index(0.01),
        "stored": [run._asdict() for run in runs],
        "max_entropy": math.log(10),
    }
    return render("interactive/init_lab/template.html", **context)
