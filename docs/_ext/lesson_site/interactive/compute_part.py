"""Fill the template of an interactive part, and draw what a reader without scripts sees."""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from matplotlib.figure import Figure

from lesson_site.interactive.directives import FOLDER, Part
from lesson_site.steps import compute_figures

_templates = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def part(name: str, gallery: str, context: Mapping[str, object], figure: Figure, says: str) -> Part:
    """Make a part.

    Args:
        name: The directive's and the image's; with ``_`` for ``-`` that of the part's folder.
        gallery: The folder of sphinx-gallery's pages, for the image.
        context: What the template is filled with.
        figure: What a reader without scripts sees.
        says: What it shows.
    """
    filled = _templates.get_template(f"{name.replace('-', '_')}/template.html").render(context)
    return Part(filled, compute_figures.save(figure, Path(gallery, "images", name)), says)
