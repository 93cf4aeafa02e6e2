"""The digit pad: one digit's way through the network that step 11 has trained."""

import torch
import torch.nn.functional as F
from mnistlesson import data, plots
from torchvision import datasets

from lesson_site.interactive.compute_part import part
from lesson_site.interactive.digit_pad import compute_weights
from lesson_site.interactive.directives import Part


def make(gallery: str) -> Part:
    """Draw the network, layer by layer, as the pad will show it for a drawing."""
    model = compute_weights.network(gallery, "trained")
    digit, image = compute_weights.samples(datasets.MNIST(data.root(), train=False))[-1]
    pixels = ((image / 255 - 0.5) / 0.5).flatten()
    with torch.no_grad():
        hidden1 = F.relu(model.hidden1(pixels))
        hidden2 = F.relu(model.hidden2(hidden1))
        logits = model.output(hidden2)
    probabilities = torch.softmax(logits, dim=0)
    layers = {"input": pixels, "hidden 1": hidden1, "hidden 2": hidden2, "logits": logits}
    title = f"A {digit}, read as {probabilities.argmax()} ({probabilities.max():.0%})"
    figure = plots.layer_activations({**layers, "probabilities": probabilities}, title=title)
    figure.set_label(f"The trained network, layer by layer. {title}.")
    context = {"networks": compute_weights.versions(gallery)}
    return part("digit-pad", context, figure)
