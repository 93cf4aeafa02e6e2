"""Give each image its size, so that nothing moves when it comes, and load the first one first.

The figures of the pages that are notebooks become WebP, which takes a third of the bytes of PNG.
"""

from pathlib import Path

from docutils import nodes
from PIL import Image
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.images import get_image_size

logger = logging.getLogger(__name__)
HIDDEN_IN_A_SCHEME = {"only-light", "only-dark"}


def _shrink(app: Sphinx, page: nodes.document) -> None:
    for image in page.findall(nodes.image):
        path = Path(app.env.relfn2path(image["uri"])[1])
        if path.suffix == ".png" and path.parent.name == "jupyter_execute":
            with Image.open(path) as figure:
                figure.convert("RGBA").save(path.with_suffix(".webp"), lossless=True)
            image["uri"] = image["uri"].removesuffix(".png") + ".webp"


def _complete(app: Sphinx, page: nodes.document, _name: str) -> None:
    for number, image in enumerate(page.findall(nodes.image)):
        if "height" not in image:
            size = get_image_size(Path(app.srcdir, image["uri"]))
            if size is None:
                logger.warning("the size of %s cannot be read", image["uri"], location=image)
                continue
            image["width"], image["height"] = map(str, size)
        # A browser fetches a hidden image, too, if it is not lazy.
        if number > 0 or HIDDEN_IN_A_SCHEME & set(image["classes"]):
            image["loading"] = "lazy"


def setup(app: Sphinx) -> None:
    """Shrink the images before Sphinx collects them, and complete them before a page is written."""
    app.connect("doctree-read", _shrink, priority=400)
    app.connect("doctree-resolved", _complete)
