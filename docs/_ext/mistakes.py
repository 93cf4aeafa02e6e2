"""The directive ``mistakes``: each wrong program of an exercise, and the verdict on it.

The programs are run, and judged, by ``computed.mistakes``.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from running import results
from running.runs import Run

FOLDER = Path("exercises", "mistakes")
"""Its pages, each named after its exercise."""


class Judged(NamedTuple):
    """A program, and what the check said of it."""

    program: str
    said: str
    see: str
    """The anchor of the error or silent failure that explains it; may be empty."""


class Entry(NamedTuple):
    """A mistake, and programs that make it."""

    code: str
    says: str
    hints: str
    judged: list[Judged]


def _code(text: str, language: str) -> nodes.literal_block:
    return nodes.literal_block(text, text, language=language)


def _explained(anchor: str) -> list[nodes.Node]:
    """Link to the entry of an error or a silent failure, with its heading."""
    link = addnodes.pending_xref(
        "",
        nodes.inline(),
        refdomain="std",
        reftype="ref",
        reftarget=anchor,
        refexplicit=False,
        refwarn=True,
    )
    return [nodes.paragraph("", "Explained under: ", link)] if anchor else []


def _programs(judged: Iterable[Judged]) -> list[nodes.Node]:
    return [
        node
        for one in judged
        for node in (_code(one.program, "python"), _code(one.said, "text"), *_explained(one.see))
    ]


def _section(entry: Entry) -> nodes.section:
    section = nodes.section(ids=[entry.code], names=[entry.code])
    section += nodes.title("", entry.says)
    section += _programs(entry.judged[:1])
    if more := entry.judged[1:]:
        # Folded, with HTML's own element: no script.
        summary = f"<details><summary>More programs that make it: {len(more)}</summary>"
        section += nodes.raw("", summary, format="html")
        section += _programs(more)
        section += nodes.raw("", "</details>", format="html")
    section += nodes.paragraph("", entry.hints)
    return section


class Mistakes(results.Showing):
    """List the mistakes of one exercise, and after them those that are possible in all."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Take the programs and verdicts from the run."""
        entries = self.result((FOLDER / self.arguments[0]).as_posix())
        return [_section(entry) for entry in entries]


def _add_runs(app: Sphinx) -> None:
    for path in sorted(Path(app.srcdir, FOLDER).glob("*.md")):
        if "{mistakes}" in path.read_text(encoding="utf-8"):
            page = (FOLDER / path.stem).as_posix()
            results.add(Run(page, page, "computed.mistakes:make", (path.stem,)))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("mistakes", Mistakes)
    app.connect("config-inited", lambda app, _: _add_runs(app))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
