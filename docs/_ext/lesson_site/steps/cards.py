"""The directive ``steps``: one card a step, with what the step's own docstring says of itself.

``parts`` in ``conf.py`` names the steps with which the parts of the lesson begin. The links in
sphinx-gallery's own cards have no text for a screen reader.
"""

import ast
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from lesson_site.execution.gallery import scripts
from lesson_site.figures import thumbnail


def _prose(text: str) -> list[nodes.Node]:
    """Make nodes of a sentence in which ``two backticks`` mark code, its only markup."""
    parts = " ".join(text.split()).split("``")
    return [nodes.literal("", p) if i % 2 else nodes.Text(p) for i, p in enumerate(parts)]


class Steps(SphinxDirective):
    """List the steps, in order, part by part."""

    def run(self) -> list[nodes.Node]:
        """Make the list from the scripts that sphinx-gallery reads."""
        parts: list[nodes.Element] = []
        for script in scripts(self.config):
            if script.stem in self.config.parts:
                name = nodes.Text(self.config.parts[script.stem])
                parts.append(nodes.paragraph("", "", name, classes=["part"]))
                parts.append(nodes.bullet_list(classes=["cards", "steps"]))
            parts[-1] += self._card(script)
        return [*parts]

    def _card(self, script: Path) -> nodes.list_item:
        path = thumbnail(self.config.sphinx_gallery_conf["gallery_dirs"], script.stem)
        for source in (script, path):
            self.env.note_dependency(str(source))
        # A step that has failed may have none.
        picture = path.read_text(encoding="utf-8") if path.exists() else ""
        docstring = ast.get_docstring(ast.parse(script.read_text(encoding="utf-8"))) or ""
        title, summary, *_ = docstring.split("\n\n")
        target = {"refdomain": "std", "reftype": "doc", "reftarget": f"/lesson/{script.stem}"}
        name = nodes.inline("", title.splitlines()[0])
        page = addnodes.pending_xref("", name, refexplicit=True, **target)
        paragraphs = (nodes.paragraph("", "", *texts) for texts in ([page], _prose(summary)))
        return nodes.list_item("", nodes.raw("", picture, format="html"), *paragraphs)


def setup(app: Sphinx) -> None:
    """Register the directive, and the names of the parts."""
    app.add_config_value("parts", {}, "env", dict)
    app.add_directive("steps", Steps)
