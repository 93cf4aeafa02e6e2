"""How sphinx-gallery starts in Sphinx's process: without Matplotlib, and without what is gone."""

import re
import sys
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from lesson_site.execution.gallery import scripts


def _hide_matplotlib(_app: Sphinx, _config: Config) -> None:
    """Keep sphinx-gallery from importing Matplotlib here: this process draws no figure.

    It tries to when it reads its configuration, and goes on where Matplotlib cannot be imported.
    """
    sys.modules.setdefault("matplotlib", None)  # type: ignore[arg-type] # Python's way to say so


def _show_matplotlib(_app: Sphinx, _config: Config) -> None:
    if sys.modules["matplotlib"] is None:
        del sys.modules["matplotlib"]


def _refuse_strangers(app: Sphinx) -> None:
    """Name what stands beside the steps, and would be shown as a section, or not be executed."""
    for place in Path(app.config.sphinx_gallery_conf["examples_dirs"]).iterdir():
        if place.is_dir() and place.name != "__pycache__":
            raise ConfigError(f"Remove the folder {place}: sphinx-gallery takes it for steps.")
    for script in scripts(app.config):
        if not re.fullmatch(app.config.sphinx_gallery_conf["filename_pattern"], script.name):
            raise ConfigError(f"Rename {script}: a step is a file NN_name.py, with two digits.")


def _remove_what_is_gone(app: Sphinx) -> None:
    """Remove the pages of steps that are no more."""
    steps = {script.stem for script in scripts(app.config)}
    for page in Path(app.config.sphinx_gallery_conf["gallery_dirs"]).glob("[0-9]*.rst"):
        if page.stem not in steps:
            for left in page.parent.rglob(f"{page.stem}.*"):
                left.unlink()


def setup(app: Sphinx) -> None:
    """Act before sphinx-gallery does."""
    app.connect("config-inited", _hide_matplotlib, priority=1)
    app.connect("config-inited", _show_matplotlib, priority=999)
    app.connect("builder-inited", _refuse_strangers, priority=1)
    app.connect("builder-inited", _remove_what_is_gone, priority=1)
