"""The digit pad: one digit's way through the network that step 12 has trained."""

from mnistlesson import data
from torchvision import datasets

from lesson_site.interactive import compute_weights
from lesson_site.templates import render


def make(gallery: str) -> str:
    """Read the first digit of the test set, layer by layer, as the pad will read a drawing."""
    model = compute_weights.network(gallery, "trained")
    testset = datasets.MNIST(data.root(), train=False)
    image = testset.data[0]
    layers = compute_weights.reading(model, image)
    # The strongest unit, whose weights the pad shows before it has all of them.
    unit = int(layers["hidden1"].argmax())
    first = {
        "image": compute_weights.packed_bytes(image),
        "unit": unit,
        "weight": compute_weights.packed_bytes(model.hidden1.weight[unit].detach().half()),
        "bias": model.hidden1.bias[unit].item(),
    } | {
        name: compute_weights.packed_bytes(layers[name])
        for name in ("hidden1", "hidden2", "logits")
    }
    context = {"networks": compute_weights.versions(gallery), "first": first}
    return render("interactive/digit_pad/template.html", **context)
