"""Templates of what is set into pages and notebooks: each lies beside the module that fills it."""

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=select_autoescape(),  # of HTML; the text of a notebook is Markdown
    undefined=StrictUndefined,
    trim_blocks=True,
)
_templates.filters["prose"] = lambda text: Markup(  # noqa: S704 - it is escaped
    re.sub("`([^`]*)`", r'<code class="literal">\1</code>', str(escape(text)))
)


def render(name: str, **context: object) -> str:
    """Fill a template, by its path in this package."""
    return _templates.get_template(name).render(context)
