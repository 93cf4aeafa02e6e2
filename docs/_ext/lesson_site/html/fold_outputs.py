"""A long output is folded: the text goes on, and who wants the output opens it."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

MANY_LINES = 15


class details(nodes.General, nodes.Element):  # noqa: N801 - as docutils names its nodes
    """What is folded, as HTML's own element for it: no script. Its ``summary`` is shown."""


def _open(self: HTML5Translator, node: details) -> None:
    self.body.append(self.starttag(node, "details", ""))
    self.body.append(f"<summary>{self.encode(node['summary'])}</summary>")


def _close(self: HTML5Translator, _: details) -> None:
    self.body.append("</details>\n")


def _printed(block: nodes.literal_block) -> bool:
    """Tell whether code has printed it, and no tag of its cell folds it already."""
    node: nodes.Node | None = block
    classes: set[str] = set()
    while isinstance(node, nodes.Element):
        classes.update(node["classes"])
        node = node.parent
    return (
        bool(classes & {"sphx-glr-script-out", "cell_output"}) and "tag_hide-output" not in classes
    )


class Fold(SphinxPostTransform):
    """Fold outputs of more than :data:`MANY_LINES` lines."""

    default_priority = 900
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Look at every block of text that code has printed."""
        for block in list(self.document.findall(nodes.literal_block)):
            lines = block.astext().rstrip().count("\n") + 1
            if lines > MANY_LINES and _printed(block):
                folded = details(summary=f"Output: {lines} lines", classes=["folded"])
                block.replace_self(folded)
                folded += block


def setup(app: Sphinx) -> None:
    """Fold when the page is written."""
    app.add_node(details, html=(_open, _close))
    app.add_post_transform(Fold)
