"""Fill the template of an interactive part."""

from collections.abc import Mapping

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from lesson_site.interactive.directives import FOLDER

_templates = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def part(name: str, context: Mapping[str, object]) -> str:
    """Return the HTML of a part, by the name of its directive."""
    return _templates.get_template(f"{name.replace('-', '_')}/template.html").render(context)
