"""For readers without a mouse: boxes that scroll sideways can be reached with the keyboard."""

import re

from sphinx.application import Sphinx

SCROLLING = re.compile(
    r'<(pre(?=>| class="literal-block")|div(?= class="(?:math|table-wrapper)\b))'
)


def _reach(_app: Sphinx, _page: str, _template: str, context: dict[str, str], _: object) -> None:
    context["body"] = SCROLLING.sub(r'<\1 tabindex="0"', context.get("body", ""))


def setup(app: Sphinx) -> None:
    """Change each page's body before it is set into the theme."""
    app.connect("html-page-context", _reach)
