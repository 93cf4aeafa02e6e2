"""Execute every step again when something that all of them stand on has changed.

sphinx-gallery executes a step when the step's own text has changed. It does not look at the package
that the step imports, at the version of PyTorch, or at the digits. This extension keeps a stamp of
those beside the generated pages; where it differs, it removes sphinx-gallery's own marks.
"""

import hashlib
from pathlib import Path

import numpy as np
import torch
from mnistlesson import data
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.typing import ExtensionMetadata


def _stamp() -> str:
    package = Path(data.__file__).parent
    digest = hashlib.sha256()
    for source in sorted(package.rglob("*.py")):
        digest.update(source.read_bytes())
    versions = f"torch {torch.__version__}, numpy {np.__version__}"
    return f"mnistlesson {digest.hexdigest()}, {versions}, {data.in_use()}\n"


def _forget_what_is_stale(_app: Sphinx, config: Config) -> None:
    pages = Path(config.sphinx_gallery_conf["gallery_dirs"])
    stamp = pages / "stamp.txt"
    if not stamp.exists() or stamp.read_text() != _stamp():
        for mark in pages.glob("*.md5"):
            mark.unlink()
        pages.mkdir(exist_ok=True)
        stamp.write_text(_stamp())


def setup(app: Sphinx) -> ExtensionMetadata:
    """Look before sphinx-gallery does."""
    app.connect("config-inited", _forget_what_is_stale)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
