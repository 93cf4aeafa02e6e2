"""What every exercise is to those who use it, and how what it finds becomes a verdict."""

from typing import NamedTuple, Protocol

from mnistlesson.check._catalogue import Mistake, error_anchor, exception_hints, named
from mnistlesson.check._verdict import Verdict


class Found(NamedTuple):
    """A mistake that an answer makes. Where nothing is wrong, there is None instead."""

    kind: str
    """Its code in the catalogue, without the name of the exercise: ``columns``."""
    evidence: str
    """A sentence with the learner's own numbers."""


class Exercise(Protocol):
    """An exercise, and how an answer is judged: the last thing in its module."""

    @property
    def name(self) -> str:
        """Its name, such as ``"network"``."""

    def judge(self, answer: object, seed: int = 0) -> Verdict:
        """Say what an answer does. Nothing it does is raised here."""


def verdict(exercise: str, found: Found, mistake: Mistake | None = None) -> Verdict:
    """Make a verdict of a mistake that was found, by default one of the exercise's own."""
    mistake = mistake or named(exercise, found.kind)
    ask, show = exception_hints(mistake, found.evidence)
    hints = (ask, found.evidence, show)
    # An error of the learner's own says more than the kind of mistake.
    see = error_anchor(found.evidence) or mistake.see
    return Verdict(
        exercise, mistake.level, mistake.code, mistake.says, (found.evidence,), hints, see
    )
