"""What is executed for the site, when it is executed again, and what is told when it fails."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from nbclient import execute
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from running import gallery, workers
from running.runs import Outcome, Record, Records, Run

SOURCE = """
import os, time
from pathlib import Path

def shout():
    from a_project import words
    return words.WORD.upper()

def read(path): return Path(path).read_text()
def write(path): Path(path).write_text("made"); return "made"
def fail(): raise ValueError("no such thing")
def end(): os._exit(3)
def sleep(): time.sleep(60)
def add_to(path): Path(path).write_text(Path(path).read_text() + "more")
def name(name): return name
"""


class Project:
    """A small project, and the records of what was executed of it."""

    def __init__(self, root: Path) -> None:
        """Lay it out as the lesson is: a package, and a file that is read."""
        self.root = root
        self.package = root / "mnistlesson" / "a_project"
        self.package.mkdir(parents=True)
        (root / "docs").mkdir()
        (self.package / "__init__.py").touch()
        (self.package / "code.py").write_text(SOURCE)
        (self.package / "words.py").write_text("WORD = 'seven'\n")
        (self.package / "other.py").touch()
        self.text = root / "docs" / "text.txt"
        self.text.write_text("eight")

    @property
    def records(self) -> Records:
        """What a new build finds."""
        return Records(self.root / "build" / "runs", self.root)

    def run(self, function: str, *arguments: object, after: str = "") -> Run:
        """Return a run of a function of the project, with its name."""
        return Run(function, "", f"a_project.code:{function}", arguments, after=after)

    def work(self, *runs: Run) -> list[tuple[Run, Outcome]]:
        """Execute runs, and keep what succeeded."""
        ended: list[tuple[Run, Outcome]] = []

        def ready(run: Run) -> bool:
            return not run.after or run.after in {one.name for one, _ in ended}

        for run, outcome in workers.work(runs, self.root, 2, ready):
            ended.append((run, outcome))
            if not outcome.error:
                self.records.keep(run, outcome)
        return ended

    def result(self, run: Run) -> object:
        """Return what is known of a run."""
        record = self.records.find(run.name)
        assert isinstance(record, Record)
        return record.result


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return a project whose package can be imported."""
    monkeypatch.syspath_prepend(tmp_path / "mnistlesson")
    return Project(tmp_path)


def test_a_result_holds_until_something_changes_that_it_depends_on(project: Project) -> None:
    shout, read = project.run("shout"), project.run("read", str(project.text))
    made = project.root / "docs" / "made.txt"
    write = project.run("write", str(made))
    runs = (shout, read, write)

    def holding() -> list[str]:
        return [run.name for run in runs if project.records.holds(run)]

    assert holding() == []
    assert project.records.outdated(), "nothing is known yet"
    assert len(project.work(*runs)) == 3
    assert holding() == ["shout", "read", "write"]
    assert not project.records.outdated()
    assert project.result(shout) == "SEVEN"

    (project.package / "other.py").write_text("OTHER = 1\n")
    assert holding() == ["shout", "read", "write"], "none of them has imported it"
    (project.package / "words.py").write_text("WORD = 'nine'\n")
    assert holding() == ["read", "write"]
    assert project.records.outdated()
    project.text.write_text("ten")
    assert holding() == ["write"]
    made.unlink()
    assert holding() == []
    project.work(*runs)
    assert holding() == ["shout", "read", "write"]
    assert [project.result(run) for run in runs] == ["NINE", "ten", "made"]
    (project.package / "code.py").write_text(SOURCE + "# changed\n")
    assert holding() == []


def test_a_result_does_not_hold_for_another_call(project: Project) -> None:
    project.work(run := project.run("name", "a")._replace(decides="a"))
    assert project.records.holds(run)
    assert not project.records.holds(run._replace(decides="b"))
    assert not project.records.holds(run._replace(function="a_project.code:read"))


def test_a_result_does_not_hold_when_a_file_has_changed_meanwhile(project: Project) -> None:
    run = project.run("read", str(project.text))
    for one, outcome in workers.work([run], project.root, 1, lambda _: True):
        project.text.write_text("changed while it was read")
        project.records.keep(one, outcome)
    assert project.result(run) == "eight", "this build shows it"
    assert not project.records.holds(run)


def test_a_record_that_cannot_be_read_is_none(project: Project) -> None:
    project.work(run := project.run("name", "a"))
    record = next((project.root / "build" / "runs").iterdir())
    record.write_bytes(record.read_bytes()[:-20])
    assert project.records.find(run.name) is None
    assert not project.records.holds(run)
    assert project.records.outdated()


