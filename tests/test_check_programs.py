"""Every check: each wrong program of the catalogue is named, and nothing is left behind."""

from typing import Any

import pytest
import torch
from mnistlesson.check import EXERCISES, judge
from mnistlesson.check._catalogue import mistakes

from support.judging import assert_named


# The build judges each program once, for the pages of mistakes, and fails where it is misjudged.
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("name", EXERCISES)
def test_wrong_programs_are_named(name: str, seed: int) -> None:
    for mistake in mistakes(name):
        for program in mistake.programs:
            assert_named(name, mistake, program, [seed])


@pytest.mark.parametrize("name", EXERCISES)
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


@pytest.mark.parametrize("name", EXERCISES)
def test_what_refuses_to_be_looked_at_gets_a_verdict(name: str) -> None:
    assert not judge(name, Contrary("Answer", (), {}))


@pytest.mark.slow
@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("name", EXERCISES)
def test_what_never_ends_is_ended(name: str) -> None:
    def endless(*_arguments: object) -> None:
        while True:
            pass

    assert judge(name, endless).code == f"{name}-endless"
