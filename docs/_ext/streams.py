"""What a cell prints stays in one piece.

A kernel sends it in parts, cut wherever its clock has it. MyST-NB joins them again
(``nb_merge_streams``), but ends each part with a new line, so that a line could be cut in two by
chance. Here they are joined as they came.
"""

from collections.abc import Sequence

from myst_nb.core import render
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


def joined(outputs: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Return the outputs of a cell, those of each stream joined at the place of the first."""
    streams: dict[str, NotebookNode] = {}
    whole = []
    for output in outputs:
        if output["output_type"] == "stream" and output["name"] in streams:
            streams[output["name"]]["text"] += output["text"]
            continue
        kept = NotebookNode(output)
        whole.append(kept)
        if output["output_type"] == "stream":
            streams[output["name"]] = kept
    return whole


def setup(_app: Sphinx) -> ExtensionMetadata:
    """Put it in the place of MyST-NB's own."""
    render.coalesce_streams = joined
    return {"parallel_read_safe": True, "parallel_write_safe": True}
