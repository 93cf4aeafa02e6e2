"""The exercise of step 4: scores to probabilities."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from mnistlesson.check._compare import Observation, probe, shape
from mnistlesson.check._hypotheses import FunctionExercise
from mnistlesson.check._verdict import Verdict
from torch import Tensor, nn


def _right(logits: Tensor) -> Tensor:
    return logits.double().softmax(dim=1)


def _small(seed: int) -> list[Tensor]:
    # With ten rows, a sum of shape (10,) divides without an error. The scale makes some rows sure
    # of a class, and others not.
    return [probe(count, 10, seed=seed, scale=2) for count in (64, 32, 10)]


def _large(seed: int) -> list[Tensor]:
    logits = probe(64, 10, seed=seed)
    logits[0::3] += 1000  # too large for exp, unless a maximum is subtracted
    # Rows 1, 4, 7, ... stay small: 1000 subtracted from them leaves exp nothing but zeros.
    logits[2::3, 0] += 1000  # so far from their mean that only their maximum will do
    return [logits]


# What PyTorch and Python say where these mistakes are made.
_ERRORS = {
    "tensor a (10) must match the size of tensor b (64)": "lost-axis",
    "return_types": "max-pair",
    "builtin_function_or_method": "not-called",
    "cannot be converted to Scalar": "single-number",
    'arguments: "dim"': "no-dim",
    "Dimension out of range": "no-such-axis",
}


def _rule(one: Observation, expected: Tensor) -> str | None:
    if one.outcome.error is not None:
        text = str(one.outcome.error)
        return next((kind for part, kind in _ERRORS.items() if part in text), None)
    if one.tensor is None:
        return "module" if isinstance(one.outcome.value, nn.Module) else None
    if (result := _numbers(one, expected)) is None:
        return "shape"
    return _of_numbers(result, one.probe.double(), expected)


def _numbers(one: Observation, expected: Tensor) -> Tensor | None:
    """Return the result where it is of the right shape: what is wrong must be its numbers."""
    if one.tensor is None or one.tensor.shape != expected.shape or one.changed:
        return None
    return one.tensor.double()


def _of_numbers(result: Tensor, logits: Tensor, expected: Tensor) -> str:
    """Name what is wrong with numbers (N, 10), none of the programs' own."""
    if not result.isfinite().all():
        return "nan"
    if result.min() == result.max():
        return "constant"
    if _straight(result, logits):
        return "rescaled"
    if _one(result.sum(0)):
        return "columns"
    if _one(result.sum()):
        return "everything"
    if (result < 0).any():
        return "negative"
    if (slope := _slope(result, logits)) is not None:
        return _of_slope(slope)
    if (result - expected).abs().max() < 0.01:
        return "rounded"
    return "shares" if _one(result.sum(1)) else "row-sums"


def _of_slope(slope: float) -> str:
    if abs(slope - 1) < 1e-5:
        return "factor"
    return "sign" if slope < 0 else "base"


def _one(totals: Tensor) -> bool:
    return bool(((totals - 1).abs() < 1e-4).all())


def _straight(result: Tensor, logits: Tensor) -> bool:
    """Tell whether each row of the result is its logits, times a number, plus a number."""
    x, y = (rows - rows.mean(1, keepdim=True) for rows in (logits, result))
    line = x * (x * y).sum(1, keepdim=True) / (x * x).sum(1, keepdim=True)
    return bool((y - line).abs().max() < 1e-4 * y.abs().max())


def _slope(result: Tensor, logits: Tensor) -> float | None:
    """Return b where each row of the result is exp(b * logits), times a number of the row's own."""
    x, y = (rows - rows.mean(1, keepdim=True) for rows in (logits, result.log()))
    b = (x * y).sum() / (x * x).sum()
    return b.item() if torch.allclose(y, b * x, rtol=0, atol=1e-4) else None


