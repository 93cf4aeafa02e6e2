"""The directive ``steps``: one card a step, with what the step's own docstring says of itself."""

import ast
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata


def _prose(text: str) -> list[nodes.Node]:
    """Make nodes of a sentence in which ``two backticks`` mark code, its only markup."""
    parts = " ".join(text.split()).split("``")
    return [nodes.literal("", p) if i % 2 else nodes.Text(p) for i, p in enumerate(parts)]


def _card(script: Path) -> nodes.list_item:
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
    picture = nodes.image(uri=f"/lesson/images/thumb/sphx_glr_{script.stem}_thumb.png", alt="")
    texts = [nodes.paragraph("", "", page), nodes.paragraph("", "", *_prose(summary))]
    return nodes.list_item("", picture, *texts)


class Steps(SphinxDirective):
    """List the steps, in order."""

    def run(self) -> list[nodes.Node]:
        """Make the list from the scripts that sphinx-gallery reads."""
        scripts = sorted(Path(self.config.sphinx_gallery_conf["examples_dirs"]).glob("*.py"))
        for script in scripts:
            self.env.note_dependency(str(script))
        return [nodes.bullet_list("", *map(_card, scripts), classes=["steps"])]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("steps", Steps)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
