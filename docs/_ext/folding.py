"""A long output is folded: the text goes on, and who wants the output opens it."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.typing import ExtensionMetadata

MANY_LINES = 15


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
    """Wrap outputs of more lines than that into HTML's own element for it: no script."""

    default_priority = 900
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Look at every block of text that code has printed."""
        for block in list(self.document.findall(nodes.literal_block)):
            lines = block.astext().rstrip().count("\n") + 1
            if lines <= MANY_LINES or not _printed(block):
                continue
            start = f"<details class='folded'><summary>Output: {lines} lines</summary>"
            end = nodes.raw("", "</details>", format="html")
            block.parent.replace(block, [nodes.raw("", start, format="html"), block, end])


def setup(app: Sphinx) -> ExtensionMetadata:
    """Fold when the page is written."""
    app.add_post_transform(Fold)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
