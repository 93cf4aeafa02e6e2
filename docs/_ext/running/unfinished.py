"""A build that was interrupted, or had warnings, is not built upon.

Sphinx notes what it has read before it writes the pages. If it is interrupted in between, the next
build takes pages for written that are not; and a warning of a page that is read is not given again.
So a mark stands beside the doctrees until a build has ended well. Where one is found, Sphinx reads
and writes everything again. What was executed holds: its records are each written in one step.
"""

from pathlib import Path

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.util.typing import ExtensionMetadata


def _mark(app: Sphinx) -> Path:
    return Path(app.doctreedir, "unfinished")


def _begin(app: Sphinx) -> None:
    if _mark(app).exists():
        Path(app.doctreedir, ENV_PICKLE_FILENAME).unlink(missing_ok=True)
    _mark(app).parent.mkdir(parents=True, exist_ok=True)
    _mark(app).touch()


def _finish(app: Sphinx, error: Exception | None) -> None:
    if error is None and app._warncount == 0:  # noqa: SLF001 - Sphinx tells it in no other way
        _mark(app).unlink()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set the mark before Sphinx loads what it has noted, and remove it last of all."""
    app.connect("config-inited", lambda app, _: _begin(app))
    app.connect("build-finished", _finish, priority=1000)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
