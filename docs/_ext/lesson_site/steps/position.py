"""The head and foot of a step: which of how many it is, how long to read, and what to download."""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from lesson_site.execution.gallery import scripts
from lesson_site.html.cells import details

# English prose is read at 238 words a minute (M. Brysbaert, J. Mem. Lang. 109, 2019), code slower.
WORDS_A_MINUTE = 200

GALLERY_LINKS = {"sphx-glr-download-link-note", "sphx-glr-footer"}


def _words(node: nodes.Node) -> int:
    """Count the words that a reader sees: none of what is folded, or stands there as HTML.

    But for an output that is folded only until the reader has predicted it.
    """
    folded = isinstance(node, details) and "predict-out" not in node["classes"]
    if folded or isinstance(node, nodes.raw | nodes.comment):
        return 0
    if isinstance(node, nodes.TextElement):  # whole: a highlighter cuts code into pieces
        return len(node.astext().split())
    return sum(map(_words, node.children))


def reading_minutes(doctree: nodes.document) -> int:
    """Estimate how long a page takes to read, code and output included."""
    return max(1, round(_words(doctree) / WORDS_A_MINUTE))


def _remove_links(_app: Sphinx, doctree: nodes.document, _page: str) -> None:
    """Remove sphinx-gallery's links to the downloads of a step: the templates have them."""
    for node in list(doctree.findall(nodes.Element)):
        if not GALLERY_LINKS.isdisjoint(node.get("classes", [])):
            node.parent.remove(node)


def _tell(
    app: Sphinx, page: str, _: str, context: dict[str, object], doctree: nodes.document | None
) -> None:
    steps = [f"lesson/{script.stem}" for script in scripts(app.config)]
    if page not in steps or doctree is None:
        return
    # A step that has failed may have none.
    files = {end: app.env.dlfiles.get(Path(f"{page}.{end}")) for end in ("zip", "ipynb", "py")}
    context["titles"] = {name: title.astext() for name, title in app.env.titles.items()}
    context["position"] = {
        "number": steps.index(page) + 1,
        "steps": steps,
        "reading": reading_minutes(doctree),
        "files": {end: f"_downloads/{file[1]}" for end, file in files.items() if file},
    }


def setup(app: Sphinx) -> None:
    """Tell the templates of each step's page."""
    app.connect("doctree-resolved", _remove_links)
    app.connect("html-page-context", _tell)
