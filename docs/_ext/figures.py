"""Save each figure for light and for dark pages, and set both into the page.

sphinx-gallery calls :func:`scrape` after each block of a step. The theme shows one of the two and
hides the other. ``images.py`` makes both lazy, because a browser never fetches a lazy image that is
hidden. The bytes depend on the figure alone.
"""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from PIL import Image

import dark

mpl.use("agg")

DPI = 100  # pixels of the page for each inch of a figure
SHARP = 2  # pixels of an image for each pixel of the page
THUMBNAIL = (440, 308)  # pixels at most, twice as many as a card has room for
THUMBNAIL_BYTES = 8000
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


def alt(figure: Figure) -> str:
    """Return what the figure says of itself: its label, or else its titles."""
    titles = [figure.get_suptitle(), *(axes.get_title() for axes in figure.axes)]
    return " ".join((str(figure.get_label()) or ", ".join(filter(None, titles))).split())


def named(stem: Path, scheme: str) -> Path:
    """Return the path of a figure's image, without its ending."""
    return stem if scheme == "light" else stem.with_name(f"{stem.name}_{scheme}")


def _thumbnail(image: Path) -> Path:
    return image.parent / "thumb" / f"{image.name}_small.webp"


def thumbnails(gallery: Path, step: str) -> list[Path]:
    """Return the small images that stand for a step, one for each scheme."""
    stem = gallery / "images" / f"sphx_glr_{step}_{CHOSEN.get(step, 1):03}"
    return [_thumbnail(named(stem, scheme)) for scheme in SCHEMES]


def save(figure: Figure, stem: Path) -> list[Saved]:
    """Save a figure and its thumbnails, light and dark. It cannot be used any more after this."""
    figure.set_dpi(SHARP * DPI)
    saved = []
    for scheme in SCHEMES:
        if scheme == "dark":
            dark.recolour(figure)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()  # type: ignore[no-untyped-call]
        figure.set_layout_engine("none")  # laying out takes longest, and is done
        image = Image.fromarray(np.asarray(canvas.buffer_rgba()))  # type: ignore[no-untyped-call]
        path = _smallest(figure, image, named(stem, scheme))
        saved.append(Saved(path, scheme, *(pixels // SHARP for pixels in image.size)))
    return saved


def _smallest(figure: Figure, image: Image.Image, stem: Path) -> Path:
    """Write a figure as WebP or as SVG, whichever is smaller, and a thumbnail of it."""
    if image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    versions = {".webp": _webp(image, lossless=True)}
    if not figure.findobj(AxesImage):  # SVG would hold these at a low resolution
        versions[".svg"] = _svg(figure)
    smallest = min(versions, key=lambda ending: len(versions[ending]))
    for ending in (".webp", ".svg"):
        stem.with_suffix(ending).unlink(missing_ok=True)
    stem.with_suffix(smallest).write_bytes(versions[smallest])

    _thumbnail(stem).parent.mkdir(exist_ok=True)
    _thumbnail(stem).write_bytes(_small(image))
    return stem.with_suffix(smallest)


def _small(image: Image.Image) -> bytes:
    """Return a thumbnail, of the best quality that is small enough, or of the lowest."""
    page = Image.new("RGBA", image.size, dark.PAGE)  # transparency would double the bytes
    page.alpha_composite(image.convert("RGBA"))
    page.thumbnail(THUMBNAIL)
    for quality in (80, 60, 40, 20, 10):
        content = _webp(page.convert("RGB"), quality=quality)
        if len(content) < THUMBNAIL_BYTES:
            break
    return content


def _webp(image: Image.Image, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "webp", **options)
    return buffer.getvalue()


def _svg(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    # Letters as outlines look the same everywhere; the salt makes the names of parts the same.
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "mnistlesson"}):
        figure.savefig(buffer, format="svg", metadata=nothing)
    return buffer.getvalue()


def scrape(_block: object, variables: Mapping[str, Any], config: Mapping[str, Any]) -> str:
    """Save the figures that a block of a step has opened, and return the images as text."""
    directives = []
    # In this order: the iterator counts a figure with each path that it gives.
    for number, path in zip(plt.get_fignums(), variables["image_path_iterator"], strict=False):
        figure = plt.figure(number)
        for image in save(figure, Path(path).with_suffix("")):
            place = image.path.relative_to(config["src_dir"]).as_posix()
            options = {
                "alt": alt(figure),
                "class": f"figure only-{image.scheme}",
                "width": image.width,
                "height": image.height,
            }
            lines = [f"   :{name}: {value}\n" for name, value in options.items()]
            directives.append(f"\n.. image:: /{place}\n{''.join(lines)}")
    plt.close("all")
    return "".join(directives)
