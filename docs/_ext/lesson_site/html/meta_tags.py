"""The description of each page, its own first sentences, and a picture for who shows a link to it.

``meta.html`` sets them into the page. The libraries that do this give generated pages no
description, cut sentences anywhere, or draw a picture for every page.
"""

import re
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx

from lesson_site.execution.directive import result
from lesson_site.execution.task import Task

LONGEST = 160
"""Characters of a description that search engines show."""


class SocialCard(NamedTuple):
    """The picture's file, and its size in pixels: what those who show links ask for."""

    name: str = "picture.png"
    width: int = 1200
    height: int = 630


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
    context["social_card"] = SocialCard()


def _tasks(app: Sphinx) -> list[Task]:
    if not app.config.html_baseurl:
        return []
    function, title = "lesson_site.html.compute_social_card:make", app.config.project
    return [Task("social-card", "", function, (title,), title)]


def _place_social_card(app: Sphinx, error: Exception | None) -> None:
    path = Path(app.outdir, SocialCard().name)
    path.unlink(missing_ok=True)
    if not error and app.builder.name == "html" and app.config.html_baseurl:
        path.write_bytes(result(app.env, "social-card"))


def setup(app: Sphinx) -> None:
    """Describe each page, and place the picture at the end."""
    app.connect("collect-tasks", _tasks)
    app.connect("html-page-context", _tell)
    app.connect("build-finished", _place_social_card)
