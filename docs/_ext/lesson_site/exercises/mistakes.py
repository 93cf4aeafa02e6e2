"""The directive ``mistakes``: each wrong program of an exercise, and the verdict on it.

The programs are run, and judged, by ``compute_mistakes``.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx.application import Sphinx

from lesson_site.execution.directive import ResultDirective
from lesson_site.execution.task import Task
from lesson_site.html.cells import details

FOLDER = "exercises/mistakes"
"""Its pages, each named after its exercise."""


class Judged(NamedTuple):
    """A program, and what the check said of it, as HTML."""

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


class Mistakes(ResultDirective):
    """List the mistakes of one exercise, and after them those that are possible in all."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Take the programs and verdicts from the task."""
        return [self._section(entry) for entry in self.result(f"{FOLDER}/{self.arguments[0]}")]

    def _section(self, entry: Entry) -> nodes.section:
        section = nodes.section(ids=[entry.code], names=[entry.code], classes=["mistake"])
        section += nodes.title("", entry.says)
        section += self._programs(entry.judged[:1])
        section += nodes.paragraph("", entry.hints)
        if more := entry.judged[1:]:
            folded = details(summary=f"More programs that make it: {len(more)}")
            folded += self._programs(more)
            section += folded
        return section

    def _programs(self, judged: Iterable[Judged]) -> Iterator[nodes.Node]:
        for one in judged:
            code = nodes.literal_block(one.program, one.program, language="python")
            output = nodes.container("", nodes.raw("", one.said, format="html"))
            output["classes"].append("cell_output")
            if one.see:
                explained, _ = self.parse_inline(f"Explained under: {{ref}}`{one.see}`")
                output += nodes.paragraph("", "", *explained, classes=["explained"])
            cell = nodes.container(classes=["cell"])
            cell += [nodes.container("", code, classes=["cell_input"]), output]
            yield cell


def _tasks(app: Sphinx) -> list[Task]:
    exercises = {page.stem for page in Path(app.srcdir, FOLDER).glob("[!.]*.md")} - {"index"}
    function = "lesson_site.exercises.compute_mistakes:make"
    pages = {f"{FOLDER}/{exercise}": exercise for exercise in sorted(exercises)}
    return [Task(page, page, function, (exercise,)) for page, exercise in pages.items()]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("mistakes", Mistakes)
    app.connect("collect-tasks", _tasks)
