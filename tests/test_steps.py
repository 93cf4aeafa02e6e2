"""Every step as a reader runs it: alone, in an empty folder, as script and as notebook."""

import ast
import copy
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest
from nbclient import NotebookClient

from support.site import ROOT, STEPS, of_step

LIMIT_SECONDS = 300

step = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.stem)


def notebook(step: Path) -> nbformat.NotebookNode:
    """Return the notebook that the step's page offers."""
    path = ROOT / "docs" / "lesson" / f"{step.stem}.ipynb"
    page: nbformat.NotebookNode = nbformat.read(path, as_version=4)
    return page


class _Require(ast.NodeTransformer):
    """Makes each ``try`` fail in which nothing is raised: its step shows an error message."""

    def visit_Try(self, node: ast.Try) -> ast.Try:
        node.orelse = ast.parse("raise AssertionError('nothing was raised')").body
        return node


def with_every_error_required(source: str) -> str:
    """Return the code of a cell, changed by :class:`_Require`."""
    return ast.unparse(_Require().visit(ast.parse(source)))


def left_by(step: Path) -> set[str]:
    """Return the files that a step leaves where it is run: the last one saves its network."""
    return {"digits.pt"} if step == STEPS[-1] else set()


class Executed(NamedTuple):
    """A notebook that was executed."""

    folder: Path
    """Where."""
    cells: list[nbformat.NotebookNode]


# Runs a script as Python does, and then says what its figures say of themselves.
RUN = """
import json, runpy, sys
from matplotlib import pyplot as plt
runpy.run_path(sys.argv[1], run_name="__main__")
from lesson_site.figures import compute_html
print(json.dumps([compute_html.alt(plt.figure(number)) for number in plt.get_fignums()]))
"""


@pytest.mark.slow
@step
def test_script_runs_in_any_folder_and_draws_what_the_page_says(step: Path, tmp_path: Path) -> None:
    script = tmp_path / step.name
    script.write_bytes(step.read_bytes())
    options = {
        "MPLBACKEND": "agg",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(ROOT / "docs" / "_ext"),
    }
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUN, script.name],
        cwd=tmp_path,
        env=os.environ | options,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    assert {path.name for path in tmp_path.iterdir()} == {script.name, *left_by(step)}
    drawings = of_step(step).select("figure.figure:not(noscript *) > svg")
    told = [str(drawing["aria-label"]) for drawing in drawings]
    assert told == json.loads(result.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Executed]:
    """Execute all notebooks, each cell twice, as people do who change something in it.

    One kernel does it, since PyTorch takes longest to import: each notebook finds no names in it.
    """
    whole = nbformat.v4.new_notebook()
    steps = {}
    for step in STEPS:
        folder = tmp_path_factory.mktemp(step.stem)
        begin = f"import os\nos.chdir({str(folder)!r})\n%reset -f"
        code = [c for c in notebook(step).cells if c.cell_type == "code" and "%pip" not in c.source]
        cells = [copy.deepcopy(cell) for cell in code for _ in range(2)]
        for cell in cells:
            cell.pop("id", None)
            cell.source = with_every_error_required(cell.source)
        whole.cells += [nbformat.v4.new_code_cell(begin), *cells]
        steps[step] = Executed(folder, cells)
    with pytest.MonkeyPatch.context() as environment:
        # The notebook's own way to draw, not that of the tests.
        environment.delenv("MPLBACKEND", raising=False)
        NotebookClient(whole, timeout=LIMIT_SECONDS, allow_errors=True).execute()
    return steps


@pytest.mark.slow
@step
def test_notebook_runs_each_cell_also_again_and_shows_each_figure_once(
    step: Path, executed: dict[Path, Executed]
) -> None:
    folder, cells = executed[step]
    outputs = [output for cell in cells for output in cell.outputs]
    assert [output for output in outputs if output.output_type == "error"] == []
    assert [output for output in outputs if output.get("name") == "stderr"] == []
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    figures = re.findall(r"^fig\b", step.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(pictures) == 2 * len(figures) > 0
    assert {path.name for path in folder.iterdir()} == left_by(step)


@step
def test_notebook_text_is_markdown(step: Path) -> None:
    page = notebook(step)
    text = "\n".join(cell.source for cell in page.cells if cell.cell_type == "markdown")
    prose = re.sub("``.*?``", "", text)
    assert re.findall(r":\w+:`|^\.\. |`_", prose, re.MULTILINE) == []


@step
def test_page_says_what_and_what_next(step: Path) -> None:
    text = step.read_text(encoding="utf-8")
    for lead in ("**You will** ", "**You need** "):
        assert lead in text
    last = STEPS[-1] == step
    next_number = int(step.name[:2]) + 1
    assert ("**This was the last step.**" if last else f"**Next, step {next_number}** ") in text
