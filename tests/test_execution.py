"""What is executed for the site, when it is executed again, and what is told when it fails."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from mnistlesson._digits import Digits, in_use
from nbclient import execute
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from lesson_site.execution import cache, notebooks, pool
from lesson_site.execution.cache import Cache, Record
from lesson_site.execution.task import Outcome, Task

pytestmark = pytest.mark.slow  # each starts processes

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
    """A small project, laid out as the lesson is, and the cache of what was executed of it."""

    def __init__(self, root: Path) -> None:
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
    def cache(self) -> Cache:
        """What a new build finds."""
        return Cache(self.root / "build", self.root)

    def task(self, function: str, *arguments: object, after: tuple[str, ...] = ()) -> Task:
        """Return a task that calls a function of the project, with its name."""
        return Task(function, "", f"a_project.code:{function}", arguments, after=after)

    def run(self, *tasks: Task) -> list[tuple[Task, Outcome]]:
        """Execute tasks, and cache what succeeded."""
        ended = []
        for task, outcome in pool.run(tasks, self.root, 2):
            ended.append((task, outcome))
            self.cache.keep(task, outcome)
        return ended

    def result(self, task: Task) -> object:
        """Return what is cached of a task."""
        record = self.cache.find(task.name)
        assert isinstance(record, Record)
        return record.result


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """Return a project whose package can be imported."""
    monkeypatch.syspath_prepend(tmp_path / "mnistlesson")
    monkeypatch.setattr(pool, "PRELOAD", ["matplotlib"])
    with mock.patch.dict(os.environ):  # the pool tells its server by it what to import, and how
        yield Project(tmp_path)


def test_a_result_holds_until_something_changes_that_it_depends_on(project: Project) -> None:
    shout, read = project.task("shout"), project.task("read", str(project.text))
    made = project.root / "docs" / "made.txt"
    write = project.task("write", str(made))
    tasks = (shout, read, write)

    def holding() -> list[str]:
        return [task.name for task in tasks if project.cache.is_fresh(task)]

    assert holding() == []
    assert project.cache.any_stale(), "nothing is known yet"
    assert len(project.run(*tasks)) == 3
    assert holding() == ["shout", "read", "write"]
    assert not project.cache.any_stale()
    assert project.result(shout) == "SEVEN"

    (project.package / "other.py").write_text("OTHER = 1\n")
    assert holding() == ["shout", "read", "write"], "none of them has imported it"
    (project.package / "words.py").write_text("WORD = 'nine'\n")
    assert holding() == ["read", "write"]
    assert project.cache.any_stale()
    project.text.write_text("ten")
    assert holding() == ["write"]
    made.unlink()
    assert holding() == []
    project.run(*tasks)
    assert holding() == ["shout", "read", "write"]
    assert [project.result(task) for task in tasks] == ["NINE", "ten", "made"]
    (project.package / "code.py").write_text(SOURCE + "# changed\n")
    assert holding() == []


def test_a_result_holds_with_other_digits_unless_they_may_be_in_it(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = project.root / "mnistlesson" / "data.py"
    module.touch()
    tasks = project.task("read", str(module)), project.task("read", str(project.text))
    tasks = tasks[0]._replace(name="with"), tasks[1]._replace(name="without")
    project.run(*tasks)
    for digits, fresh in ((in_use(), [True, True]), (Digits("other", 8, 1), [False, True])):
        monkeypatch.setattr(cache, "in_use", lambda digits=digits: digits)
        assert [project.cache.is_fresh(task) for task in tasks] == fresh


def test_a_result_does_not_hold_for_another_call(project: Project) -> None:
    project.run(task := project.task("name", "a")._replace(key="a"))
    assert project.cache.is_fresh(task)
    assert not project.cache.is_fresh(task._replace(key="b"))
    assert not project.cache.is_fresh(task._replace(function="a_project.code:read"))


def test_a_result_does_not_hold_when_a_file_has_changed_meanwhile(project: Project) -> None:
    task = project.task("read", str(project.text))
    for one, outcome in pool.run([task], project.root, 1):
        project.text.write_text("changed while it was read")
        project.cache.keep(one, outcome)
    assert project.result(task) == "eight", "this build shows it"
    assert not project.cache.is_fresh(task)


def test_a_record_that_cannot_be_read_is_none(project: Project) -> None:
    project.run(task := project.task("name", "a"))
    record = next((project.root / "build" / "tasks").iterdir())
    record.write_bytes(record.read_bytes()[:-20])
    assert project.cache.find(task.name) is None
    assert not project.cache.is_fresh(task)
    assert project.cache.any_stale()


def test_what_fails_is_told_and_the_rest_goes_on(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = [project.task(name) for name in ("fail", "end")]
    tasks += [project.task("name", "third"), project.task("sleep")]
    ended = {}
    for task, outcome in pool.run(tasks, project.root, 2):
        project.cache.keep(task, outcome)
        ended[task.name] = outcome.error
        if len(ended) == 2:
            monkeypatch.setattr(pool, "LIMIT_SECONDS", 1)  # for the last, which begins now
    assert {name: error.partition("\n")[0] for name, error in ended.items()} == {
        "fail": "fail: ValueError: no such thing",
        "end": "end: its process ended with status 3",
        "name": "",
        "sleep": "sleep: not finished after 1 seconds",
    }
    assert "code.py" in ended["fail"]
    assert [task.name for task in tasks if project.cache.is_fresh(task)] == ["name"]


def test_a_task_waits_for_the_one_that_makes_what_it_reads(project: Project) -> None:
    path = str(project.root / "docs" / "made.txt")
    read, write = project.task("read", path, after=("write",)), project.task("write", path)
    ended = project.run(read, write)
    assert [(task.name, outcome.result) for task, outcome in ended] == [
        ("write", "made"),
        ("read", "made"),
    ]


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
    data = shown.get("data", {})
    if "image/png" in data or data.get("text/html", "").startswith('<figure class="figure"><svg '):
        shown["data"] = {"a figure"}  # as an image there, and here as a part of the page
    if shown["output_type"] == "error":
        shown["traceback"] = shown["traceback"][-1]
    return shown


def cells_of(source: Path) -> Task:
    """Return the task that executes the cells of a page."""
    return Task("page", "", notebooks.EXECUTE, (str(source), source.read_text(), "docs/page.md"))


def outputs(notebook: NotebookNode) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the source of each code cell, and what its outputs show."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [(cell.source, [told(output) for output in cell.outputs]) for cell in cells]


def test_cells_show_what_they_show_in_jupyter(project: Project) -> None:
    source = page(project.root / "docs", CELLS, "raises-exception")
    (_, outcome), *_ = project.run(cells_of(source))
    assert outcome.error == ""
    notebook = execute(new_notebook(cells=[new_code_cell(c) for c in CELLS]), allow_errors=True)
    assert outputs(outcome.result) == outputs(notebook)


def test_a_cell_that_may_not_fail_is_named_with_its_line(project: Project) -> None:
    source = page(project.root / "docs", ["x = 1", "x / 0", "x = 2"])
    (_, outcome), *_ = project.run(cells_of(source))
    line = source.read_text().splitlines().index("x / 0") + 1
    assert outcome.error == (
        f"docs/page.md, the cell in line {line}: ZeroDivisionError: division by zero"
    )
    shown = [[output["output_type"] for output in told] for _, told in outputs(outcome.result)]
    assert shown == [[], ["error"], []], "the page shows how far it came"
