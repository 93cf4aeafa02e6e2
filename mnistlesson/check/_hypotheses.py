"""Diagnosis by executed hypotheses.

What a learner's function does with a few probes is compared with what each mistake does with them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mnistlesson.check._cached import cached
from mnistlesson.check._calling import of_error, original, uncallable
from mnistlesson.check._catalogue import mistakes, named, run_program
from mnistlesson.check._compare import Observation, close, computes, observe, same_behaviour
from mnistlesson.check._exercise import Found, verdict
from mnistlesson.check._verdict import Level, Verdict
from torch import Tensor


@dataclass(frozen=True)
class FunctionExercise:
    """A function to be written: what it must do, and what it is mistaken for.

    The programs of the mistakes are asked first, in order; then the rules that hold for every
    function, and among them the exercise's own, which sees what no single program shows.
    """

    name: str
    right: Callable[[Tensor], Tensor]
    """A right answer. A function is right where it agrees with it on every probe."""
    inputs: Callable[[int], list[Tensor]]
    """Random inputs to try, from a seed. The first has 64 rows, another has another number."""
    evidence: Callable[[str, Observation, Tensor], str]
    """Says, in the learner's own numbers, what the mistake of this code did with a probe."""
    rule: Callable[[Observation, Tensor], str | None]
    """Names a kind from the first probe that went wrong; None where nothing is known."""

    def judge(self, answer: object, seed: int = 0) -> Verdict:
        """Run a learner's function and say what it does. Nothing it does is raised here."""
        inputs = self.inputs(seed)
        if found := uncallable(answer, inputs[0]):
            return verdict(self.name, found)
        function = original(answer)
        observed = observe(function, inputs)
        wrong = [one for one in observed if not self._good(one)]
        if not wrong:
            return Verdict(self.name, Level.RIGHT, "right", "Your function does what it should.")
        kind = (
            of_error(wrong[0].outcome)
            or self._empty(function, observed[0])
            or self._by_program(observed, seed)
            or self._by_rule(observed, wrong)
            or self._by_another_call(function, observed[0], seed)
            or self.rule(wrong[0], self.right(wrong[0].probe))
            or self._by_type(wrong[0])
        )
        code = named(self.name, kind).code
        evidence = self.evidence(code, wrong[0], self.right(wrong[0].probe))
        return verdict(self.name, Found(kind, evidence))

    def _by_program(self, observed: Sequence[Observation], seed: int) -> str | None:
        for mistake in mistakes(self.name):
            for program in mistake.programs:
                # Most programs are told apart by the first probe.
                if all(
                    same_behaviour(one, _of_program(self, program, seed, place))
                    for place, one in enumerate(observed)
                ):
                    return mistake.kind
        return None

    def _good(self, one: Observation) -> bool:
        if one.changed or one.tensor is None:
            return False
        # float32 rounds large inputs: 1000 to 0.00003, and what is made of it by as much.
        rtol = 1e-4 + 1e-6 * one.probe.abs().max().item()
        return close(one.tensor, self.right(one.probe), rtol)

    def _by_rule(self, observed: Sequence[Observation], wrong: Sequence[Observation]) -> str | None:
        if any(one.changed for one in observed):
            return "in-place"
        same_number = [one for one in wrong if len(one.probe) == len(observed[0].probe)]
        return None if same_number else "fixed-batch"

    def _empty(self, function: Callable[..., object], first: Observation) -> str | None:
        if first.outcome.error is not None or not (
            first.outcome.value is None or first.outcome.value is ...
        ):
            return None
        return None if computes(function, first.probe) else "empty"

    def _by_another_call(
        self, function: Callable[..., object], first: Observation, seed: int
    ) -> str | None:
        """Call the function with another input, and look whether its result differs."""
        (again,) = observe(function, self.inputs(seed + 1)[:1])
        one, other = first.tensor, again.tensor
        if one is None or other is None or not one.numel() or not one.isfinite().all():
            return None
        constant = one.min() == one.max()
        return "unused-argument" if close(one, other) and not constant else None

    def _by_type(self, first: Observation) -> str:
        if first.outcome.error is not None:
            return "raises"
        if first.outcome.value is None:
            return "no-return"
        if first.tensor is None:
            ordinary = not isinstance(first.outcome.value, Tensor)
            return "not-a-tensor" if ordinary else "not-ordinary"
        return "shape" if first.tensor.shape != self.right(first.probe).shape else "other"


@cached
def _of_program(exercise: FunctionExercise, program: str, seed: int, place: int) -> Observation:
    return observe(run_program(program), exercise.inputs(seed)[place : place + 1])[0]
