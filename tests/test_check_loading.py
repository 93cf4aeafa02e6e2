"""A file of answers is loaded as ``python FILE`` loads it."""

import sys
from pathlib import Path

import pytest
from mnistlesson.check import _call, _command, _load, _run

RIGHT = "def flatten(images):\n    return images.flatten(1)\n"
DATACLASS = """from __future__ import annotations
import sys
from dataclasses import dataclass

@dataclass
class Sizes:
    hidden: int = 256

assert sys.modules[__name__].Sizes is Sizes
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where the answers are."""
    return tmp_path / "answers.py"


def flatten_line(file: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Check a file, and return what is said of flatten."""
    _command.main(file)
    said = capsys.readouterr()
    assert said.err == ""
    return next(line for line in said.out.splitlines() if " flatten: " in line)


@pytest.mark.parametrize(
    "before",
    [
        DATACLASS,
        "import sys\nassert sys.argv == [__file__]\n",
        "import sys\nassert sys.stdin.read() == ''\n",
        "import pickle\nclass A: pass\npickle.dumps(A)\n",
        "# In[1]:\nget_ipython().run_line_magic('matplotlib', 'inline')\n",
        "get_ipython().system('pip install torch')\n",
        "%matplotlib inline\n!pip install torch\nif True:\n    %time 1\n",
        "import beside\nassert beside.NUMBER == 7\n",
        "import time\nprint('x' * 100)\n",
    ],
)
def test_what_python_runs_is_run(
    before: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (file.parent / "beside.py").write_text("NUMBER = 7\n")
    file.write_text(before + RIGHT)
    path, arguments = [*sys.path], [*sys.argv]
    assert flatten_line(file, capsys).startswith("✓ flatten")
    assert (sys.path, sys.argv) == (path, arguments)


@pytest.mark.parametrize(
    ("encoding", "head"),
    [("utf-8-sig", ""), ("latin-1", "# -*- coding: latin-1 -*-\n"), ("utf-8", "# ü\n")],
)
def test_bytes_are_read_as_python_reads_them(
    encoding: str, head: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes((head + "name = 'ü'\nassert len(name) == 1\n" + RIGHT).encode(encoding))
    assert flatten_line(file, capsys).startswith("✓ flatten")


def test_a_file_beside_it_is_read_anew(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("from beside import flatten\n")
    for code, mark in ((RIGHT, "✓"), (RIGHT.replace("1", "2,  3"), "✗")):
        (file.parent / "beside.py").write_text(code)
        assert flatten_line(file, capsys).startswith(f"{mark} flatten")


def test_an_import_may_take_its_time(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_load, "LIMIT_SECONDS", 1.5)
    (file.parent / "slow.py").write_text("import time\ntime.sleep(2)\n")
    file.write_text("import slow\n" + RIGHT)
    assert flatten_line(file, capsys).startswith("✓ flatten")


def test_so_may_an_import_in_a_function(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_run, "LIMIT_SECONDS", 1.5)
    (file.parent / "slower.py").write_text("import time\ntime.sleep(2)\n")
    file.write_text("def flatten(images):\n    import slower\n    return images.flatten(1)\n")
    assert flatten_line(file, capsys).startswith("✓ flatten")


def test_an_import_that_never_ends_is_ended(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_call, "LIMIT_SECONDS_IN_ALL", 0.5)
    (file.parent / "endless.py").write_text("while True:\n    pass\n")
    file.write_text(RIGHT + "import endless\n")
    _command.main(file)
    said = capsys.readouterr()
    assert "✓ flatten: right." in said.out
    assert "answers.py, line 3 was still running" in said.err


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"name = input('Name? ')\n", "line 1: EOFError"),
        ("x = 1\n".encode("utf-16"), "answers.py"),
        (b"x = 1\x00\n", "answers.py"),
        (b"# -*- coding: nonsense -*-\n", "SyntaxError"),
        (b"x = 'caf\xe9'\n", "SyntaxError"),
    ],
)
def test_what_cannot_be_run_gets_a_clear_line(
    content: bytes, says: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(content)
    assert _command.main(file) == _command.UNUSABLE
    said = capsys.readouterr()
    assert says in said.err
    assert "Traceback" not in said.err


def test_a_notebook_is_told_from_a_script(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = tmp_path / "answers.ipynb"
    notebook.write_text('{"cells": []}')
    assert _command.main(notebook) == _command.UNUSABLE
    assert "answers.ipynb is a notebook" in capsys.readouterr().err


@pytest.mark.parametrize(
    "damaged", ['{"flatten-unchanged": "1"}', "[]", "7", "{", '{"flatten-unchanged": 1e9}', "[[1]]"]
)
def test_damaged_hints_are_passed_over(
    damaged: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("def flatten(images):\n    return images\n")
    memory = file.with_name(".answers.hints.json")
    memory.write_text(damaged)
    assert _command.main(file, "flatten") == _command.NOT_ALL_RIGHT
    assert "Hint for flatten: What shape" in capsys.readouterr().out
