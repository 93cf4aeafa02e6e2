"""The checks by conditions: each wrong program is named, and nothing is left behind."""

from typing import Any

import pytest
import torch
from mnistlesson.check import Level, judge
from mnistlesson.check._catalogue import Mistake, mistakes, run_program
from mnistlesson.check._conditions import ConditionsExercise
from mnistlesson.check._exercises import EXERCISES

from support.seeds import seeds

NAMES = [name for name, one in EXERCISES.items() if isinstance(one, ConditionsExercise)]
WRONG = [
    (name, mistake, program)
    for name in NAMES
    for mistake in mistakes(name)
    for program in mistake.programs
]


@seeds
@pytest.mark.parametrize(
    ("name", "mistake", "program"), WRONG, ids=lambda x: getattr(x, "code", "")
)
def test_a_wrong_program_is_named(name: str, mistake: Mistake, program: str, seeds: range) -> None:
    for seed in seeds:
        verdict = EXERCISES[name].judge(run_program(program), seed)
        assert bool(verdict) == (mistake.level is Level.NOTE)
        assert (verdict.code, verdict.says) == (mistake.code, mistake.says)
        assert len(verdict.hints) == 3


@pytest.mark.parametrize("name", NAMES)
def test_the_program_around_it_stays_as_it_was(name: str) -> None:
    def disturb(*_arguments: Any) -> None:  # noqa: ANN401 - of every exercise
        torch.set_grad_enabled(False)
        torch.set_default_dtype(torch.float64)
        torch.rand(3)

    before = torch.get_rng_state()
    assert not judge(name, disturb)
    assert torch.is_grad_enabled()
    assert torch.get_default_dtype() == torch.float32
    assert torch.equal(torch.get_rng_state(), before)


class Contrary(type):
    """Makes classes that refuse to be looked at."""

    def __getattribute__(cls, name: str) -> object:
        """Refuse."""
        raise ZeroDivisionError(name)


@pytest.mark.parametrize("name", NAMES)
def test_what_refuses_to_be_looked_at_gets_a_verdict(name: str) -> None:
    assert not judge(name, Contrary("Answer", (), {}))
