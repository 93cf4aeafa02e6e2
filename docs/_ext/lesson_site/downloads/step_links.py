"""The downloads at the end of a step: the archive first, and what the others need."""

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx


def _explain(_app: Sphinx, doctree: nodes.document) -> None:
    """Set the archive, which has all that is needed, before the notebook and the script alone.

    sphinx-gallery's note that they are there is not needed: the head of the step has links.
    """
    for pointer in list(doctree.findall(nodes.note)):
        if "sphx-glr-download-link-note" in pointer["classes"]:
            pointer.parent.remove(pointer)
    for footer in doctree.findall(nodes.container):
        if "sphx-glr-footer" not in footer["classes"]:
            continue
        archive, others = list[nodes.Node](), list[nodes.Node]()
        for part in footer.children:
            mine = isinstance(part, nodes.container) and "sphx-glr-download-zip" in part["classes"]
            (archive if mine else others).append(part)
        link = addnodes.pending_xref(
            "",
            nodes.inline("", "how to install it"),
            refdomain="std",
            reftype="doc",
            reftarget="/install",
            refexplicit=True,
        )
        text = nodes.Text("The archive brings the package. Alone, the two others need it: ")
        note = nodes.paragraph("", "", text, link)
        footer[:] = [*archive, *others, note]


def setup(app: Sphinx) -> None:
    """Change each step's page once it is read."""
    app.connect("doctree-read", _explain)
