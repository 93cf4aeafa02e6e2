"""Do not look for garbage during a build: it takes a quarter of the time of typesetting.

Next to nothing would be found, and the process ends soon.
"""

import gc

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


def _end(_app: Sphinx, _error: Exception | None) -> None:
    gc.freeze()  # else all is looked through at the end of the process
    gc.enable()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Begin while the other extensions are loaded."""
    gc.disable()
    app.connect("build-finished", _end, priority=1000)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
