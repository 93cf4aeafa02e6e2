"""Right answers: the solutions that the pages of the exercises show."""

import re

from mnistlesson.check import EXERCISES

from support.site import ROOT

_PAGES = ROOT / "docs" / "exercises"


def solution(name: str) -> str:
    """Return the code of the first solution, from the source of the page."""
    text = (_PAGES / f"{name}.md").read_text(encoding="utf-8")
    _, _, shown = text.partition('<details class="solution">')
    cell = re.search(r"^```\{code-cell\} python3\n(.*?)```", shown, re.DOTALL | re.MULTILINE)
    assert cell, f"no solution on the page of {name}"
    return cell[1].partition("check.judge")[0]


def all_answers() -> str:
    """Return a file with all solutions, and with the imports of the file of stubs."""
    stubs = (_PAGES / "exercises.py").read_text(encoding="utf-8")
    imports = re.findall(r"^(?:from|import) .*\n", stubs, re.MULTILINE)
    return "".join([*imports, *map(solution, EXERCISES)])
