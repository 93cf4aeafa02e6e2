"""``python -m mnistlesson check FILE``: judge every exercise of a file in the terminal."""

import contextlib
import json
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from mnistlesson.check._catalogue import error_anchor
from mnistlesson.check._exercises import EXERCISES
from mnistlesson.check._run import run
from mnistlesson.check._verdict import Level, Verdict

RIGHT, NOT_ALL_RIGHT, UNUSABLE = 0, 1, 2
"""What the command says when it exits."""


class UnusableFileError(Exception):
    """The file cannot be read, or not be run; says why."""


def main(file: Path, hint: str | None = None, *, watch: bool = False) -> int:
    """Check a file, and return the exit status.

    Args:
        file: Python code that defines the answers under the names of the exercises.
        hint: The exercise of which to print the next hint too.
        watch: Whether to check again each time the file is saved, until Ctrl-C.
    """
    if hint is not None and hint not in EXERCISES:
        print(f"There is no exercise {hint!r}. There are: {', '.join(EXERCISES)}.", file=sys.stderr)
        return UNUSABLE
    # Before the check: what is saved while it runs is checked after it.
    saved = _saved(file)
    status = _once(file, hint)
    try:
        while watch:
            time.sleep(0.2)
            if (now := _saved(file)) != saved:
                saved = now
                print(flush=True)
                status = _once(file, hint)
    except KeyboardInterrupt:
        print()
    return status


def _saved(file: Path) -> int | None:
    # An editor may replace the file: for a moment there is none.
    return file.stat().st_mtime_ns if file.exists() else None


def _once(file: Path, hint: str | None) -> int:
    try:
        answers = _load(file)
    except UnusableFileError as error:
        print(error, file=sys.stderr, flush=True)
        return UNUSABLE
    verdicts = {}
    for name, exercise in EXERCISES.items():
        if exercise.answer not in answers:
            print(f"· {name}: {exercise.answer} is not defined in {file.name}.", flush=True)
            continue
        verdicts[name] = exercise.judge(answers[exercise.answer])
        print(_line(verdicts[name]), flush=True)
    if hint in verdicts and not verdicts[hint]:
        print(f"\nHint for {hint}: {_next_hint(file, verdicts[hint])}", flush=True)
    return RIGHT if len(verdicts) == len(EXERCISES) and all(verdicts.values()) else NOT_ALL_RIGHT


def _line(verdict: Verdict) -> str:
    if verdict.level is Level.OPEN:
        return f"{verdict.level.mark} {verdict.exercise}: {verdict.level.word}."
    see = [f"See {verdict.entry}"] if verdict.entry else []
    return " ".join([repr(verdict).split("\n")[0], *verdict.evidence, *see])


def _load(file: Path) -> dict[str, Any]:
    """Run the file, and return what it defines."""
    try:
        code = compile(file.read_text(encoding="utf-8"), str(file), "exec")
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableFileError(f"{file} cannot be read: {error}") from error
    except SyntaxError as error:
        line = f"{file.name}, line {error.lineno}: SyntaxError: {error.msg}"
        raise UnusableFileError(f"{line}\n    {(error.text or '').strip()}") from error
    names: dict[str, Any] = {"__name__": "exercises", "__file__": str(file)}
    outcome = run(exec, code, names)
    if outcome.error is not None:
        frames = traceback.extract_tb(outcome.error.__traceback__)
        where = [frame.lineno for frame in frames if frame.filename == str(file)]
        place = f"{file.name}, line {where[-1]}" if where else file.name
        see = f"\n    See errors.html#{anchor}" if (anchor := error_anchor(outcome.message)) else ""
        raise UnusableFileError(f"{place}: {outcome.message}{see}")
    return names


def _next_hint(file: Path, verdict: Verdict) -> str:
    """Return the hint that follows those which earlier calls have given for the same mistake."""
    memory = file.with_name(f".{file.stem}.hints.json")
    try:
        given = dict(json.loads(memory.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        given = {}
    given[verdict.code] = given.get(verdict.code, 0) + 1
    hint = [verdict.hint() for _ in range(given[verdict.code])][-1]
    # Where nothing can be remembered, the first hint is still worth having.
    with contextlib.suppress(OSError):
        memory.write_text(json.dumps(given), encoding="utf-8")
    return hint
