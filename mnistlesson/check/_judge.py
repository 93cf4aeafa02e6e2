"""Diagnosis by executed hypotheses.

What a learner's function does with a few probes is compared with what each mistake does with them.
"""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
from mnistlesson.check._catalogue import Mistake, executed, explained, mistakes
from mnistlesson.check._run import Outcome, OutOfTime, run
from mnistlesson.check._verdict import Level, Verdict
from torch import Tensor


@dataclass(frozen=True)
class Seen:
    """What a function did with one probe."""

    probe: Tensor
    outcome: Outcome
    changed: bool
    """Whether it changed its input."""

    @property
    def tensor(self) -> Tensor | None:
        """Its result, where that is a tensor of numbers that can be compared."""
        value = self.outcome.value
        if not isinstance(value, Tensor) or value.layout is not torch.strided or value.is_nested:
            return None
        if value.is_meta or value.is_quantized or value.is_complex():
            return None
        return value.detach().cpu()


def watch(function: Callable[..., object], probes: Sequence[Tensor]) -> list[Seen]:
    """Call a function on a copy of each probe; stop where it ran out of time."""
    seen = []
    for probe in probes:
        given = probe.clone()
        outcome = run(function, given)
        changed = given.shape != probe.shape or not torch.equal(given, probe)
        seen.append(Seen(probe, outcome, changed))
        if isinstance(outcome.error, OutOfTime):
            break
    return seen


def alike(one: Seen, other: Seen) -> bool:
    """Tell whether two functions did the same with a probe."""
    if one.outcome.error is not None or other.outcome.error is not None:
        # The text too: many mistakes raise a TypeError, each with words of its own.
        return repr(one.outcome.error) == repr(other.outcome.error)
    if one.changed != other.changed:
        return False
    if one.tensor is None or other.tensor is None:
        return one.outcome.value is None and other.outcome.value is None
    return same(one.tensor, other.tensor)


def same(one: Tensor, other: Tensor, rtol: float = 1e-4) -> bool:
    """Tell whether two tensors agree in shape and, up to rounding, in every number."""
    return one.shape == other.shape and torch.allclose(
        one.double(), other.double(), rtol=rtol, atol=1e-6, equal_nan=True
    )


def all_alike(ones: Sequence[Seen], others: Sequence[Seen]) -> bool:
    """Tell whether two functions did the same with every probe."""
    return len(ones) == len(others) and all(map(alike, ones, others))


def verdict(exercise: str, mistake: Mistake, evidence: str) -> Verdict:
    """Make a verdict of a mistake and of the learner's own numbers."""
    hints = (mistake.ask, evidence, mistake.show)
    # An error of the learner's own says more than the kind of mistake.
    see = explained(evidence) or mistake.see
    return Verdict(exercise, mistake.level, mistake.code, mistake.says, (evidence,), hints, see)


def probe(*size: int, seed: int, scale: float = 1.0) -> Tensor:
    """Return random numbers of a shape, the same each time."""
    generator = torch.Generator().manual_seed(seed)
    return scale * torch.randn(size, generator=generator)


def shape(tensor: Tensor) -> str:
    """Return a shape as the lesson writes it."""
    return str(tuple(tensor.shape))


@functools.lru_cache(maxsize=128)
def _seen(exercise: "Exercise", program: str, seed: int) -> list[Seen]:
    return watch(executed(program), exercise.probes(seed))


@dataclass(frozen=True)
class Exercise:
    """A function to be written: what it must do, and what it is mistaken for.

    The programs of the mistakes are asked first, in order; then the rules that hold for every
    function, and among them the exercise's own, which sees what no single program shows.
    """

    name: str
    right: Callable[[Tensor], Tensor]
    """A right answer. A function is right where it agrees with it on every probe."""
    probes: Callable[[int], list[Tensor]]
    """Random inputs to try, from a seed. The first has 64 rows, another has another number."""
    evidence: Callable[[str, Seen, Tensor], str]
    """Says, in the learner's own numbers, what the mistake of this code did with a probe."""
    rule: Callable[[Seen, Tensor], str | None]
    """Names a code from the first probe that went wrong; None where nothing is known."""

    def judge(self, function: Callable[..., object], seed: int = 0) -> Verdict:
        """Run a learner's function and say what it does. Nothing it does is raised here."""
        seen = watch(function, self.probes(seed))
        wrong = [one for one in seen if not self._good(one)]
        if not wrong:
            return Verdict(self.name, Level.RIGHT, "right", "Your function does what it should.")
        mistake = self._by_program(seen, seed) or named(self.name, self._kind(seen, wrong))
        evidence = self.evidence(mistake.code, wrong[0], self.right(wrong[0].probe))
        return verdict(self.name, mistake, evidence)

    def _by_program(self, seen: Sequence[Seen], seed: int) -> Mistake | None:
        for mistake in mistakes(self.name):
            for program in mistake.programs:
                if all_alike(seen, _seen(self, program, seed)):
                    return mistake
        return None

    def _good(self, one: Seen) -> bool:
        if one.changed or one.tensor is None:
            return False
        # float32 rounds large inputs: 1000 to 0.00003, and what is made of it by as much.
        rtol = 1e-4 + 1e-6 * one.probe.abs().max().item()
        return same(one.tensor, self.right(one.probe), rtol)

    def _kind(self, seen: Sequence[Seen], wrong: Sequence[Seen]) -> str:
        first = wrong[0]
        for kind, holds in (
            ("open", isinstance(first.outcome.error, NotImplementedError)),
            ("endless", isinstance(first.outcome.error, OutOfTime)),
            ("in-place", any(one.changed for one in seen)),
            ("fixed-batch", self._good(seen[0])),
            (self.rule(first, self.right(first.probe)), True),
            ("raises", first.outcome.error is not None),
            ("no-return", first.outcome.value is None),
            ("not-a-tensor", first.tensor is None),
        ):
            if kind and holds:
                return kind
        return "other"


def named(exercise: str, kind: str) -> Mistake:
    """Return a mistake of an exercise: its own, or else the general one under its name."""
    own = {mistake.code: mistake for mistake in mistakes(exercise)}
    if (code := f"{exercise}-{kind}") in own:
        return own[code]
    general = {mistake.code: mistake for mistake in mistakes("general")}
    return replace(general[f"general-{kind}"], code=code)
