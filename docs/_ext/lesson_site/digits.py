"""Which digits a build uses: found once, and the same for all its processes."""

import os
from pathlib import Path

from mnistlesson import _digits
from mnistlesson._files import complete


def settle(doctrees: Path, *, stale: bool) -> None:
    """Name the digits for this process and all that it starts, so that none looks for them again.

    A build that has nothing to execute does not ask where an earlier one asked in vain.
    """
    if os.environ.get("MNISTLESSON_DATA"):
        return
    in_vain = doctrees / "no-mnist"
    if in_vain.exists() and not stale and not _at_home():
        folder = _digits.EMBEDDED
    else:
        folder = _digits.root()
        in_vain.unlink(missing_ok=True)
        if _digits.obstacle():
            doctrees.mkdir(parents=True, exist_ok=True)
            in_vain.touch()
    os.environ["MNISTLESSON_DATA"] = str(folder)


def _at_home() -> bool:
    try:
        complete(_digits.at_home())
    except (OSError, RuntimeError):  # not there; or this user has no home
        return False
    return True
