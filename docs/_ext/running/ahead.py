"""Import what takes long while Sphinx does something else, where it will be needed."""

import importlib
from pathlib import Path

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.util.typing import ExtensionMetadata

from running import results, workers


def _import_for_autodoc(app: Sphinx) -> None:
    """Import the package in this process, too, if its reference will be read.

    Sphinx forks to read. Imported now, nothing waits for it, since nothing can be executed before
    the server has imported the same.
    """
    if not Path(app.doctreedir, ENV_PICKLE_FILENAME).exists():
        importlib.import_module("mnistlesson.data")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Begin where a result of an earlier build does not hold, or there is none."""
    if results.records(app.doctreedir).outdated():
        workers.start()
        # After all that is done when the configuration is known, and before anything is executed.
        app.connect("builder-inited", _import_for_autodoc, priority=1)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
