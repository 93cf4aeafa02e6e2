"""Fill the template of an interactive part, and draw what a reader without scripts sees."""

from collections.abc import Mapping

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from matplotlib.figure import Figure

from lesson_site.figures import compute_html
from lesson_site.interactive.directives import FOLDER, Part

_templates = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def part(name: str, context: Mapping[str, object], figure: Figure | None = None) -> Part:
    """Make a part.

    Args:
        name: The directive's; with ``_`` for ``-`` that of the part's folder.
        context: What the template is filled with.
        figure: What a reader without scripts sees; its label says what that is. None for a part
            that shows something without scripts.
    """
    filled = _templates.get_template(f"{name.replace('-', '_')}/template.html").render(context)
    return Part(filled, compute_html.html(figure) if figure else "")
