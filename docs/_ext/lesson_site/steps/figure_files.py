"""Where saved figures lie, and how large they are: what the pages know of ``computed.figures``."""

from pathlib import Path
from typing import NamedTuple

SCHEMES = ("light", "dark")
# Which figure shows best what a step is about, where it is not the first. A comment in the script,
# which sphinx-gallery would read, would stay in the download.
CHOSEN = {"01_digits": 3, "09_init": 2}


class Saved(NamedTuple):
    """An image on disk, its colour scheme, and its size in pixels of the page."""

    path: Path
    scheme: str
    width: int
    height: int


def named(stem: Path, scheme: str) -> Path:
    """Return the path of a figure's image, without its ending."""
    return stem if scheme == "light" else stem.with_name(f"{stem.name}_{scheme}")


def chosen(gallery: Path, step: str) -> Path:
    """Return the path of the figure that stands for a step, without its ending."""
    return gallery / "images" / f"sphx_glr_{step}_{CHOSEN.get(step, 1):03}"


def thumbnail(image: Path) -> Path:
    """Return the path of the small image of a figure."""
    return image.parent / "thumb" / f"{image.name}_small.webp"


def thumbnails(gallery: Path, step: str) -> list[Path]:
    """Return the small images that stand for a step, one for each scheme."""
    stem = chosen(gallery, step)
    return [thumbnail(named(stem, scheme)) for scheme in SCHEMES]
