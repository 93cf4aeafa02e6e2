"""``python -m mnistlesson check FILE``: judge every exercise of a file in the terminal."""

import contextlib
import json
import sys
import time
from pathlib import Path

from mnistlesson.check._exercises import EXERCISES, judge, unknown
from mnistlesson.check._load import UnusableFileError, loaded
from mnistlesson.check._verdict import Level, Verdict, printable

RIGHT, NOT_ALL_RIGHT, UNUSABLE = 0, 1, 2
"""What the command says when it exits."""


def main(file: Path, hint: str | None = None, *, watch: bool = False) -> int:
    """Check a file, and return the exit status.

    Args:
        file: Python code that defines the answers under the names of the exercises.
        hint: The exercise of which to print the next hint too.
        watch: Whether to check again each time the file is saved, until Ctrl-C.
    """
    if hint is not None and hint not in EXERCISES:
        _complain(unknown(hint))
        return UNUSABLE
    # The file may import torchvision first, which may have been built for another torch.
    with contextlib.suppress(ImportError, RuntimeError):
        from mnistlesson import _torchvision  # noqa: F401, PLC0415 - only where a file is loaded

    # Before the check: what is saved while it runs is checked after it.
    saved = _saved(file)
    status = _once(file, hint)
    try:
        while watch:
            time.sleep(0.2)
            if (now := _saved(file)) != saved:
                saved = now
                _say("")
                status = _once(file, hint)
    except KeyboardInterrupt:
        _say("")
    return status


def _say(text: str) -> None:
    print(printable(text, sys.stdout), flush=True)


def _complain(text: str) -> None:
    stream = sys.stderr or sys.stdout
    print(printable(text, stream), file=stream, flush=True)


def _saved(file: Path) -> int | None:
    # An editor may replace the file: for a moment there is none.
    return file.stat().st_mtime_ns if file.exists() else None


def _once(file: Path, hint: str | None) -> int:
    verdicts = {}
    try:
        with loaded(file) as answers:
            if answers.note:
                _complain(answers.note)
            for name, wanted in EXERCISES.items():
                if wanted not in answers.names:
                    _say(f"· {name}: {wanted} is not defined in {file.name}.")
                    continue
                verdicts[name] = judge(name, answers.names[wanted])
                _say(_line(verdicts[name]))
    except UnusableFileError as error:
        _complain(str(error))
        return UNUSABLE
    if hint in verdicts and not verdicts[hint]:
        _say(f"\nHint for {hint}: {_next_hint(file, verdicts[hint])}")
    return RIGHT if len(verdicts) == len(EXERCISES) and all(verdicts.values()) else NOT_ALL_RIGHT


def _line(verdict: Verdict) -> str:
    if verdict.level is Level.OPEN:
        return f"{verdict.level.mark} {verdict.exercise}: {verdict.level.word}."
    see = [f"See {verdict.entry}"] if verdict.entry else []
    return " ".join([repr(verdict).split("\n")[0], *verdict.evidence, *see])


def _next_hint(file: Path, verdict: Verdict) -> str:
    """Return the hint that follows those which earlier calls have given for the same mistake."""
    memory = file.with_name(f".{file.stem}.hints.json")
    given = _given(memory)
    given[verdict.code] = min(given.get(verdict.code, 0), len(verdict.hints)) + 1
    hint = [verdict.hint() for _ in range(given[verdict.code])][-1]
    # Where nothing can be remembered, the first hint is still worth having.
    with contextlib.suppress(OSError):
        memory.write_text(json.dumps(given), encoding="utf-8")
    return hint


def _given(memory: Path) -> dict[str, int]:
    """Return how many hints were given for each mistake; none where the file is damaged."""
    try:
        kept = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(kept, dict):
        return {}
    return {code: count for code, count in kept.items() if type(count) is int and count > 0}
