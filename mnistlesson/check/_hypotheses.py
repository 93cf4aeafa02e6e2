"""Diagnosis by executed hypotheses.

What a learner's function does with a few probes is compared with what each mistake does with them.
"""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mnistlesson.check._catalogue import Mistake, mistakes, named, run_program
from mnistlesson.check._compare import Observation, close, observe, same_behaviour
from mnistlesson.check._exercise import Found, verdict
from mnistlesson.check._run import OutOfTime
from mnistlesson.check._verdict import Level, Verdict
from torch import Tensor


@dataclass(frozen=True)
class FunctionExercise:
    """A function to be written: what it must do, and what it is mistaken for.

    The programs of the mistakes are asked first, in order; then the rules that hold for every
    function, and among them the exercise's own, which sees what no single program shows.
    """

    name: str
    answer: str
    right: Callable[[Tensor], Tensor]
    """A right answer. A function is right where it agrees with it on every probe."""
    inputs: Callable[[int], list[Tensor]]
    """Random inputs to try, from a seed. The first has 64 rows, another has another number."""
    evidence: Callable[[str, Observation, Tensor], str]
    """Says, in the learner's own numbers, what the mistake of this code did with a probe."""
    rule: Callable[[Observation, Tensor], str | None]
    """Names a kind from the first probe that went wrong; None where nothing is known."""

    def judge(self, answer: Callable[..., object], seed: int = 0) -> Verdict:
        """Run a learner's function and say what it does. Nothing it does is raised here."""
        observed = observe(answer, self.inputs(seed))
        wrong = [one for one in observed if not self._good(one)]
        if not wrong:
            return Verdict(self.name, Level.RIGHT, "right", "Your function does what it should.")
        mistake = self._by_program(observed, seed)
        kind = mistake.kind if mistake else self._kind(observed, wrong)
        code = named(self.name, kind).code
        evidence = self.evidence(code, wrong[0], self.right(wrong[0].probe))
        return verdict(self.name, Found(kind, evidence))

    def _by_program(self, observed: Sequence[Observation], seed: int) -> Mistake | None:
        for mistake in mistakes(self.name):
            for program in mistake.programs:
                if same_behaviour(observed, _of_program(self, program, seed)):
                    return mistake
        return None

    def _good(self, one: Observation) -> bool:
        if one.changed or one.tensor is None:
            return False
        # float32 rounds large inputs: 1000 to 0.00003, and what is made of it by as much.
        rtol = 1e-4 + 1e-6 * one.probe.abs().max().item()
        return close(one.tensor, self.right(one.probe), rtol)

    def _kind(self, observed: Sequence[Observation], wrong: Sequence[Observation]) -> str:
        first = wrong[0]
        if isinstance(first.outcome.error, NotImplementedError):
            return "open"
        if isinstance(first.outcome.error, OutOfTime):
            return "endless"
        if any(one.changed for one in observed):
            return "in-place"
        if self._good(observed[0]):
            return "fixed-batch"
        if own := self.rule(first, self.right(first.probe)):
            return own
        if first.outcome.error is not None:
            return "raises"
        if first.outcome.value is None:
            return "no-return"
        return "not-a-tensor" if first.tensor is None else "other"


@functools.lru_cache(maxsize=256)
def _of_program(exercise: FunctionExercise, program: str, seed: int) -> list[Observation]:
    return observe(run_program(program), exercise.inputs(seed))
