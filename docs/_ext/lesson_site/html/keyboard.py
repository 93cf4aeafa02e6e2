"""For readers without a mouse: boxes that scroll sideways can be reached with the keyboard."""

from sphinx.application import Sphinx


def _reach(_app: Sphinx, _page: str, _template: str, context: dict[str, str], _: object) -> None:
    for tag in ("<pre>", '<pre class="literal-block">', '<div class="math">'):
        reachable = tag.replace(">", ' tabindex="0">')
        context["body"] = context.get("body", "").replace(tag, reachable)


def setup(app: Sphinx) -> None:
    """Change each page's body before it is set into the theme."""
    app.connect("html-page-context", _reach)
