"""The package as a wheel, made of what ``pyproject.toml`` names, without a network."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from hatchling.build import build_wheel

from lesson_site.downloads import zip_files


def make(root: str, folder: str) -> str:
    """Make the wheel in a folder, in place of any other, and return its name."""
    to = Path(folder)
    to.mkdir(exist_ok=True)
    os.chdir(root)  # where the backend looks for pyproject.toml
    with TemporaryDirectory() as apart:
        name = build_wheel(apart)
        for left in to.glob("*.whl"):
            if left.name != name:
                left.unlink()
        zip_files.keep(to / name, Path(apart, name).read_bytes())
    return name
