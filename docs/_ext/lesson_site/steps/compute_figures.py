"""Save each figure for light and for dark pages, and set both into the page.

sphinx-gallery calls :func:`scrape` after each block of a step. The theme shows one of the two and
hides the other. ``images.py`` makes both lazy, because a browser never fetches a lazy image that is
hidden. The bytes depend on the figure alone.
"""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from PIL import Image

from lesson_site.steps import compute_dark_mode as dark_mode
from lesson_site.steps.figure_files import SCHEMES, Saved, chosen, named, thumbnail

mpl.use("agg")

DPI = 100  # pixels of the page for each inch of a figure
SHARP = 2  # pixels of an image for each pixel of the page
THUMBNAIL = (440, 308)  # pixels at most, twice as many as a card has room for
THUMBNAIL_BYTES = 8000


def alt(figure: Figure) -> str:
    """Return what the figure says of itself: its label, or else its titles."""
    titles = [figure.get_suptitle(), *(axes.get_title() for axes in figure.axes)]
    return " ".join((str(figure.get_label()) or ", ".join(filter(None, titles))).split())


def save(figure: Figure, stem: Path, *, stands_for_step: bool = False) -> list[Saved]:
    """Save a figure, light and dark, as WebP or as SVG, whichever is smaller when it is light.

    It cannot be used any more after this.

    Args:
        figure: What to save.
        stem: Where to, without an ending.
        stands_for_step: Whether to save thumbnails, too.
    """
    figure.set_dpi(SHARP * DPI)
    light = _drawn(figure)
    figure.set_layout_engine("none")  # laying out takes longest, and is done
    versions = {".webp": _webp(light, lossless=True)}
    if not figure.findobj(AxesImage):  # SVG would hold these at a low resolution
        versions[".svg"] = _svg(figure)
    ending = min(versions, key=lambda ending: len(versions[ending]))

    dark_mode.recolour(figure)
    drawn = {"light": light}
    if ending == ".webp" or stands_for_step:
        drawn["dark"] = _drawn(figure)
    content = {
        "light": versions[ending],
        "dark": _svg(figure) if ending == ".svg" else _webp(drawn["dark"], lossless=True),
    }
    saved = []
    for scheme in SCHEMES:
        path = named(stem, scheme)
        for other in (".webp", ".svg"):
            path.with_suffix(other).unlink(missing_ok=True)
        path.with_suffix(ending).write_bytes(content[scheme])
        size = (pixels // SHARP for pixels in light.size)
        saved.append(Saved(path.with_suffix(ending), scheme, *size))
        if stands_for_step:
            thumbnail(path).parent.mkdir(exist_ok=True)
            thumbnail(path).write_bytes(_small(drawn[scheme]))
    return saved


def _drawn(figure: Figure) -> Image.Image:
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    image = Image.fromarray(np.asarray(canvas.buffer_rgba()))  # type: ignore[no-untyped-call]
    opaque = image.getchannel("A").getextrema() == (255, 255)
    return image.convert("RGB") if opaque else image


def _small(image: Image.Image) -> bytes:
    """Return a thumbnail, of the best quality that is small enough, or of the lowest."""
    page = Image.new("RGBA", image.size, dark_mode.PAGE)  # transparency would double the bytes
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
        figure, stem = plt.figure(number), Path(path).with_suffix("")
        shown = stem == chosen(stem.parents[1], Path(variables["src_file"]).stem)
        for image in save(figure, stem, stands_for_step=shown):
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
