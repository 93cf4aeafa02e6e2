"""The meta description of each page, for Open Graph too: its own first sentences.

``meta.html`` sets it into the page. The libraries that do this give generated pages no description,
or cut sentences anywhere.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

LONGEST = 160
"""Characters of a description that search engines show."""


def shorten(text: str) -> str:
    """Return as many whole sentences as :data:`LONGEST` holds; of a longer one, whole words."""
    first, *more = re.split(r"(?<=[.!?])\s+", " ".join(text.split()))
    if len(first) > LONGEST:
        return first[:LONGEST].rpartition(" ")[0].rstrip(",;:") + "…"
    short = first
    for sentence in more:
        # One that ends in a colon leads to what is not here.
        if sentence.endswith(":") or len(short) + 1 + len(sentence) > LONGEST:
            break
        short += f" {sentence}"
    return re.sub(":$", ".", short)


def beginning(part: nodes.Element) -> str:
    """Return the first sentences of a page or of a section."""
    text: list[str] = []
    for node in part.findall(lambda node: isinstance(node.parent, nodes.section)):
        if isinstance(node, nodes.paragraph) and not list(node.findall(nodes.math)):
            text.append(node.astext())
        elif text:
            break
    return shorten(" ".join(text))


def _tell(
    _app: Sphinx, _page: str, _: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    context["description"] = beginning(doctree) if doctree else ""


def setup(app: Sphinx) -> None:
    """Describe each page."""
    app.connect("html-page-context", _tell)
