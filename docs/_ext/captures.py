"""Keep the networks that the steps make, for the digit pad.

sphinx-gallery hands a step's variables to an image scraper after each of its blocks. :func:`keep`
draws nothing. At the end of some steps it writes the network that the step has made, as a script
that a page can load from a server or from a folder alike.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from mnistlesson.models import DeepNetwork
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.typing import ExtensionMetadata
from torch import Tensor, nn
from torchvision import datasets

# The step, the variable that holds its network, and what the pad calls it.
KEPT = {
    "09_init": ("large", "noise"),
    "10_forward": ("model", "default"),
    "11_training": ("model", "trained"),
}
SAMPLES_A_DIGIT = 3


def folder(gallery: str) -> Path:
    """Return where the scripts lie: beside sphinx-gallery's pages, with which they come and go."""
    return Path(gallery) / "static" / "live"


def _script(function: str, *arguments: object) -> str:
    return f"lesson.{function}({', '.join(map(json.dumps, arguments))});\n"


def _packed(array: Tensor) -> str:
    return base64.b64encode(array.numpy().tobytes()).decode()


def packed(network: nn.Module) -> str:
    """Return all parameters, in the order of the ``state_dict``, as float16 in base64."""
    flat = torch.cat([values.flatten() for values in network.state_dict().values()]).half()
    if not flat.isfinite().all():
        raise ValueError("a parameter does not fit float16")
    return _packed(flat)


def network(gallery: str, name: str) -> DeepNetwork:
    """Read a kept network back, as the pad does."""
    script = (folder(gallery) / f"{name}.js").read_text(encoding="ascii")
    text = script.rpartition(", ")[2].strip('");\n')
    flat = torch.frombuffer(bytearray(base64.b64decode(text)), dtype=torch.float16).float()
    model = DeepNetwork()
    nn.utils.vector_to_parameters(flat, model.parameters())
    return model


def samples(testset: datasets.MNIST) -> list[tuple[int, Tensor]]:
    """Return the first few images of each digit, with their labels."""
    return [
        (digit, image)
        for digit in range(10)
        for image in testset.data[testset.targets == digit][:SAMPLES_A_DIGIT]
    ]


def _write(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script, encoding="ascii")


def keep(block: Any, variables: Mapping[str, Any], config: Mapping[str, Any]) -> str:  # noqa: ANN401 - sphinx-gallery's own types are private
    """Write what a step has made, after the block that ends it. Returns no figure."""
    step = Path(variables["src_file"]).stem
    if step in KEPT and "plt.show()" in block.content:
        variable, name = KEPT[step]
        names = variables["example_globals"]
        to = folder(config["gallery_dirs"])
        _write(to / f"{name}.js", _script("weights", name, packed(names[variable])))
        if name == "trained":
            digits = [[digit, _packed(image)] for digit, image in samples(names["testset"])]
            _write(to / "samples.js", _script("samples", digits))
    return ""


def catalogue(gallery: str) -> str:
    """Return the script that tells the pad which files there are, and how large each is."""
    # A step that failed has left none: the build goes on, and fails at its end.
    scripts = [p for _, name in KEPT.values() if (p := folder(gallery) / f"{name}.js").exists()]
    files = {
        path.stem: {
            # A browser that has kept another version asks for this one.
            "file": f"{path.name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:8]}",
            # Packed for the way, base64 is as long as what it stands for.
            "bytes": path.stat().st_size * 3 // 4,
        }
        for path in scripts
    }
    return _script("files", files)


def make_again_what_is_gone(_app: Sphinx | None, config: Config) -> None:
    """Have a step executed again whose network is missing."""
    gallery = config.sphinx_gallery_conf["gallery_dirs"]
    folder(gallery).mkdir(parents=True, exist_ok=True)
    for step, (_, name) in KEPT.items():
        if not (folder(gallery) / f"{name}.js").exists():
            Path(gallery, f"{step}.py.md5").unlink(missing_ok=True)


def _write_catalogue(app: Sphinx) -> None:
    gallery = app.config.sphinx_gallery_conf["gallery_dirs"]
    _write(folder(gallery) / "catalogue.js", catalogue(gallery))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Look before sphinx-gallery does, and list the files after it."""
    app.connect("config-inited", make_again_what_is_gone)
    app.connect("builder-inited", _write_catalogue, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
