"""Cells: code and its output in one frame; a long output is folded.

A step's blocks get the structure that MyST-NB gives to a notebook's cells: one style serves both.
"""

import re
from itertools import takewhile

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

MANY_LINES = 15
# The last line of a step opens the windows of its figures. A page has none, and shows them above.
WINDOWS = "plt.show()"
# The classes of a cell whose output is folded: by MyST-NB, or until the reader has predicted it.
FOLDED = {"tag_hide-output", "predicted"}
# Two spaces inside a line: columns, which would not survive a wrap.
COLUMNS = re.compile(r"\S {2,}\S")


class details(nodes.General, nodes.Element):  # noqa: N801 - as docutils names its nodes
    """What is folded, as HTML's own element for it: no script. Its ``summary`` is shown."""


def _open(self: HTML5Translator, node: details) -> None:
    self.body.append(self.starttag(node, "details", ""))
    self.body.append(f"<summary>{self.encode(node['summary'])}</summary>")


def _close(self: HTML5Translator, _: details) -> None:
    self.body.append("</details>\n")


def _came_of_code(node: nodes.Node) -> bool:
    """Tell whether a block of a step has printed or drawn it."""
    printed = isinstance(node, nodes.Element) and "sphx-glr-script-out" in node["classes"]
    return printed or (isinstance(node, nodes.raw) and node.astext().startswith("<figure"))


def _join(code: nodes.literal_block) -> None:
    """Set a step's code, and what came of it, into a cell."""
    at = code.parent.index(code)
    outputs = list(takewhile(_came_of_code, code.parent[at + 1 :]))
    cell = nodes.container(classes=["cell"])
    code.parent[at : at + 1 + len(outputs)] = [cell]
    cell += nodes.container("", code, classes=["cell_input"])
    if outputs:
        cell += nodes.container("", *outputs, classes=["cell_output"])


def _fit(block: nodes.literal_block, *, folded: bool) -> None:
    """Let an output wrap where it has no columns, and fold a long one that is not folded."""
    text = block.astext().rstrip()
    if not COLUMNS.search(text):
        block["classes"].append("prose")
    lines = text.count("\n") + 1
    if lines > MANY_LINES and not folded:
        fold = details(summary=f"Output: {lines} lines", classes=["folded"])
        block.replace_self(fold)
        fold += block


class Join(SphinxPostTransform):
    """Join the code of a step and what came of it."""

    default_priority = 3  # sphinx-gallery makes HTML of code with links, at 5
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Join each block with those that follow it."""
        for block in list(self.document.findall(nodes.literal_block)):
            if block.get("language") != "Python":  # as sphinx-gallery writes it
                continue
            if block.astext().strip() == WINDOWS:
                block.parent.remove(block)
            else:
                _join(block)


class Unlink(SphinxPostTransform):
    """Let a variable be no link: that it is a tensor is not what its name leads to.

    The names of functions, classes and methods stay links.
    """

    default_priority = 6  # after sphinx-gallery has made the links
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Put what a link to the class of a variable holds into its place."""
        for link in list(self.document.findall(nodes.reference)):
            if "sphx-glr-backref-instance" in link["classes"] and "." not in link.astext():
                link.parent[link.parent.index(link) : link.parent.index(link) + 1] = link.children


class Fit(SphinxPostTransform):
    """Fit outputs into their frames."""

    default_priority = 900
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Look at every block of text that a cell has printed."""
        for cell in self.document.findall(nodes.container):
            if "cell" not in cell["classes"]:
                continue
            for output in cell.findall(nodes.container):
                if "cell_output" in output["classes"]:
                    for block in list(output.findall(nodes.literal_block)):
                        _fit(block, folded=not FOLDED.isdisjoint(cell["classes"]))


def setup(app: Sphinx) -> None:
    """Add the node and the transforms."""
    app.add_node(details, html=(_open, _close))
    app.add_post_transform(Join)
    app.add_post_transform(Unlink)
    app.add_post_transform(Fit)
