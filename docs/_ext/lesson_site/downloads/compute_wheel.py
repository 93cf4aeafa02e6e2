"""The package as a wheel, made of what ``pyproject.toml`` names, without a network."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hatchling.build import build_wheel

from lesson_site.downloads import zip_files


def make(root: str, sources: Sequence[str], folder: str) -> str:
    """Make the wheel from the files named, in a folder, in place of any other; return its name."""
    to = Path(folder)
    to.mkdir(exist_ok=True)
    with TemporaryDirectory() as apart:
        for source in sources:
            copy = Path(apart, source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path(root, source), copy)
        os.chdir(apart)  # hatchling takes brackets in a path for a pattern, and misses the licences
        name = build_wheel("dist")
        for left in to.glob("*.whl"):
            if left.name != name:
                left.unlink()
        zip_files.keep(to / name, Path("dist", name).read_bytes())
        os.chdir(root)
    return name
