"""The directive ``digit-pad``: draw a digit, and see the lesson's own networks read it."""

import torch
import torch.nn.functional as F
from matplotlib.figure import Figure
from mnistlesson import data, plots
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from torchvision import datasets

import captures
from live import Live


class DigitPad(Live):
    """Place the pad."""

    template = "pad.html"
    files = (
        *(f"{n}.js" for n in ("network", "prepare", "drawing", "views")),
        *(f"{n}.js" for n in ("data", "catalogue", "samples", "pad")),
        *("numbers.css", "pad.css"),
    )

    def figure(self) -> tuple[Figure, str]:
        """Draw one digit's way through the network that step 11 has just trained."""
        gallery = self.config.sphinx_gallery_conf["gallery_dirs"]
        self.env.note_dependency(str(captures.folder(gallery) / "trained.js"))
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
        return figure, f"The trained network, layer by layer. {title}."


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("digit-pad", DigitPad)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
