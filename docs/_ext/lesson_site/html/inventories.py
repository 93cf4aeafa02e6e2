"""intersphinx without a network: links to other projects' documentation.

intersphinx reads inventories: lists of names and addresses. Those in ``inventories/`` hold the few
names that the lesson uses, in intersphinx's own format (version 2) before compression, so that they
can be read and reviewed. A name that the lesson newly uses is a new line there.
"""

import zlib
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

SITES = {
    "matplotlib": "https://matplotlib.org/stable/",
    "python": "https://docs.python.org/3/",
    "torch": "https://docs.pytorch.org/docs/stable/",
    "torchvision": "https://docs.pytorch.org/vision/stable/",
}


def _compress(app: Sphinx, config: Config) -> None:
    folder = Path(app.outdir).parent / "inventories"
    folder.mkdir(parents=True, exist_ok=True)
    for name, site in SITES.items():
        lines = (Path(__file__).parent / "inventories" / f"{name}.txt").read_bytes()
        head = f"# Sphinx inventory version 2\n# Project: {name}\n# Version: \n# zlib\n"
        inventory = folder / f"{name}.inv"
        inventory.write_bytes(head.encode() + zlib.compress(lines))
        config.intersphinx_mapping[name] = (site, str(inventory))


def setup(app: Sphinx) -> None:
    """Fill ``intersphinx_mapping`` before intersphinx checks it."""
    app.connect("config-inited", _compress)
