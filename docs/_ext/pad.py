"""The directive ``digit-pad``: the pad, and what stands there for a reader without scripts."""

from pathlib import Path

import torch
import torch.nn.functional as F
from docutils import nodes
from matplotlib import pyplot as plt
from mnistlesson import data, plots
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from torchvision import datasets

import captures
from live import Live


def reading(gallery: str, picture: Path) -> str:
    """Draw the trained network's way through one digit, and return what the picture shows."""
    model = captures.network(gallery, "trained")
    digit, image = captures.samples(datasets.MNIST(data.root(), train=False))[-1]
    pixels = ((image / 255 - 0.5) / 0.5).flatten()
    with torch.no_grad():
        hidden1 = F.relu(model.hidden1(pixels))
        hidden2 = F.relu(model.hidden2(hidden1))
        logits = model.output(hidden2)
    probabilities = torch.softmax(logits, dim=0)
    layers = {"input": pixels, "hidden 1": hidden1, "hidden 2": hidden2, "logits": logits}
    title = f"A {digit}, read as {probabilities.argmax()} ({probabilities.max():.0%})"
    figure = plots.layer_activations({**layers, "probabilities": probabilities}, title=title)
    figure.savefig(picture, dpi=100, metadata={"Software": None})
    plt.close(figure)
    return f"The trained network, layer by layer. {title}."


class DigitPad(Live):
    """Place the pad, and before it a figure that the network of step 11 has just made."""

    template = "pad.html"
    files = (
        *(f"{n}.js" for n in ("network", "prepare", "drawing", "views")),
        *(f"{n}.js" for n in ("data", "catalogue", "samples", "pad")),
        *("numbers.css", "pad.css"),
    )

    def run(self) -> list[nodes.Node]:
        """Draw the figure, too."""
        gallery = self.config.sphinx_gallery_conf["gallery_dirs"]
        self.env.note_dependency(str(captures.folder(gallery) / "trained.js"))
        picture = captures.folder(gallery) / "reading.png"
        source = f"/{picture.relative_to(self.env.srcdir)}"
        figure = nodes.image(uri=source, alt=reading(gallery, picture))
        sentence = "The pad needs scripts, and your browser runs none. This is what it would show:"
        return [
            nodes.raw("", "<noscript>", format="html"),
            nodes.paragraph("", sentence),
            figure,
            nodes.raw("", "</noscript>", format="html"),
            *super().run(),
        ]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("digit-pad", DigitPad)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
