"""The directive ``steps``: one card a step, with what the step's own docstring says of itself.

The links in sphinx-gallery's own cards have no text for a screen reader.
"""

import ast
from collections.abc import Mapping
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from lesson_site.execution.gallery import scripts
from lesson_site.steps import figure_files


def _prose(text: str) -> list[nodes.Node]:
    """Make nodes of a sentence in which ``two backticks`` mark code, its only markup."""
    parts = " ".join(text.split()).split("``")
    return [nodes.literal("", p) if i % 2 else nodes.Text(p) for i, p in enumerate(parts)]


def _card(script: Path, thumbnails: Mapping[str, str]) -> nodes.list_item:
    docstring = ast.get_docstring(ast.parse(script.read_text(encoding="utf-8"))) or ""
    title, summary, *_ = docstring.split("\n\n")
    page = addnodes.pending_xref(
        "",
        nodes.inline("", title.splitlines()[0]),
        refdomain="std",
        reftype="doc",
        reftarget=f"/lesson/{script.stem}",
        refexplicit=True,
    )
    # Beside its title a thumbnail says nothing more, so a screen reader may pass over it.
    pictures = [
        nodes.image(uri=uri, alt="", classes=[f"only-{scheme}"])
        for scheme, uri in thumbnails.items()
    ]
    texts = [nodes.paragraph("", "", page), nodes.paragraph("", "", *_prose(summary))]
    return nodes.list_item("", *pictures, *texts)


class Steps(SphinxDirective):
    """List the steps, in order."""

    def run(self) -> list[nodes.Node]:
        """Make the list from the scripts that sphinx-gallery reads."""
        gallery = Path(self.config.sphinx_gallery_conf["gallery_dirs"])
        cards = []
        for script in scripts(self.config):
            thumbnails = figure_files.thumbnails(gallery, script.stem)
            for source in (script, *thumbnails):
                self.env.note_dependency(str(source))
            shown = {
                scheme: f"/{path.relative_to(self.env.srcdir).as_posix()}"
                for scheme, path in zip(figure_files.SCHEMES, thumbnails, strict=True)
                if path.exists()  # a step that has failed may have none
            }
            cards.append(_card(script, shown))
        return [nodes.bullet_list("", *cards, classes=["steps"])]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("steps", Steps)
