"""Diagnosis by facts: what an answer returns, changes and does, in a few small situations.

The answer is right where every fact is that of a right program. Else the facts are compared with
those of each mistake's program, in all situations, or else up to the first that went wrong: so that
of two mistakes one is named. What no program does, the rules of the exercise name by the first
fact that differs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mnistlesson.check._cached import cached
from mnistlesson.check._calling import of_error, original, uncallable
from mnistlesson.check._catalogue import mistakes, named, run_program
from mnistlesson.check._compare import computes, same
from mnistlesson.check._exercise import Found, verdict
from mnistlesson.check._outcome import Outcome, OutOfTime
from mnistlesson.check._run import run
from mnistlesson.check._verdict import Level, Verdict
from mnistlesson.check._words import say

Facts = Mapping[str, Any]
"""What there is to see of a call, by name, the gravest first."""


@dataclass(frozen=True)
class Situation:
    """A call of the answer, with things that were made for it."""

    arguments: tuple[object, ...]
    facts: Callable[[object], Facts]
    """Tells, from what the answer returned, what there is to see afterwards."""
    call: Callable[..., object] = lambda answer, *arguments: answer(*arguments)
    """Calls the answer with the arguments, by itself once."""


@dataclass(frozen=True)
class Behaviour:
    """What an answer did in one situation."""

    outcome: Outcome
    facts: Facts

    def differs(self, other: "Behaviour") -> str | None:
        """Return the name of the first fact that is not as in another; None where all are."""
        errors = self.outcome.error, other.outcome.error
        if any(error is not None for error in errors):
            # The text too: many mistakes raise a TypeError, each with words of its own.
            return None if repr(errors[0]) == repr(errors[1]) else "error"
        names = (name for name in other.facts if not same(self.facts.get(name), other.facts[name]))
        return next(names, None)


@dataclass(frozen=True)
class Difference:
    """The first fact of an answer that is not as it should be."""

    name: str
    """Which fact; ``"error"`` where the answer raised one."""
    facts: Facts
    """All facts of the situation, as the answer made them; none after an error."""
    right: Facts
    """The same, as a right program makes them."""
    outcome: Outcome


@dataclass(frozen=True)
class FactsExercise:
    """A function or class to be written: what is looked at, and what the facts say."""

    name: str
    right: Callable[..., Any]
    """A right answer."""
    situations: tuple[Callable[[int], Situation], ...]
    """Each makes a situation, all things in it anew, from a seed."""
    evidence: Callable[[str, Difference], str]
    """Says what the mistake of this kind did, in the learner's own numbers."""
    rule: Callable[[Difference], str | None]
    """Names a kind from the first fact that differs; None where nothing is known."""
    praise: str = "Your function does what it should."

    def judge(self, answer: object, seed: int = 0) -> Verdict:
        """Try an answer and say what it does. Nothing it does is raised here."""
        if found := uncallable(answer, *self.situations[0](seed).arguments):
            return verdict(self.name, found)
        function = original(answer)
        observed = self._observed(function, seed)
        right = [_of(self, self.right, place, seed) for place in range(len(observed))]
        pairs = enumerate(zip(observed, right, strict=True))
        differ = [(place, name) for place, (one, other) in pairs if (name := one.differs(other))]
        if not differ:
            return Verdict(self.name, Level.RIGHT, "right", self.praise)
        wrong, name = differ[0]
        one = observed[wrong]
        difference = Difference(name, one.facts, right[wrong].facts, one.outcome)
        kind = (
            self._open(function, observed[0], seed)
            or self._by_program(observed, wrong, seed)
            or of_error(one.outcome)
            or self.rule(difference)
            or self._by_outcome(one)
        )
        return verdict(self.name, Found(kind, self._evidence(kind, difference)))

    def _observed(self, function: Callable[..., object], seed: int) -> list[Behaviour]:
        """Let an answer act in each situation; stop where it ran out of time."""
        observed: list[Behaviour] = []
        for place in range(len(self.situations)):
            observed.append(_observe(self, function, place, seed))
            if isinstance(observed[-1].outcome.error, OutOfTime):
                break
        return observed

    def _evidence(self, kind: str, difference: Difference) -> str:
        if difference.name == "error":
            return say("You get {error}.", error=difference.outcome.message)
        return self.evidence(named(self.name, kind).kind, difference)

    def _open(self, function: Callable[..., object], first: Behaviour, seed: int) -> str | None:
        if (kind := of_error(first.outcome)) in {"open", "endless"}:
            return kind
        value = first.outcome.value
        if first.outcome.error is not None or not (value is None or value is ...):
            return None
        again = self.situations[0](seed)
        return None if computes(again.call, function, *again.arguments) else "empty"

    def _by_program(self, observed: Sequence[Behaviour], wrong: int, seed: int) -> str | None:
        """Find the mistake whose program does the same everywhere, or else until it goes wrong."""

        def alike(program: str, places: range) -> bool:
            function = run_program(program)
            # Backwards: most programs are told apart where the answer went wrong.
            return not any(
                observed[place].differs(_of(self, function, place, seed))
                for place in reversed(places)
            )

        alike_so_far = [
            (mistake, program)
            for mistake in mistakes(self.name)
            for program in mistake.programs
            if alike(program, range(wrong + 1))
        ]
        for mistake, program in alike_so_far:
            if alike(program, range(wrong + 1, len(observed))):
                return mistake.kind
        return alike_so_far[0][0].kind if alike_so_far else None

    def _by_outcome(self, one: Behaviour) -> str:
        if one.outcome.error is not None:
            return "raises"
        return "no-return" if one.outcome.value is None else "other"


def _observe(
    exercise: FactsExercise, function: Callable[..., object], place: int, seed: int
) -> Behaviour:
    situation = exercise.situations[place](seed)
    outcome = run(situation.call, function, *situation.arguments)
    failed = outcome.error is not None
    return Behaviour(outcome, {} if failed else situation.facts(outcome.value))


_of = cached(_observe)
"""The same, of the project's own programs: they are remembered."""
