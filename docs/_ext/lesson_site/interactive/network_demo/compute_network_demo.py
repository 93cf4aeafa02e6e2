"""The network of the home page: what every layer makes of ten digits of the test set."""

import base64
import io

from mnistlesson import data
from PIL import Image
from torch import Tensor
from torchvision import datasets

from lesson_site.interactive import compute_weights
from lesson_site.templates import render

FIRST = 7
"""The digit that the page shows first: the first image of MNIST's test set."""


def percent(share: float) -> str:
    """Return a share as the scripts write it: never 0% or 100% for what is not quite so."""
    if 0 < share < 0.001:
        return "<0.1%"
    if 0.999 < share < 1:
        return ">99.9%"
    return f"{share:.1%}" if 0 < share < 0.0995 or 0.9905 < share < 1 else f"{share:.0%}"


def picture(image: Tensor) -> str:
    """Return an image of bytes as the address of a PNG."""
    content = io.BytesIO()
    Image.fromarray(image.numpy()).save(content, "png", optimize=True)
    return "data:image/png;base64," + base64.b64encode(content.getvalue()).decode()


def make(gallery: str) -> str:
    """Read the first digit of each kind, right or wrong."""
    model = compute_weights.network(gallery, "trained")
    samples = compute_weights.samples(datasets.MNIST(data.root(), train=False))
    images = [image for _, image in samples[:: compute_weights.SAMPLES_A_DIGIT]]
    stored = []
    for image in images:
        layers = compute_weights.reading(model, image)
        # As bytes: how strong each cell's colour is.
        cells = {
            name: (255 * layers[name] / layers[name].max()).round().int().tolist()
            for name in ("hidden1", "hidden2")
        }
        probabilities = [float(f"{share:.4g}") for share in layers["probabilities"].tolist()]
        packed = compute_weights.packed_bytes(image)
        stored.append({"image": packed, **cells, "probabilities": probabilities})
    context = {
        "networks": compute_weights.versions(gallery),
        "picture": picture(images[FIRST]),
        "first": FIRST,
        "stored": stored,
        "percent": percent,
    }
    return render("interactive/network_demo/template.html", **context)
