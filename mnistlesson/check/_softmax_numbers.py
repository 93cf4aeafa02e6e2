"""What is wrong with numbers that should be probabilities, and the sentences that say it."""

import math

from mnistlesson.check._compare import Observation, shape
from mnistlesson.check._words import say
from torch import Tensor


def numbers(one: Observation, expected: Tensor) -> Tensor | None:
    """Return the result where it is of the right shape: what is wrong must be its numbers."""
    if one.tensor is None or one.tensor.shape != expected.shape or one.changed:
        return None
    return one.tensor.double()


def of_numbers(result: Tensor, logits: Tensor, expected: Tensor) -> str:
    """Name what is wrong with numbers (N, 10) that none of the programs gives."""
    if not result.isfinite().all():
        return "nan"
    if result.min() == result.max():
        return "constant"
    if _logarithm(result, logits) is not None:
        return "log"
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


def _logarithm(result: Tensor, logits: Tensor) -> float | None:
    """Return b where the result is b times the natural logarithm of the probabilities."""
    log = logits.log_softmax(1)
    b = (result * log).sum() / (log * log).sum()
    off = (result - b * log).abs().max()
    return b.item() if off < 1e-4 * result.abs().max() else None


def _straight(result: Tensor, logits: Tensor) -> bool:
    """Tell whether each row of the result is its logits, times a number, plus a number."""
    x, y = (rows - rows.mean(1, keepdim=True) for rows in (logits, result))
    line = x * (x * y).sum(1, keepdim=True) / (x * x).sum(1, keepdim=True)
    return bool((y - line).abs().max() < 1e-4 * y.abs().max())


def _slope(result: Tensor, logits: Tensor) -> float | None:
    """Return b where each row of the result is exp(b * logits), times a number of the row's own."""
    x, y = (rows - rows.mean(1, keepdim=True) for rows in (logits, result.log()))
    b = (x * y).sum() / (x * x).sum()
    return b.item() if bool(((y - b * x).abs() < 1e-4).all()) else None


def evidence(code: str, one: Observation, expected: Tensor) -> str:
    """Say in the learner's own numbers what a mistake did."""
    if (result := numbers(one, expected)) is None:
        return without_numbers(one, expected)
    logits = one.probe.double()
    row = int((result.sum(1) - 1).abs().argmax())
    places = {"row": row, "total": result[row].sum().item(), "count": result.numel()}
    if code == "softmax-constant":
        return say("All {count} numbers are {number:.3g}.", number=result[0, 0] + 0, **places)
    if code == "softmax-columns":
        return say(
            "Column 0 sums to {first:.3g}, and row {row} to {total:.3g}.",
            first=result[:, 0].sum(),
            **places,
        )
    if code == "softmax-everything":
        return say(
            "All {count} numbers together sum to {all:.3g}, and row {row} to {total:.3g}.",
            all=result.sum(),
            **places,
        )
    if code == "softmax-log":
        return _highest(result, expected)
    if code in {"softmax-absolute", "softmax-relu"}:
        return worst(result.where(logits < 0, expected), logits, expected)
    slope = _slope(result, logits)
    if slope is not None and abs(slope - 1) > 1e-5:
        yours, right = _apart(math.exp(slope), math.e)
        template = "Where a score is 1 higher, your number is {yours} times as large, not {right}."
        return say(template, yours=yours, right=right)
    return _of_row(result, logits, expected)


def _of_row(result: Tensor, logits: Tensor, expected: Tensor) -> str:
    unlike = (~result.isfinite() | (result < 0)).flatten()
    if unlike.any():
        place = int(unlike.double().argmax())
        template = "Row {row} holds {number:.3g}, which is no probability."
        return say(template, row=place // result.shape[1], number=result.flatten()[place])
    row = int((result.sum(1) - 1).abs().argmax())
    total = result[row].sum().item()
    if abs(total - 1) > 0.005:
        return say("Row {row} sums to {total:.4g}, not to 1.", row=row, total=total)
    return worst(result, logits, expected)


def without_numbers(one: Observation, expected: Tensor) -> str:
    """Say what came instead of numbers of the right shape."""
    places = {"count": len(one.probe), "type": one.type, "error": one.outcome.message}
    if one.outcome.error is not None:
        template = (
            "For {count} rows you get {error}."
            if len(one.probe) > 1
            else "For one row you get {error}."
        )
    elif one.changed:
        template = "The {count} rows of scores are not what they were before the call."
    elif one.tensor is None:
        template = "For {count} rows it returned {type}."
    else:
        template = "Scores of {scores} give {given}, not {asked}."
        places |= {"scores": shape(one.probe), "given": shape(one.tensor), "asked": shape(expected)}
    return say(template, **places)


def _highest(result: Tensor, expected: Tensor) -> str:
    place = int(expected[0].argmax())
    template = "Row 0 has {yours:.3g} for the likeliest class, whose probability is {right:.3g}."
    return say(template, yours=result[0, place].item(), right=expected[0, place].item())


def worst(result: Tensor, logits: Tensor, expected: Tensor, template: str = "") -> str:
    """Say where the result is furthest from what it should be; NaN is as far as can be."""
    place = int((result - expected).abs().nan_to_num(math.inf).argmax())
    yours, right = _apart(result.flatten()[place].item(), expected.flatten()[place].item())
    template = template or "In row {row}, the score {score:.2f} gets {yours}, not {right}."
    score, most = logits.flatten()[place].item(), logits.max().item()
    row = place // result.shape[1]
    return say(template, row=row, score=score, yours=yours, right=right, most=most)


def _apart(one: float, other: float) -> tuple[str, str]:
    """Write two numbers with as many digits as it takes to tell them apart."""
    for digits in range(3, 12):
        written = f"{one + 0.0:.{digits}g}", f"{other:.{digits}g}"  # + 0.0 makes 0 of -0
        if written[0] != written[1]:
            break
    return written
