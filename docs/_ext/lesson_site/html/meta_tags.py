"""Tell search engines, and whoever shows a link to a page, what the page is about.

Each page has a description, its own first sentences, as metadata; and the same with its title as
Open Graph data. Its address and a picture are there where the address of the site is known: Open
Graph knows no relative ones. The libraries that do this give generated pages no description, cut
sentences anywhere, or draw a picture for every page.
"""

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx

from lesson_site.execution.directive import result
from lesson_site.execution.task import Task

LONGEST = 160
"""Characters of a description that search engines show."""
PICTURE = "picture.png"
PICTURE_SIZE = 1200, 630
"""Width and height in pixels: what those who show links ask for."""
ALT = "The title of the lesson beside a handwritten digit of 28 by 28 pixels"
GENERATED = {
    "404": "There is no page at this address. See what the lesson has instead.",
    "genindex": "All names that this site explains, in the order of the alphabet, "
    "each with a link to the place where it is explained.",
    "py-modindex": "All modules of the package that the lesson imports, "
    "each with a link to its reference.",
    "search": "Search the lesson: its steps, exercises, reference and error messages.",
}
"""Descriptions of pages that have no text of their own."""


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


def description(page: str, title: str, doctree: nodes.document | None) -> str:
    """Return what a page says of itself: its first paragraphs."""
    if doctree is None:
        return GENERATED[page]
    text: list[str] = []
    for node in doctree.findall(lambda node: isinstance(node.parent, nodes.section)):
        if isinstance(node, nodes.paragraph) and not list(node.findall(nodes.math)):
            text.append(node.astext())
        elif text:
            break
    return shorten(" ".join(text) or f"{title}.")


def _describe(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    title = Markup(context.get("title") or app.config.project).striptags()  # noqa: S704 - its HTML
    said = description(page, title, doctree)
    graph = {
        "title": title,
        "description": said,
        "type": "website" if page == app.config.root_doc else "article",
        "site_name": app.config.project,
    }
    if context.get("pageurl"):
        width, height = PICTURE_SIZE
        graph |= {
            "url": context["pageurl"],
            "image": app.config.html_baseurl + PICTURE,
            "image:alt": ALT,
            "image:width": str(width),
            "image:height": str(height),
        }
    tag = Markup('<meta name="description" content="{}">\n').format(said)
    for name, value in graph.items():
        tag += Markup('<meta property="og:{}" content="{}">\n').format(name, value)
    context["metatags"] = Markup(context.get("metatags", "")) + tag  # noqa: S704 - Sphinx's own


def _tasks(app: Sphinx) -> list[Task]:
    if not app.config.html_baseurl:
        return []
    function, title = "lesson_site.html.compute_social_card:make", app.config.project
    return [Task("social-card", "", function, (title,), title)]


def _place_social_card(app: Sphinx, error: Exception | None) -> None:
    path = Path(app.outdir, PICTURE)
    path.unlink(missing_ok=True)
    if not error and app.builder.name == "html" and app.config.html_baseurl:
        path.write_bytes(result(app.env, "social-card"))


def setup(app: Sphinx) -> None:
    """Describe each page once its title is known, and place the picture at the end."""
    app.connect("collect-tasks", _tasks)
    app.connect("html-page-context", _describe, priority=900)
    app.connect("build-finished", _place_social_card)
