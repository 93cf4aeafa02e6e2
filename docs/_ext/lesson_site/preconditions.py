"""What a build needs before it begins: assertions, folders to write to, and no other build.

A refusal is one sentence that names the remedy. Sphinx's own errors add a page to it. Warnings are
as Python has them, whatever it was told: some libraries give one in every build.
"""

import contextlib
import os
import sys
import warnings
from pathlib import Path

from sphinx.application import Sphinx


def _require_assertions() -> None:
    if sys.flags.optimize:
        sys.exit(
            "Python was told to leave out assertions, which check the lesson: "
            "build without -O and without PYTHONOPTIMIZE."
        )


def _require_writable(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        sys.exit(
            f"A build writes to {folder}, and may not: build a copy of the project "
            "in a folder of your own."
        )


def _require_no_other_build(app: Sphinx) -> None:
    """Hold a lock until the build ends. However its process ends, the lock ends with it."""
    if sys.platform == "win32":  # has no such lock
        return
    import fcntl  # noqa: PLC0415

    lock = Path(app.confdir, "build", "lock").open("w")  # noqa: SIM115 - until the end
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"Another build of {app.confdir} is under way: wait until it has ended.")
    app.connect("build-finished", lambda *_: lock.close(), priority=2000)


def _reset_warnings() -> None:
    """Forget -W and PYTHONWARNINGS, here and in the processes of tasks."""
    sys.warnoptions.clear()
    os.environ.pop("PYTHONWARNINGS", None)
    warnings.resetwarnings()
    for ignored in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
        warnings.simplefilter("ignore", ignored)


def setup(app: Sphinx) -> None:
    """Refuse to begin where one of them is missing."""
    _require_assertions()
    _reset_warnings()
    for folder in (app.srcdir, app.outdir, app.doctreedir, Path(app.confdir, "build")):
        _require_writable(Path(folder))
    _require_no_other_build(app)