def _evidence(code: str, one: Observation, expected: Tensor) -> str:
    if (result := _numbers(one, expected)) is None:
        return _without_numbers(one, expected)
    logits = one.probe.double()
    row = (result.sum(1) - 1).abs().argmax()
    total = result[row].sum().item()
    unlike = (~result.isfinite() | (result < 0)).flatten()
    slope = _slope(result, logits)
    if code == "softmax-constant":
        return f"All {result.numel()} numbers are {result[0, 0] + 0:.3g}."
    if code == "softmax-columns":
        return f"Column 0 sums to 1, and row {row} to {total:.3g}."
    if code == "softmax-everything":
        return f"All {result.numel()} numbers together sum to 1, and row {row} to {total:.3g}."
    if code in {"softmax-absolute", "softmax-relu"}:
        said = _worst(result.where(logits < 0, expected), logits, expected)
    elif slope is not None and abs(slope - 1) > 1e-5:
        yours, right = _apart(math.exp(slope), math.e)
        said = f"Where a score is 1 higher, your number is {yours} times as large, not {right}."
    elif unlike.any():
        place = unlike.double().argmax()
        said = f"Row {place // 10} holds {result.flatten()[place]:.3g}, which is no probability."
    elif abs(total - 1) > 0.005:
        said = f"Row {row} sums to {total:.4g}, not to 1."
    else:
        said = _worst(result, logits, expected)
    return said


def _without_numbers(one: Observation, expected: Tensor) -> str:
    count = len(one.probe)
    if one.outcome.error is not None:
        return f"For {count} rows you get {one.outcome.message}."
    if one.changed:
        return f"The {count} rows of scores are not what they were before the call."
    if one.tensor is None:
        value = one.outcome.value
        name = type(value).__name__.replace("NoneType", "None")
        kind = "an ordinary tensor" if isinstance(value, Tensor) else "a tensor"
        return f"For {count} rows it returned {name}, not {kind}."
    return f"Scores of {shape(one.probe)} give {shape(one.tensor)}, not {shape(expected)}."


def _worst(result: Tensor, logits: Tensor, expected: Tensor) -> str:
    """Say where the result is furthest from what it should be; NaN is as far as can be."""
    place = (result - expected).abs().nan_to_num(math.inf).argmax()
    yours, right = _apart(result.flatten()[place].item(), expected.flatten()[place].item())
    return (
        f"In row {place // 10}, the score {logits.flatten()[place]:.2f} gets {yours}, not {right}."
    )


def _apart(one: float, other: float) -> tuple[str, str]:
    """Write two numbers with as many digits as it takes to tell them apart."""
    for digits in range(3, 12):
        written = f"{one + 0.0:.{digits}g}", f"{other:.{digits}g}"  # + 0.0 makes 0 of -0
        if written[0] != written[1]:
            break
    return written


def _large_rule(one: Observation, expected: Tensor) -> str:
    if (result := _numbers(one, expected)) is None:
        return "overflow"
    bad = ~torch.isclose(result, expected, rtol=0.01, atol=1e-3).all(1)
    if bad[0::3].any():
        return "overflow"
    return "global-maximum" if bad[1::3].any() else "not-the-maximum"


def _large_evidence(_: str, one: Observation, expected: Tensor) -> str:
    if (result := _numbers(one, expected)) is None:
        return _without_numbers(one, expected)
    worst = _worst(result, one.probe, expected)
    return f"With scores up to {one.probe.max():.0f}: {worst[0].lower()}{worst[1:]}"


SMALL = FunctionExercise("softmax", "softmax", _right, _small, _evidence, _rule)
LARGE = replace(SMALL, inputs=_large, evidence=_large_evidence, rule=_large_rule)


@dataclass(frozen=True)
class _Softmax:
    name: str = "softmax"
    answer: str = "softmax"

    def inputs(self, seed: int) -> list[Tensor]:
        return _small(seed) + _large(seed)

    def judge(self, answer: Callable[..., object], seed: int = 0) -> Verdict:
        """Judge a function on small scores, and where it is right, on large ones for a note."""
        verdict = SMALL.judge(answer, seed)
        return LARGE.judge(answer, seed) if verdict else verdict


EXERCISE = _Softmax()
