"""Judging the 784-128-64-10 network, as a class and as a sequence.

The network is run, and each linear layer's input is compared with what ReLU makes of the output
before it; the result, with what softmax makes of the last output.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from mnistlesson.check._catalogue import named
from mnistlesson.check._compare import probe
from mnistlesson.check._construct import misspelt, unmade, unsuitable
from mnistlesson.check._exercise import Found, verdict
from mnistlesson.check._lend import copied, lent, with_random_weights
from mnistlesson.check._outcome import Outcome
from mnistlesson.check._run import run
from mnistlesson.check._trace import Trace, trace
from mnistlesson.check._trial import tried
from mnistlesson.check._verdict import Level, Verdict
from mnistlesson.check._words import say
from torch import Tensor, nn

RIGHT = "Your network is 784-128-64-10 with ReLU, and returns {returns}."


@dataclass(frozen=True)
class NetworkExercise:
    """The network to be written, as a class or as a sequence."""

    name: str
    as_class: bool
    """Whether a sequence does not answer it."""

    def inputs(self, seed: int) -> list[Tensor]:
        """Return flat images; a network that takes nothing else gets them as images."""
        # Another number of rows shows what depends on it, and larger numbers what stops at some.
        rows = [probe(count, 784, seed=seed) for count in (64, 32, 1, 100)]
        return [*rows, 10 * rows[0], 1000 * rows[0]]

    def judge(self, answer: object, seed: int = 0) -> Verdict:
        """Judge a module, its class, or a function that makes it."""
        found, returns = self._found(answer, seed)
        if found is None:
            says = say(RIGHT, returns=returns)
            return Verdict(self.name, Level.RIGHT, "right", says)
        try:
            mistake = named(self.name, found.kind)
        except KeyError:
            # A sequence of one's own classes can go wrong as a class can.
            mistake = named("network", found.kind)
        if mistake.level is Level.NOTE:
            template = "{evidence} Your network returns {returns}."
            found = Found(found.kind, say(template, evidence=found.evidence, returns=returns))
        return verdict(self.name, found, mistake)

    def _found(self, answer: object, seed: int) -> tuple[Found | None, str]:
        outcome, makes = Outcome(getattr(answer, "_orig_mod", answer)), False
        if callable(answer) and not isinstance(answer, nn.Module):
            outcome, makes = run(answer), True
        if outcome.error is not None:
            return misspelt(answer) or unmade(answer, outcome), ""
        value = outcome.value
        found = unsuitable(answer, value, as_class=self.as_class)
        if found or not isinstance(value, nn.Module):
            return found, ""
        returns, same = "", type(value) is nn.Sequential
        try:
            with _numbers_for(value, self.inputs(seed)[0], made=makes) as model:
                found, returns = tried(model, self.inputs(seed), self.inputs(seed + 1)[0])
        except Exception as error:  # noqa: BLE001 - of a model that refuses to be looked at
            template = "Looking at your network raises {error}."
            found = Found("raises", say(template, error=Outcome(error=error).message))
        if found and (lookalike := misspelt(type(value))):
            found = lookalike
        if found and isinstance(value, torch.jit.ScriptModule):
            found = Found("opaque", found.evidence)
        if not found and self.as_class and same:
            found = Found("not-a-class", "What you gave is of type Sequential.")
        return found, returns


@contextlib.contextmanager
def _numbers_for(value: nn.Module, rows: Tensor, *, made: bool) -> Iterator[nn.Module]:
    """Give a network random numbers: in itself if it was made here, else in a copy that holds."""
    outcome = run(with_random_weights if made else copied, value)
    if isinstance(outcome.value, nn.Module) and (made or not _used(outcome.value, value, rows)):
        yield outcome.value
    else:
        with lent(value) as model:
            yield model


def _used(copy: nn.Module, original: nn.Module, rows: Tensor) -> bool:
    """Tell whether a copy runs layers of the original, which one of its functions holds on to."""
    theirs = {id(parameter) for parameter in original.parameters()}
    return any(not theirs.isdisjoint(seen.used) for seen in _runs(copy, rows))


def _runs(model: nn.Module, rows: Tensor) -> list[Trace]:
    return [trace(model, images) for images in (rows, rows.view(-1, 1, 28, 28))]
