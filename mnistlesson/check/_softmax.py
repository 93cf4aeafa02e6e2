"""The exercise of step 4: scores to probabilities."""

import re
from dataclasses import dataclass, replace

import torch
from mnistlesson.check._compare import Observation, observe, probe
from mnistlesson.check._exercise import Found, verdict
from mnistlesson.check._hypotheses import FunctionExercise
from mnistlesson.check._softmax_numbers import evidence, numbers, of_numbers, without_numbers, worst
from mnistlesson.check._verdict import Level, Verdict
from mnistlesson.check._words import say
from torch import Tensor, nn


def _right(logits: Tensor) -> Tensor:
    return logits.double().softmax(dim=1)


def _small(seed: int) -> list[Tensor]:
    # With ten rows, a sum of shape (10,) divides without an error. The scale makes some rows sure
    # of a class, and others not.
    rows = [probe(count, 10, seed=seed, scale=2) for count in (64, 32, 10, 1, 100)]
    # As far apart as exp can take in float32, whatever is subtracted from a row.
    return [*rows, 10 * probe(64, 10, seed=seed).clamp(-4, 4)]


def _large(seed: int) -> list[Tensor]:
    logits = probe(64, 10, seed=seed)
    logits[0::4] += 1000  # too large for exp, unless a maximum is subtracted
    # Rows 1, 5, 9, ... stay small: 1000 subtracted from them leaves exp nothing but zeros.
    logits[2::4, 0] += 1000  # so far from their mean that only their maximum will do
    logits[3::4] -= 1000  # so far below 0 that the largest absolute value will not do
    return [logits]


# What PyTorch and Python say where these mistakes are made.
_ERRORS = {
    r"tensor a \(10\) must match the size of tensor b \(64\)": "lost-axis",
    r"tensor a \(64\) must match the size of tensor b \(10\)": "columns",
    r"expanded size of the tensor \(64\) must match the existing size \(10\)": "columns",
    r"shape '\[64, 1\]' is invalid for input of size 10": "columns",
    "return_types": "max-pair",
    "builtin_function_or_method": "not-called",
    "converted to Scalar|only one element tensors|Boolean value of Tensor": "single-number",
    'arguments: "dim"': "no-dim",
    r"(softmax|cumsum)\(\) received .* - got \((Tensor)?\)": "no-dim",  # PyTorch 2.5
    "Dimension out of range": "no-such-axis",
    "dim must be an int": "module",  # PyTorch from 2.14 on, of nn.Softmax(x)
}


def _rule(one: Observation, expected: Tensor) -> str | None:
    if one.outcome.error is not None:
        text = str(one.outcome.error)
        return next((kind for words, kind in _ERRORS.items() if re.search(words, text)), None)
    if one.tensor is None:
        return "module" if isinstance(one.outcome.value, nn.Module) else None
    if (result := numbers(one, expected)) is None:
        return "shape"
    return of_numbers(result, one.probe.double(), expected)


def _large_rule(one: Observation, expected: Tensor) -> str:
    if (result := numbers(one, expected)) is None:
        return "large"
    bad = ~torch.isclose(result, expected, rtol=0.01, atol=1e-3).all(1)
    if bad[0::4].any():
        return "large" if result[0::4].isfinite().all() else "overflow"
    return "global-maximum" if bad[1::4].any() else "not-the-maximum"


def _large_evidence(_: str, one: Observation, expected: Tensor) -> str:
    if (result := numbers(one, expected)) is None:
        return without_numbers(one, expected)
    template = "Among scores up to {most:.0f}, {score:.2f} in row {row} gets {yours}, not {right}."
    return worst(result, one.probe.double(), expected, template)


SMALL = FunctionExercise("softmax", _right, _small, evidence, _rule)
LARGE = replace(SMALL, inputs=_large, evidence=_large_evidence, rule=_large_rule)


@dataclass(frozen=True)
class _Softmax:
    name: str = "softmax"

    def inputs(self, seed: int) -> list[Tensor]:
        return _small(seed) + _large(seed)

    def judge(self, answer: object, seed: int = 0) -> Verdict:
        """Judge a function on small scores, and where it is right, on large ones for a note."""
        judged = SMALL.judge(answer, seed)
        judged = LARGE.judge(answer, seed) if judged else judged
        if judged.level is Level.RIGHT and callable(answer):
            (one,) = observe(answer, self.inputs(seed)[:1])
            if warning := one.outcome.warning("Implicit dimension choice"):
                return verdict(
                    self.name, Found("implicit-dim", say("PyTorch warns: {text}", text=warning))
                )
        return judged


EXERCISE = _Softmax()
