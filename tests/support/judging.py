"""What is asked of the check of every exercise, on several seeds."""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from mnistlesson.check import Level
from mnistlesson.check._catalogue import Mistake, run_program
from mnistlesson.check._exercises import exercise


def built(program: str, seed: int) -> Callable[..., Any]:
    """Run a program anew: a sequence has other weights with each seed."""
    torch.default_generator.manual_seed(seed)  # torch.manual_seed looks for devices, too
    return run_program.__wrapped__(program)


def assert_named(name: str, mistake: Mistake, program: str, seeds: Iterable[int]) -> None:
    """Expect of a wrong program the name of its mistake, and three hints."""
    for seed in seeds:
        verdict = exercise(name).judge(built(program, seed), seed)
        named = (verdict.code, verdict.level, verdict.says)
        assert named == (mistake.code, mistake.level, mistake.says), f"{verdict}\n{program}"
        assert bool(verdict) == (mistake.level is Level.NOTE)
        assert len(verdict.hints) == 3
        assert "\n" not in verdict.evidence[0]


def assert_right(name: str, program: str, seeds: Iterable[int]) -> None:
    """Expect of a right program that it passes, without a note."""
    for seed in seeds:
        verdict = exercise(name).judge(built(program, seed), seed)
        assert (verdict.level, verdict.code) == (Level.RIGHT, "right"), verdict
