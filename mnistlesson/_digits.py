"""Which digits are in use, and where they lie: what :mod:`mnistlesson.data` says without torch.

The build of the site asks before it knows whether anything has to be executed.
"""

import filecmp
import functools
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mnistlesson._download import Download
from mnistlesson._files import complete

logger = logging.getLogger("mnistlesson")

EMBEDDED = Path(__file__).resolve().parent / "digits"


class Digits(NamedTuple):
    """Which digits are in use, and how many.

    Examples:
        >>> from mnistlesson.data import Digits
        >>> digits = Digits("MNIST", train=60_000, test=10_000)
        >>> print(digits)
        MNIST: 60,000 to train with, 10,000 to test with
        >>> digits.train % 64
        32
    """

    name: str
    """``"MNIST"``, or ``"sample of MNIST"`` for the embedded digits."""
    train: int
    """Digits in the training set."""
    test: int
    """Digits in the test set."""

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.name}: {self.train:,} to train with, {self.test:,} to test with"


def root() -> Path:
    """Find a folder of digits that ``torchvision.datasets.MNIST`` reads.

    In this order:

    1. the folder that the environment variable ``MNISTLESSON_DATA`` names;
    2. ``~/.pytorch/MNIST_data``, with MNIST downloaded into it where it is not there yet: from
       ``MNISTLESSON_MIRROR`` (a URL, or a folder with the four ``.gz`` files), then from
       torchvision's mirrors;
    3. the embedded digits: 7,048 of MNIST's 70,000, the first of both its sets.

    The files of MNIST are checked bit for bit each time. A mirror that sends nothing for ten
    seconds is given up, and the whole attempt ends within two minutes.

    Returns:
        A folder with the four unpacked files in ``MNIST/raw``.

    Raises:
        FileNotFoundError: ``MNISTLESSON_DATA`` names a folder without MNIST; says what to do.

    Examples:
        What torchvision needs is in it, whichever digits they are:

        >>> from mnistlesson import data
        >>> from torchvision import datasets
        >>> testset = datasets.MNIST(data.root(), train=False)
        >>> testset.data.shape[1:]
        torch.Size([28, 28])
    """
    return _found().folder


def obstacle() -> str:
    """Say why MNIST could not be had; empty where it could, or where it was not asked for."""
    return _found().obstacle


class _Found(NamedTuple):
    folder: Path
    obstacle: str = ""


def _found() -> _Found:
    return _find(os.environ.get("MNISTLESSON_DATA"), os.environ.get("MNISTLESSON_MIRROR"))


@functools.cache
def _find(named: str | None, mirror: str | None) -> _Found:
    if named:
        return _Found(_named(named))
    try:
        complete(at_home(), Download(_mirrors(mirror)))
    # RuntimeError: this user has no home.
    except (OSError, RuntimeError) as error:
        logger.warning(
            "MNIST could not be had (python -m mnistlesson says why): these are %s of its "
            "images.\nFor all 70,000, put MNIST's four .gz files into "
            "~/.pytorch/MNIST_data/MNIST/raw",
            f"{sum(_counts(EMBEDDED)):,}",
        )
        return _Found(EMBEDDED, str(error))
    return _Found(at_home())


def at_home() -> Path:
    """Return the folder that MNIST is downloaded into, whether or not it is there.

    Raises:
        RuntimeError: This user has no home.
    """
    return Path("~/.pytorch/MNIST_data").expanduser()


def _named(name: str) -> Path:
    try:
        folder = Path(name).expanduser()
        if folder.resolve() == EMBEDDED or _is_copy(folder):
            return EMBEDDED
        if not folder.is_dir():
            raise FileNotFoundError("there is no such folder")
        complete(folder)
    # RuntimeError: the `~` of a user who has no home.
    except (OSError, RuntimeError) as error:
        raise FileNotFoundError(
            f"MNISTLESSON_DATA names {name}, which does not hold MNIST: {error}. Put MNIST's "
            f"four .gz files into {Path(name, 'MNIST', 'raw')}, a folder that you may write to, or "
            "unset MNISTLESSON_DATA"
        ) from error
    return folder


def _is_copy(folder: Path) -> bool:
    """Tell whether a folder has the embedded digits: those of another copy of the package."""
    files = [file.relative_to(EMBEDDED) for file in EMBEDDED.rglob("*-ubyte")]
    equal, _, _ = filecmp.cmpfiles(folder, EMBEDDED, files, shallow=False)
    return len(equal) == len(files)


def _mirrors(first: str | None) -> Iterator[str]:
    """Yield the mirrors in order. Only for a download is torchvision imported, which takes long."""
    if first:
        yield first if "://" in first else Path(first).expanduser().absolute().as_uri()
    from mnistlesson import _torchvision  # noqa: F401, PLC0415 - it repairs the next import
    from torchvision import datasets  # noqa: PLC0415

    yield from datasets.MNIST.mirrors


def _counts(folder: Path) -> tuple[int, int]:
    """Read from the heads of the two label files how many labels they hold."""
    raw = folder / "MNIST" / "raw"
    train, test = (
        int.from_bytes((raw / f"{part}-labels-idx1-ubyte").read_bytes()[4:8], "big")
        for part in ("train", "t10k")
    )
    return train, test


def in_use() -> Digits:
    """Say which digits :func:`~mnistlesson.data.root` finds, and how many.

    Raises:
        FileNotFoundError: As :func:`root`.

    Examples:
        >>> from mnistlesson import data
        >>> digits = data.in_use()
        >>> digits.name in {"MNIST", "sample of MNIST"}
        True
        >>> digits.train > digits.test
        True
    """
    folder = root()
    name = "sample of MNIST" if folder == EMBEDDED else "MNIST"
    return Digits(name, *_counts(folder))
