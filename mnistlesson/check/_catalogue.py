"""The mistakes that learners make, as programs that make them: the files in ``mistakes/``."""

import functools
import linecache
import math
import re
import tomllib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from mnistlesson import models
from mnistlesson.check._verdict import Level
from torch import nn

FOLDER = Path(__file__).parent / "mistakes"

_EXCEPTIONS = tomllib.loads((FOLDER.parent / "exceptions.toml").read_text(encoding="utf-8"))
_ERRORS = tomllib.loads((FOLDER.parent / "errors.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Mistake:
    """A mistake of one exercise."""

    code: str
    """Its name, and its anchor on the page of mistakes: ``softmax-columns``."""
    says: str
    """What it is, in a sentence."""
    ask: str
    """The first hint: a question."""
    show: str
    """The third hint: code, short of the solution where that is possible."""
    level: Level
    programs: tuple[str, ...]
    """Programs that make it, as a learner would write them."""
    formulas: tuple[str, ...] = ()
    """What it computes from the learner's own tensors, where an exercise has such."""
    see: str = ""
    """The anchor of what the site says of such a failure elsewhere than in this exercise."""

    @property
    def kind(self) -> str:
        """Its code without the name of the exercise: ``columns``."""
        return self.code.partition("-")[2]


@functools.cache
def mistakes(exercise: str) -> tuple[Mistake, ...]:
    """Return the mistakes of an exercise, in the order in which they are asked."""
    entries = tomllib.loads((FOLDER / f"{exercise}.toml").read_text(encoding="utf-8"))["mistake"]
    return tuple(
        Mistake(
            code=f"{exercise}-{entry['code']}",
            says=entry["says"],
            ask=entry["ask"],
            show=entry["show"],
            level=Level[entry.get("level", "not yet").upper().replace(" ", "_")],
            programs=tuple(program.strip("\n") + "\n" for program in entry.get("programs", ())),
            formulas=tuple(entry.get("formulas", ())),
            see=entry.get("see", ""),
        )
        for entry in entries
    )


def named(exercise: str, kind: str) -> Mistake:
    """Return a mistake of an exercise: its own, or else the general one under its name."""
    for mistake in (*mistakes(exercise), *mistakes("general")):
        if mistake.kind == kind:
            return replace(mistake, code=f"{exercise}-{kind}")
    raise KeyError(f"{exercise}-{kind}")


def exception_hints(mistake: Mistake, text: str) -> tuple[str, str]:
    """Return the question and the pointer for an error, by the kind of exception in a text."""
    if mistake.kind not in {"raises", "init-raises"}:
        return mistake.ask, mistake.show
    for entry in _EXCEPTIONS["exception"]:
        if re.search(entry["match"], text):
            return entry["ask"], entry["show"]
    return mistake.ask, mistake.show


def error_anchor(text: str) -> str:
    """Return the anchor under which the site explains the error in a text; "" where it does not."""
    return next((anchor for anchor, words in _ERRORS.items() if re.search(words, text)), "")


@functools.cache
def run_program(program: str) -> Callable[..., Any]:
    """Run a program, and return the function or class that it defines last."""
    name = f"<answer {abs(hash(program))}>"
    # So that an error can show its line.
    linecache.cache[name] = (len(program), None, program.splitlines(keepends=True), name)
    namespace: dict[str, Any] = {
        "F": F,
        "OrderedDict": OrderedDict,
        "math": math,
        "models": models,
        "nn": nn,
        "torch": torch,
    }
    exec(compile(program, name, "exec"), namespace)  # noqa: S102 - the project's own programs
    answer: Callable[..., Any] = [*namespace.values()][-1]
    return answer
