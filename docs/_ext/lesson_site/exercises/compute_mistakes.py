"""Each wrong program of an exercise, run, and the verdict on it."""

from collections.abc import Sequence

import torch
from mnistlesson.check import judge
from mnistlesson.check._catalogue import Mistake, mistakes, named, run_program

from lesson_site.exercises.mistakes import Entry, Judged


def _judged(exercise: str, mistake: Mistake, program: str) -> Judged:
    verdict = judge(exercise, run_program(program))
    if verdict.code != mistake.code:
        raise RuntimeError(f"{mistake.code}: the check answers {verdict.code} to\n{program}")
    return Judged(program.strip(), verdict.html({}), verdict.see)


def _entry(exercise: str, mistake: Mistake, programs: Sequence[str]) -> Entry:
    judged = [_judged(exercise, mistake, program) for program in programs]
    return Entry(mistake.code, mistake.says, f"{mistake.ask} {mistake.show}", judged)


def make(exercise: str) -> list[Entry]:
    """Judge the programs of an exercise's own mistakes; name those that are possible in all."""
    torch.manual_seed(0)  # the programs do not, and PyTorch begins with a seed of its own choice
    own = mistakes(exercise)
    codes = {mistake.code for mistake in own}
    kinds = (mistake.code.removeprefix("general-") for mistake in mistakes("general"))
    general = [named(exercise, kind) for kind in kinds]
    return [_entry(exercise, mistake, mistake.programs) for mistake in own] + [
        _entry(exercise, mistake, ()) for mistake in general if mistake.code not in codes
    ]
