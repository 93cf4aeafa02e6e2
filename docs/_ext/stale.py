"""Leave no page that is out of date.

sphinx-gallery executes a step when the step's own text has changed. It does not look at the package
that the step imports, at the version of PyTorch, or at the digits. This extension keeps a stamp of
those beside the generated pages. Where it differs, it removes sphinx-gallery's marks, and each step
is executed again. It also removes the pages of steps that are gone.

The pages that are notebooks run the package, too, and those of the mistakes. Their cache is named
after the stamp (``conf.py``), and they are read again where the stamp differs.
"""

import hashlib
from pathlib import Path

import numpy as np
import torch
from mnistlesson import data
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata


def stamp() -> str:
    """Return what all executed pages depend on, in a line."""
    package = Path(data.__file__).parent
    digest = hashlib.sha256()
    for source in sorted(p for p in package.rglob("*") if p.suffix in {".py", ".toml"}):
        digest.update(source.read_bytes())
    versions = f"torch {torch.__version__}, numpy {np.__version__}"
    return f"mnistlesson {digest.hexdigest()}, {versions}, {data.in_use()}\n"


def forget_what_is_stale(_app: Sphinx | None, config: Config) -> None:
    """Remove what no longer holds from the generated pages."""
    pages = Path(config.sphinx_gallery_conf["gallery_dirs"])
    steps = {path.stem for path in Path(config.sphinx_gallery_conf["examples_dirs"]).glob("*.py")}
    for page in pages.glob("[0-9]*.rst"):
        if page.stem not in steps:
            for left in pages.glob(f"{page.stem}.*"):
                left.unlink()
    note = pages / "stamp.txt"
    if not note.exists() or note.read_text() != stamp():
        for mark in pages.glob("*.md5"):
            mark.unlink()
        pages.mkdir(exist_ok=True)
        note.write_text(stamp())


def read_again(_app: Sphinx, env: BuildEnvironment, *_: set[str]) -> list[str]:
    """Name the pages that run the package, where it is another than when they were read."""
    before, env.mnistlesson_stamp = getattr(env, "mnistlesson_stamp", None), stamp()  # type: ignore[attr-defined]
    if before == stamp():
        return []
    notebooks = {page for page, told in env.metadata.items() if "kernelspec" in told}
    return [p for p in env.found_docs if p in notebooks or p.startswith("exercises/")]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Look before sphinx-gallery does."""
    app.connect("config-inited", forget_what_is_stale)
    app.connect("env-get-outdated", read_again)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
