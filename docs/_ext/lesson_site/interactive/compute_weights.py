"""Export the weights of the networks that the steps make, and read digits with them.

sphinx-gallery hands a step's variables to an image scraper after each of its blocks. :func:`export`
draws nothing. At the end of some steps it writes the network that the step has made, as a script
that a page can load from a server or from a folder alike.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

if TYPE_CHECKING:
    from mnistlesson.models import DeepNetwork
    from torchvision import datasets

# The step, the variable that holds its network, and what the pad calls it.
EXPORTED = {
    "09_init": ("large", "noise"),
    "10_forward": ("model", "default"),
    "12_training": ("model", "trained"),
}
SAMPLES_A_DIGIT = 3


def folder(gallery: str) -> Path:
    """Return where the scripts lie: beside sphinx-gallery's pages, with which they come and go."""
    return Path(gallery, "static")


def versions(gallery: str) -> dict[str, str]:
    """Return the file name of each network's script, so that a browser asks for this version."""
    # A step that failed has left none: the build goes on, and fails at its end.
    scripts = [folder(gallery) / f"{name}.js" for _, name in EXPORTED.values()]
    return {
        script.stem: f"{script.name}?v={hashlib.sha256(script.read_bytes()).hexdigest()[:8]}"
        for script in scripts
        if script.exists()
    }


def packed_bytes(array: Tensor) -> str:
    """Return the bytes of an array, in base64."""
    return base64.b64encode(array.numpy().tobytes()).decode()


def packed(network: nn.Module) -> str:
    """Return all parameters, in the order of the ``state_dict``, as float16 in base64."""
    flat = torch.cat([values.flatten() for values in network.state_dict().values()]).half()
    if not flat.isfinite().all():
        raise ValueError("a parameter does not fit float16")
    return packed_bytes(flat)


def network(gallery: str, name: str) -> "DeepNetwork":
    """Read an exported network, as the pad does."""
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


def reading(model: "DeepNetwork", image: Tensor) -> dict[str, Tensor]:
    """Return what every layer makes of an image of 28 by 28 bytes, as the pad computes it."""
    pixels = ((image / 255 - 0.5) / 0.5).flatten()
    with torch.no_grad():
        hidden1 = F.relu(model.hidden1(pixels))
        hidden2 = F.relu(model.hidden2(hidden1))
        logits = model.output(hidden2)
    return {
        "input": pixels,
        "hidden1": hidden1,
        "hidden2": hidden2,
        "logits": logits,
        "probabilities": torch.softmax(logits, dim=0),
    }


def _write(script: Path, function: str, *arguments: object) -> None:
    script.parent.mkdir(parents=True, exist_ok=True)
    call = f"lesson.{function}({', '.join(map(json.dumps, arguments))});\n"
    script.write_text(call, encoding="ascii")


def export(block: Any, variables: Mapping[str, Any], config: Mapping[str, Any]) -> str:  # noqa: ANN401 - sphinx-gallery's own types are private
    """Write what a step has made, after the block that ends it. Returns no figure."""
    step = Path(variables["src_file"]).stem
    if step in EXPORTED and "plt.show()" in block.content:
        variable, name = EXPORTED[step]
        names, to = variables["example_globals"], folder(config["gallery_dirs"])
        _write(to / f"{name}.js", "weights", name, packed(names[variable]))
        if name == "trained":
            digits = [[digit, packed_bytes(image)] for digit, image in samples(names["testset"])]
            _write(to / "samples.js", "samples", digits)
    return ""
