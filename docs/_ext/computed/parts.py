"""Fill the template of a live part, and draw what stands there for a reader without scripts."""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from matplotlib.figure import Figure

from computed import figures
from live import Part

TEMPLATES = Path(__file__).parents[2] / "_templates"
_templates = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def part(name: str, gallery: str, context: Mapping[str, object], figure: Figure, says: str) -> Part:
    """Make a part.

    Args:
        name: The directive's, and with another ending the template's and the image's.
        gallery: The folder of sphinx-gallery's pages, for the image.
        context: What the template is filled with.
        figure: What a reader without scripts sees.
        says: What it shows.
    """
    filled = _templates.get_template(f"{name.replace('-', '_')}.html").render(context)
    return Part(filled, figures.save(figure, Path(gallery, "images", name)), says)
