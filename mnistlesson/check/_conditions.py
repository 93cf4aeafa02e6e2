"""Diagnosis by conditions: an answer is tried, and the first condition that fails is named."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mnistlesson.check._exercise import Found, verdict
from mnistlesson.check._outcome import Outcome
from mnistlesson.check._verdict import Level, Verdict
from mnistlesson.check._words import say


@dataclass(frozen=True)
class ConditionsExercise:
    """A function or class to be written, of which more matters than what it returns."""

    name: str
    answer: str
    right: str
    """What is said to a right answer."""
    find: Callable[[Any, int], Found | None]
    """Tries an answer with what it makes of a seed; names the first condition that fails."""

    def judge(self, answer: object, seed: int = 0) -> Verdict:
        """Try an answer and say what it does. Nothing it does is raised here."""
        try:
            found = self.find(answer, seed)
        except Exception as error:  # noqa: BLE001 - of an object that refuses to be looked at
            template = "Looking at your answer raises {error}."
            found = Found("raises", say(template, error=Outcome(error=error).message))
        if found is None:
            return Verdict(self.name, Level.RIGHT, "right", self.right)
        return verdict(self.name, found)
