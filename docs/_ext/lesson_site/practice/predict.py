"""Predict first: a question between the code of a step and its output, which is folded.

``docs/practice/predict/`` has a file for each step, with its questions. An answer stands nowhere:
it is read from what the block has printed, on whichever digits. A question that has no answer, or
more than one, is a warning, so that the page is built with the others.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from lesson_site.html.cells import details
from lesson_site.templates import render

logger = logging.getLogger(__name__)
CHOICES, SCALE = {"at", "ask", "choices"}, {"at", "ask", "value", "from", "to", "step", "near"}


class question(nodes.General, nodes.TextElement):  # noqa: N801 - as docutils names its nodes
    """A question: its text, for what counts and finds words, and ``html``, which is shown."""


def _show(self: HTML5Translator, node: question) -> None:
    self.body.append(node["html"])
    raise nodes.SkipNode


def file_of(docs: Path, step: str) -> Path:
    """Return the file that has the questions of a step."""
    return docs / "practice" / "predict" / f"{step}.toml"


def read(file: Path) -> list[dict[str, Any]]:
    """Return the questions in a file: none, if it is not there."""
    try:
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        return list(tomllib.loads(text).get("predict", []))
    except tomllib.TOMLDecodeError as error:
        raise ExtensionError(f"{file}: {error}") from error


def answer(entry: dict[str, Any], printed: str) -> dict[str, Any]:
    """Return which choice came true, or which number; a ValueError says why there is none."""
    if "choices" in entry:
        choices = entry["choices"]
        right = [n for n, c in enumerate(choices) if re.search(c["when"], printed, re.MULTILINE)]
        if len(right) != 1:
            found = ", ".join(repr(choices[n]["says"]) for n in right) or "none"
            raise ValueError(f"let one `when` match what was printed. Now: {found}\n{printed}")
        return {"right": right[0]}
    match = re.search(entry["value"], printed, re.MULTILINE)
    if not match:
        raise ValueError(f"let `value` match what was printed: {entry['value']!r}\n{printed}")
    return {"value": match[1]}


def place(cells: list[nodes.container], number: int, entry: dict[str, Any]) -> None:
    """Ask in the cell of the question, and fold the output; a ValueError says why not."""
    if entry.keys() - {"unit"} not in (CHOICES, SCALE):
        raise ValueError(f"give it {sorted(CHOICES)} or {sorted(SCALE)}, not {sorted(entry)}")
    found = [cell for cell in cells if entry["at"] in cell[0].astext()]
    if [len(cell) for cell in found] != [2]:
        now = f"{entry['at']!r} is part of {len(found)}, or that has none"
        raise ValueError(f"let `at` be part of the code of one block with an output: {now}")
    cell, output = found[0], found[0].pop()
    cell["classes"].append("predicted")
    printed = "\n".join(block.astext() for block in output.findall(nodes.literal_block))
    context = {"unit": "", "number": number} | entry | answer(entry, printed)
    html = render("practice/predict.html", **context)
    said = [entry["ask"], *(choice["says"] for choice in entry.get("choices", []))]
    cell += question("", " ".join(said), html=html)
    cell += details("", output, summary="Show what it printed", classes=["predict-out"])


class Ask(SphinxPostTransform):
    """Ask all questions of a step."""

    default_priority = 4  # after a cell is made of code and output, at 3
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Place them, and name those for which that fails."""
        cells = [c for c in self.document.findall(nodes.container) if "cell" in c["classes"]]
        file = file_of(self.env.srcdir, Path(self.env.docname).name)
        for number, entry in enumerate(read(file), 1):
            try:
                place(cells, number, entry)
            except (ValueError, LookupError, re.error) as error:
                logger.warning("%s, question %s: %s", file, number, error)


def _note(app: Sphinx, _: nodes.document) -> None:
    """Let a step's page depend on its file, and load the script and the style."""
    file = file_of(Path(app.srcdir), Path(app.env.docname).name)
    if file.exists():
        app.env.note_dependency(str(file))
        notes = app.env.metadata[app.env.docname]
        notes["interactive"] = f"{notes.get('interactive', '')} predict.js predict.css"


def setup(app: Sphinx) -> None:
    """Add the node, its place, and what the page needs."""
    app.add_node(question, html=(_show, None))
    app.add_post_transform(Ask)
    app.connect("doctree-read", _note)
