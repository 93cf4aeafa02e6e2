"""An exercise with gaps: each way to fill them, executed and judged by the exercise's check."""

import re
import tomllib
from pathlib import Path
from typing import Any

import torch
from mnistlesson.check import Level, Verdict, judge
from mnistlesson.check._catalogue import run_program
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from lesson_site.interactive.compute_programs import GAP, programs
from lesson_site.templates import render


def _fault(name: str, gap: dict[str, Any], places: int) -> str:
    """Return what is wrong with a gap, and what to do; empty where nothing is."""
    options = gap.get("options", [])
    if places != 1:
        return f"GAP_{name} must stand in the code once, as a name of its own, not {places} times"
    if not gap.get("asks"):
        return f"[gap.{name}] needs `asks`: what stands in the gap"
    if len(options) < 2 or len(options) != len(set(options)):
        return f"[gap.{name}] needs `options`: two or more texts, each other than the rest"
    return ""


def _said(verdict: Verdict) -> tuple[str, tuple[str, ...]]:
    """Return a verdict as HTML, and the hints that add something to it."""
    hints = tuple(hint for hint in verdict.hints if hint not in verdict.evidence)
    return verdict._repr_html_(), hints


def _filled(exercise: str, code: str, gaps: dict[str, Any]) -> str:
    html = highlight(code, PythonLexer(), HtmlFormatter(nowrap=True)).rstrip()
    first, *rest = re.split(f"<span[^>]*>{GAP.pattern}</span>", html)
    names = rest[::2]
    for name in dict.fromkeys([*names, *gaps]):
        if fault := _fault(name, gaps.get(name, {}), names.count(name)):
            raise ValueError(fault)
    judged = []
    for program in programs(code, {name: gaps[name]["options"] for name in names}):
        torch.default_generator.manual_seed(0)  # PyTorch begins with one of its own choice
        judged.append(judge(exercise, run_program(program)))
    verdicts = list(dict.fromkeys(judged))
    if any(verdict.code.endswith("-endless") for verdict in verdicts):
        raise ValueError("a program was stopped, and none has a loop without an end: build again")
    context = {
        "first": first,
        "gaps": [(gaps[name], after) for name, after in zip(names, rest[1::2], strict=True)],
        "unanswered": lambda says: Verdict(exercise, Level.OPEN, "open", says).html({}),
        "verdicts": map(_said, verdicts),
        "told": [*map(verdicts.index, judged)],
    }
    return render("interactive/gaps/template.html", **context)


def make(file: str) -> str:
    """Judge each way to fill the gaps of an exercise.

    Args:
        file: ``EXERCISE.toml``: a program as ``code`` with places ``GAP_name``, and for each a
            table ``[gap.name]`` with what it ``asks`` and the ``options`` to choose from.

    Raises:
        ValueError: The file cannot be read so, or a program cannot be executed.
    """
    path = Path(file)
    try:
        asked = tomllib.loads(path.read_text(encoding="utf-8"))
        return _filled(path.stem, asked["code"].strip() + "\n", asked["gap"])
    except Exception as error:
        raise ValueError(f"{path}: {type(error).__name__}: {error}") from error
