"""Which formula of the learner's own tensors gives what the learner computed."""

from collections.abc import Iterator
from typing import NamedTuple

import torch
from mnistlesson.check._catalogue import mistakes, run_program
from mnistlesson.check._compare import shape
from mnistlesson.check._exercise import Found
from mnistlesson.check._words import say
from torch import Tensor

RIGHT = "torch.sigmoid(inputs @ w1 + b1) @ w2 + b2"

# Two mistakes at a time: what stands before the sigmoid, in its place, and after it. The first
# that is one gives the name.
_SUMS = {
    "": "inputs @ w1 + b1",
    "no-b1": "inputs @ w1",
    "minus-bias": "inputs @ w1 - b1",
    "bias-in-weights": "inputs @ (w1 + b1)",
}
_ACTIVATIONS = {
    "": "torch.sigmoid({})",
    "linear": "({})",
    "relu": "torch.relu({})",
    "tanh": "torch.tanh({})",
    "hidden-softmax": "torch.softmax({}, dim=1)",
    "wrong-sign": "torch.sigmoid(-({}))",
    "double": "torch.sigmoid(2 * ({}))",
}
_OUTPUTS = {
    "": "hidden @ w2 + b2",
    "no-b2": "hidden @ w2",
    "minus-bias": "hidden @ w2 - b2",
    "bias-in-weights": "hidden @ (w2 + b2)",
}
_ENDS = {
    "": "{}",
    "output-relu": "torch.relu({})",
    "output-log-softmax": "torch.log_softmax({}, dim=1)",
    "answers": "({}).argmax(dim=1)",
    "out-transposed": "({}).T",
}


class _Candidate(NamedTuple):
    difference: float
    kind: str
    formula: str


def by_formula(out: Tensor, five: list[Tensor]) -> Found | None:
    """Name the formula that gives ``out``; None where that is the right one.

    Args:
        out: What the learner computed.
        five: ``inputs``, ``w1``, ``b1``, ``w2`` and ``b2``, in the dtype of ``out``.
    """
    precision = torch.finfo(five[0].dtype).eps
    # The difference is measured as a whole, against the size of the whole. Two variants differ by
    # a hundredth or more, unless weights are small; two ways of adding up by a millionth.
    tolerance = max(1e-3, 4 * precision)
    right = difference(out, compute(RIGHT, *five))
    single = min(
        _Candidate(difference(out, compute(formula, *five)), mistake.kind, formula)
        for mistake in mistakes("mlp")
        for formula in mistake.formulas
    )
    if right <= min(tolerance, max(3 * single.difference, 64 * precision)):
        return None
    best = single if single.difference <= tolerance else min(_of_two(out, five))
    if best.difference > tolerance:
        return Found("other", "")
    template = "Your out, {shape}, begins with {numbers}: that is {formula}."
    evidence = say(template, shape=shape(out), numbers=beginning(out), formula=best.formula)
    return Found(best.kind, evidence)


def _of_two(out: Tensor, five: list[Tensor]) -> Iterator[_Candidate]:
    kinds, formulas, values = zip(*_hidden(five), strict=True)
    hidden = torch.stack(values)
    outputs = [
        torch.vmap(lambda one, f=formula: compute_scores(f, one, *five[3:]))(hidden)
        for formula in _OUTPUTS.values()
    ]
    scores = torch.cat(outputs)
    named = [
        (kind or out_kind, out_formula.replace("hidden", formula))
        for out_kind, out_formula in _OUTPUTS.items()
        for kind, formula in zip(kinds, formulas, strict=True)
    ]
    for end_kind, end in _ENDS.items():
        found = differences(out, _applied(end, scores))
        for off, (kind, formula) in zip(found, named, strict=True):
            yield _Candidate(off, kind or end_kind, end.format(formula))


def _hidden(five: list[Tensor]) -> Iterator[tuple[str, str, Tensor]]:
    """Yield all that the first layer can be: its kind, its formula, and what that gives."""
    sums = torch.stack([compute(formula, *five) for formula in _SUMS.values()])
    for activation_kind, activation in _ACTIVATIONS.items():
        given = dict(zip(_SUMS, _applied(activation, sums), strict=True))
        for sum_kind, sum_ in _SUMS.items():
            yield activation_kind or sum_kind, activation.format(sum_), given[sum_kind]
        formula = f"({activation.format('inputs @ w1')} + b1)"
        yield activation_kind or "bias-after", formula, given["no-b1"] + five[2]


def _applied(formula: str, tensors: Tensor) -> Tensor:
    """Apply a formula of one place to each of several tensors, all at once: it is much faster."""
    return torch.vmap(lambda one: _result(f"def f(one): return {formula.format('one')}", one))(
        tensors
    )


def compute(formula: str, *five: Tensor) -> Tensor:
    """Compute a formula of the five tensors."""
    return _result(f"def f(inputs, w1, b1, w2, b2): return {formula}", *five)


def compute_scores(formula: str, *tensors: Tensor) -> Tensor:
    """Compute a formula of the hidden layer and the output layer's tensors."""
    return _result(f"def f(hidden, w2, b2): return {formula}", *tensors)


def _result(program: str, *tensors: Tensor) -> Tensor:
    result: Tensor = run_program(program)(*tensors)
    return result


def beginning(tensor: Tensor) -> str:
    """Write down the first numbers of a tensor."""
    return ", ".join(f"{number:.4g}" for number in tensor.flatten()[:3].tolist())


def differences(one: Tensor, others: Tensor) -> list[float]:
    """Return by how much a tensor differs from each of others, against the size of that."""
    if one.shape != others.shape[1:] or one.is_floating_point() != others.is_floating_point():
        return [torch.inf] * len(others)
    one, others = one.double().flatten(), others.double().flatten(1)
    finite = one.isfinite() & others.isfinite()
    alike = (one.isfinite() == others.isfinite()).all(dim=1)
    # What is not finite tells nothing, and must not be most of it.
    told = finite.any(dim=1) & (alike | (2 * finite.sum(dim=1) >= len(one)))
    distance = torch.where(finite, one - others, 0).norm(dim=1)
    off = distance / torch.where(finite, others, 0).norm(dim=1).clamp(min=1e-30)
    off = torch.where(alike, off, off.clamp(min=1e-4))
    found: list[float] = torch.where(told, off, torch.inf).tolist()
    return found


def difference(one: Tensor, other: Tensor) -> float:
    """Return by how much a tensor differs from another."""
    return differences(one, other[None])[0]
