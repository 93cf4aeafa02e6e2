"""``python -m mnistlesson check``: a file of answers, judged in the terminal."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Protocol

import pytest
from mnistlesson.check import EXERCISES, _command, _load

from support.answers import all_answers

STUBS = Path(__file__).parents[1] / "docs" / "exercises" / "exercises.py"

ANSWERS = all_answers()
NAMES = [*EXERCISES]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where the answers are."""
    return tmp_path / "exercises.py"


class Check(Protocol):
    """Checks a file, and returns the exit status, the lines, and what is said of errors."""

    def __call__(self, file: Path, hint: str | None = None) -> tuple[int, list[str], str]:
        """Check the file."""


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Check:
    """Return the command, as called in this process."""

    def call(file: Path, hint: str | None = None) -> tuple[int, list[str], str]:
        status = _command.main(file, hint)
        said = capsys.readouterr()
        return status, said.out.splitlines(), said.err

    return call


def test_right_answers_get_a_line_each(file: Path, check: Check) -> None:
    file.write_text(ANSWERS)
    status, lines, errors = check(file)
    assert (status, errors) == (0, "")
    assert [line.split()[:3] for line in lines] == [["✓", f"{name}:", "right."] for name in NAMES]


def test_stubs_are_not_answers(file: Path, check: Check) -> None:
    file.write_text(STUBS.read_text())
    status, lines, errors = check(file)
    assert (status, errors) == (1, "")
    assert lines == [f"· {name}: no answer yet." for name in NAMES]


def test_a_wrong_answer_is_named_and_hints_follow(file: Path, check: Check) -> None:
    file.write_text(ANSWERS.replace("dim=1", "dim=0"))
    outputs = [check(file, "softmax") for _ in range(4)]
    assert {status for status, _, _ in outputs} == {1}
    for _, lines, _ in outputs:
        line = lines[NAMES.index("softmax")]
        assert line.startswith("✗ softmax: not yet.")
        assert line.endswith(" See silent.html#silent-dim")
    hints = [lines[-1] for _, lines, _ in outputs]
    assert len(set(hints)) == 4
    assert "softmax-columns" in hints[3]


def test_a_name_that_is_missing_is_named(file: Path, check: Check) -> None:
    file.write_text(ANSWERS.replace("def softmax", "def sofmax"))
    status, lines, _ = check(file)
    assert status == 1
    line = lines[NAMES.index("softmax")]
    assert line == "· softmax: softmax is not defined in exercises.py."


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("def flatten(:\n    pass\n", "exercises.py, line 1: SyntaxError"),
        ("import torch\n\ntorch.nonsense\n", "exercises.py, line 3: AttributeError"),
        ("import helper\n", "\n    See errors.html#error-helper\n"),
        ("raise SystemExit(0)\n", "exercises.py, line 1: SystemExit"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_gets_a_clear_line(
    file: Path, text: str | None, says: str, check: Check
) -> None:
    if text is not None:
        file.write_text(text)
    status, lines, errors = check(file)
    assert (status, lines) == (2, [])
    assert says in errors
    assert "Traceback" not in errors


def test_a_file_that_goes_on_and_on_is_judged_as_far_as_it_came(
    file: Path, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_load, "LIMIT_SECONDS", 2.0)
    file.write_text(ANSWERS + "\nwhile True:\n    pass\n")
    status, lines, errors = check(file)
    assert (status, len(lines)) == (0, len(NAMES))
    assert re.search(r"exercises.py, line \d+ was still running", errors)
    assert 'if __name__ == "__main__":' in errors


def test_an_unknown_exercise_is_named(file: Path, check: Check) -> None:
    file.write_text(ANSWERS)
    status, _, errors = check(file, "sofmax")
    assert status == 2
    assert "no exercise 'sofmax'" in errors
    assert "softmax" in errors


def test_the_command_line_ends_with_the_status(file: Path) -> None:
    command = [sys.executable, "-m", "mnistlesson", "check", str(file)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 2
    file.write_text(ANSWERS)
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_watch_checks_again_when_the_file_is_saved(file: Path) -> None:
    file.write_text(STUBS.read_text())
    process = subprocess.Popen(
        [sys.executable, "-m", "mnistlesson", "check", str(file), "--watch"],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    try:
        before = [process.stdout.readline() for _ in NAMES]
        file.write_text(ANSWERS)
        after = [process.stdout.readline() for _ in ["", *NAMES]]
    finally:
        process.kill()
        process.communicate()
    assert before[0] == f"· {NAMES[0]}: no answer yet.\n"
    assert after[1].startswith(f"✓ {NAMES[0]}: right.")
