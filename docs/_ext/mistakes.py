"""The directive ``mistakes``: each wrong program of an exercise, run, and the verdict on it."""

from collections.abc import Sequence
from textwrap import fill

from docutils import nodes
from mnistlesson.check import judge
from mnistlesson.check._catalogue import Mistake, executed, mistakes
from mnistlesson.check._judge import named
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata


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


def _run(exercise: str, mistake: Mistake, program: str) -> list[nodes.Node]:
    verdict = judge(exercise, executed(program))
    if verdict.code != mistake.code:
        raise RuntimeError(f"{mistake.code}: the check answers {verdict.code} to\n{program}")
    folded = (fill(line, 80, subsequent_indent="        ") for line in verdict.plain().split("\n"))
    said = _code("\n".join(folded), "text")
    return [_code(program.strip(), "python"), said, *_explained(verdict.see)]


def _section(exercise: str, mistake: Mistake, programs: Sequence[str]) -> nodes.section:
    section = nodes.section(ids=[mistake.code], names=[mistake.code])
    section += nodes.title("", mistake.says)
    for program in programs[:1]:
        section += _run(exercise, mistake, program)
    if more := programs[1:]:
        # Folded, with HTML's own element: no script.
        summary = f"<details><summary>More programs that make it: {len(more)}</summary>"
        section += nodes.raw("", summary, format="html")
        for program in more:
            section += _run(exercise, mistake, program)
        section += nodes.raw("", "</details>", format="html")
    section += nodes.paragraph("", f"{mistake.ask} {mistake.show}")
    return section


def _sections(exercise: str) -> list[nodes.section]:
    own = mistakes(exercise)
    codes = {mistake.code for mistake in own}
    kinds = (mistake.code.removeprefix("general-") for mistake in mistakes("general"))
    general = [named(exercise, kind) for kind in kinds]
    return [_section(exercise, mistake, mistake.programs) for mistake in own] + [
        _section(exercise, mistake, ()) for mistake in general if mistake.code not in codes
    ]


class Mistakes(SphinxDirective):
    """List the mistakes of one exercise, and after them those that are possible in all."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Run the programs, now, with the package that is installed."""
        return [*_sections(self.arguments[0])]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("mistakes", Mistakes)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