def test_what_fails_is_told_and_the_rest_goes_on(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "LIMIT_SECONDS", 5)
    runs = [project.run(name) for name in ("sleep", "fail", "end")]
    ended = project.work(*runs, project.run("name", "last"))
    assert {run.name: outcome.error for run, outcome in ended} == {
        "sleep": "sleep: not finished after 5 seconds",
        "fail": "fail: ValueError: no such thing",
        "end": "end: its process ended with status 3",
        "name": "",
    }
    failed = next(outcome for run, outcome in ended if run.name == "fail")
    assert "code.py" in failed.details
    assert not any(project.records.holds(run) for run in runs)


def test_a_run_waits_for_the_one_that_makes_what_it_reads(project: Project) -> None:
    path = str(project.root / "docs" / "made.txt")
    read, write = project.run("read", path, after="write"), project.run("write", path)
    ended = project.work(read, write)
    assert [(run.name, outcome.result) for run, outcome in ended] == [
        ("write", "made"),
        ("read", "made"),
    ]


def test_the_page_of_a_step_that_is_gone_is_removed(tmp_path: Path) -> None:
    steps, pages = tmp_path / "gallery", tmp_path / "lesson"
    for name in ("gallery/01_digits.py", *(f"lesson/01_{n}.rst" for n in ("digits", "numbers"))):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (pages / "01_numbers.py.md5").touch()
    places = {"examples_dirs": str(steps), "gallery_dirs": str(pages)}
    app = SimpleNamespace(config=SimpleNamespace(sphinx_gallery_conf=places))
    gallery.remove_what_is_gone(app)  # type: ignore[arg-type] # all of an application that it reads
    assert sorted(path.name for path in pages.iterdir()) == ["01_digits.rst"]


PAGE = """\
---
file_format: mystnb
kernelspec:
  name: python3
---

# A page

{}
"""
CELLS = [
    "%xmode Minimal\n%matplotlib inline\nimport sys\nimport matplotlib.pyplot as plt\nimport torch",
    "print('one')\nprint('two')",
    "print('to the side', file=sys.stderr)",
    "torch.arange(6).view(2, 3)",
    "_.sum()",
    "x = 1;\nx;",
    "from IPython.display import HTML, display\ndisplay(HTML('<b>bold</b>'))\nHTML('<i>it</i>')",
    "fig, axes = plt.subplots(figsize=(1, 1))\naxes.plot([1, 2])\nprint('drawn')",
    "1 / 0",
    "In[2], len(Out)",
]


def page(folder: Path, cells: list[str], *tags: str) -> Path:
    """Write a page with these cells."""
    options = f":tags: [{', '.join(tags)}]\n\n" if tags else ""
    fenced = [f"```{{code-cell}} python3\n{options}{cell}\n```\n" for cell in cells]
    path = folder / "page.md"
    path.write_text(PAGE.format("\n".join(fenced)))
    return path


def told(output: NotebookNode | dict[str, Any]) -> dict[str, Any]:
    """Return what an output shows, without what says where it came from."""
    shown = {key: value for key, value in dict(output).items() if key != "execution_count"}
    if "image/png" in shown.get("data", {}):
        shown["data"] = {"image/png": shown["data"]["image/png"].strip()}
    if shown["output_type"] == "error":
        shown["traceback"] = shown["traceback"][-1]
    return shown


def test_cells_show_what_they_show_in_jupyter(project: Project) -> None:
    source = page(project.root / "docs", CELLS, "raises-exception")
    run = Run(
        "page", "", "running.cells:execute", (str(source), source.read_text(), "docs/page.md")
    )
    (_, outcome), *_ = project.work(run)
    assert outcome.error == ""
    notebook = execute(new_notebook(cells=[new_code_cell(c) for c in CELLS]), allow_errors=True)
    assert [cell for cell, _ in outcome.result] == CELLS
    for cell, (_, outputs) in zip(notebook.cells, outcome.result, strict=True):
        assert [told(o) for o in outputs] == [told(o) for o in cell.outputs], cell.source


def test_a_cell_that_may_not_fail_is_named_with_its_line(project: Project) -> None:
    source = page(project.root / "docs", ["x = 1", "x / 0", "x = 2"])
    run = Run(
        "page", "", "running.cells:execute", (str(source), source.read_text(), "docs/page.md")
    )
    (_, outcome), *_ = project.work(run)
    line = source.read_text().splitlines().index("x / 0") + 1
    assert outcome.error == (
        f"docs/page.md, the cell in line {line}: ZeroDivisionError: division by zero"
    )
