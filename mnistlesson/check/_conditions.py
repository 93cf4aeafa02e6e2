"""Diagnosis by conditions: an answer is tried, and the first condition that fails is named."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mnistlesson.check._exercise import Found, verdict
from mnistlesson.check._verdict import Level, Verdict


@dataclass(frozen=True)
class ConditionsExercise:
    """A function or class to be written, of which more matters than what it returns."""

    name: str
    right: str
    """What is said to a right answer."""
    find: Callable[[Any, int], Found | None]
    """Tries an answer with what it makes of a seed; names the first condition that fails."""

    def judge(self, answer: object, seed: int = 0) -> Verdict:
        """Try an answer and say what it does."""
        found = self.find(answer, seed)
        if found is None:
            return Verdict(self.name, Level.RIGHT, "right", self.right)
        return verdict(self.name, found)
