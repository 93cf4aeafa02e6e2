"""Keep the networks that the steps make, for the digit pad.

sphinx-gallery hands a step's variables to an image scraper after each of its blocks. :func:`keep`
draws nothing. At the end of some steps it writes the network that the step has made, as a script
that a page can load from a server or from a folder alike.
"""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from kept import KEPT, folder, script, write

if TYPE_CHECKING:
    from mnistlesson.models import DeepNetwork
    from torchvision import datasets

SAMPLES_A_DIGIT = 3


def _packed(array: Tensor) -> str:
    return base64.b64encode(array.numpy().tobytes()).decode()


def packed(network: nn.Module) -> str:
    """Return all parameters, in the order of the ``state_dict``, as float16 in base64."""
    flat = torch.cat([values.flatten() for values in network.state_dict().values()]).half()
    if not flat.isfinite().all():
        raise ValueError("a parameter does not fit float16")
    return _packed(flat)


def network(gallery: str, name: str) -> "DeepNetwork":
    """Read a kept network back, as the pad does."""
    # Here, or every step would seem to depend on it.
    from mnistlesson.models import DeepNetwork  # noqa: PLC0415

    text = (folder(gallery) / f"{name}.js").read_text(encoding="ascii")
    text = text.rpartition(", ")[2].strip('");\n')
    flat = torch.frombuffer(bytearray(base64.b64decode(text)), dtype=torch.float16).float()
    model = DeepNetwork()
    nn.utils.vector_to_parameters(flat, model.parameters())
    return model


def samples(testset: "datasets.MNIST") -> list[tuple[int, Tensor]]:
    """Return the first few images of each digit, with their labels."""
    return [
        (digit, image)
        for digit in range(10)
        for image in testset.data[testset.targets == digit][:SAMPLES_A_DIGIT]
    ]


def keep(block: Any, variables: Mapping[str, Any], config: Mapping[str, Any]) -> str:  # noqa: ANN401 - sphinx-gallery's own types are private
    """Write what a step has made, after the block that ends it. Returns no figure."""
    step = Path(variables["src_file"]).stem
    if step in KEPT and "plt.show()" in block.content:
        variable, name = KEPT[step]
        names = variables["example_globals"]
        to = folder(config["gallery_dirs"])
        write(to / f"{name}.js", script("weights", name, packed(names[variable])))
        if name == "trained":
            digits = [[digit, _packed(image)] for digit, image in samples(names["testset"])]
            write(to / "samples.js", script("samples", digits))
    return ""
