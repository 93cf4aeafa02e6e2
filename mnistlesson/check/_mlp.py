"""The exercise of step 3: a network of 784 inputs, 256 hidden units and 10 outputs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from mnistlesson.check._catalogue import mistakes, run_program
from mnistlesson.check._compare import probe, shape
from mnistlesson.check._exercise import Found, verdict
from mnistlesson.check._run import run
from mnistlesson.check._verdict import Level, Verdict
from torch import Tensor

NAMES = ("inputs", "w1", "b1", "w2", "b2", "out")
SIZES = {"w1": (784, 256), "b1": (256,), "w2": (256, 10), "b2": (10,)}
RIGHT = "torch.sigmoid(inputs @ w1 + b1) @ w2 + b2"

ROWS = 1024
"""Of more rows than these, only the first are compared."""


def judge_values(*values: object) -> Verdict:
    """Say what was computed.

    Args:
        values: What the learner calls ``inputs``, ``w1``, ``b1``, ``w2``, ``b2`` and ``out``.
    """
    # In `run`, since a tensor may refuse to be read: one on the device "meta" has no numbers.
    outcome = run(_diagnosis, dict(zip(NAMES, values, strict=True)))
    found: Any = outcome.value
    if outcome.error is not None:
        found = Found("other", f"Your tensors raise {outcome.message}.")
    if found is None:
        return Verdict("mlp", Level.RIGHT, "right", "Your out is what the network computes.")
    return verdict("mlp", found)


def _diagnosis(given: dict[str, Any]) -> Found | None:
    if found := _types(given):
        return found
    tensors: dict[str, Tensor] = {name: value.detach().cpu() for name, value in given.items()}
    out = tensors.pop("out")
    if found := _shapes(tensors):
        return found
    if out.shape[:1] == tensors["inputs"].shape[:1]:
        out = out[:ROWS]
    tensors["inputs"] = tensors["inputs"][:ROWS]
    if found := _numbers(tensors):
        return found
    # In the learner's own precision: what overflows there must overflow here.
    dtype = out.dtype if out.is_floating_point() else torch.float32
    five = [tensor.to(dtype) for tensor in tensors.values()]
    right = _formula(RIGHT)(*five)
    if _same(out, right):
        return _notes(tensors)
    return _by_formula(out, five) or _by_out(out, right)


def _types(given: dict[str, Any]) -> Found | None:
    for name, value in given.items():
        if value is None or value is ...:
            return Found("missing", f"Your {name} is {value}.")
        if not isinstance(value, Tensor):
            return Found("not-a-tensor", f"Your {name} is of the type {type(value).__name__}.")
    return None


def _shapes(tensors: dict[str, Tensor]) -> Found | None:
    inputs = tensors["inputs"]
    if inputs.dim() != 2 or inputs.shape[1] != 784 or len(inputs) == 0:
        images = inputs.dim() > 2 and inputs.shape[-2:] == (28, 28)
        evidence = f"Your inputs have the shape {shape(inputs)}, not (N, 784)."
        return Found("not-flattened" if images else "inputs-shape", evidence)
    sizes = {name: tuple(tensors[name].shape) for name in SIZES}
    for name, size in SIZES.items():
        # A bias may have an axis of length 1 for the rows.
        if sizes[name] not in {size, (1, *size)}:
            evidence = f"Your {name} has the shape {sizes[name]}, not {size}."
            return Found(_misshapen(name, sizes, len(inputs)), evidence)
    return None


def _misshapen(name: str, sizes: dict[str, tuple[int, ...]], rows: int) -> str:
    size, bias = sizes[name], len(SIZES[name]) == 1
    hidden, outputs = sizes["w1"][-1:], sizes["w2"][-1:]
    asked = {"w1": (784, *hidden), "b1": hidden, "w2": (*hidden, *outputs), "b2": outputs}
    if not bias and size == SIZES[name][::-1]:
        return "weight-transposed"
    if sizes == asked:
        # The layers fit together, and only a number of units is another.
        return "output-size" if hidden == (256,) else "hidden-size"
    if bias and size in {(rows, *SIZES[name]), (rows, 1)}:
        return "bias-per-image"
    return "bias-shared" if bias and size in {(), (1,), (1, 1)} else "parameter-shape"


def _numbers(tensors: dict[str, Tensor]) -> Found | None:
    for name, tensor in tensors.items():
        if not tensor.is_floating_point():
            return Found("integers", f"Your {name} is of the dtype {tensor.dtype}.")
        if count := int((~tensor.isfinite()).sum()):
            return Found(
                "nan", f"In your {name}, {count} of {tensor.numel()} numbers are not finite."
            )
    for name in ("w1", "w2"):
        weight = tensors[name]
        if (weight == weight[:, :1]).all():
            return Found("twins", f"All {weight.shape[1]} columns of your {name} are equal.")
    return None


def _notes(tensors: dict[str, Tensor]) -> Found | None:
    for name in ("w1", "w2"):
        if (least := tensors[name].min()) >= 0:
            return Found("rand", f"The smallest number in your {name} is {least:.2g}.")
    for name in ("b1", "b2"):
        if not tensors[name].any():
            return Found("zero-bias", f"All {tensors[name].numel()} numbers of your {name} are 0.")
    return None


def _by_formula(out: Tensor, five: list[Tensor]) -> Found | None:
    for mistake in mistakes("mlp"):
        for formula in mistake.formulas:
            if _same(out, _formula(formula)(*five)):
                evidence = f"Your out, {shape(out)}, {_begins(out)}: that is {formula}."
                return Found(mistake.kind, evidence)
    return None


def _by_out(out: Tensor, right: Tensor) -> Found:
    """Name what no formula gives, by what is seen in ``out`` alone."""
    if not out.is_floating_point():
        return Found("integers", f"Your out is of the dtype {out.dtype}.")
    if out.shape != right.shape:
        return Found("out-shape", f"Your out has the shape {shape(out)}, not {shape(right)}.")
    if count := int((~out.isfinite()).sum()):
        return Found("nan", f"In your out, {count} of {out.numel()} numbers are not finite.")
    evidence = f"Your out {_begins(out)}; what your tensors give {_begins(right)}."
    return _by_range(out) or Found("other", evidence)


def _by_range(out: Tensor) -> Found | None:
    """Name an activation function on the output, whatever the hidden layer did."""
    if (out < 0).any() or (out > 1).any():
        return None
    if _sums_to_one(out, dim=1):
        return Found("output-softmax", f"Each of your {len(out)} rows sums to 1.")
    if _sums_to_one(out, dim=0):
        return Found("output-softmax-columns", f"Each of your {out.shape[1]} columns sums to 1.")
    return Found("output-sigmoid", f"Your scores run from {out.min():.2g} to {out.max():.2g}.")


def _sums_to_one(out: Tensor, dim: int) -> bool:
    return bool(((out.double().sum(dim) - 1).abs() < 1e-2).all())


def _formula(formula: str) -> Any:  # noqa: ANN401 - a function of five tensors
    return run_program(f"def out(inputs, w1, b1, w2, b2): return {formula}")


def _begins(tensor: Tensor) -> str:
    numbers = ", ".join(f"{number:.4g}" for number in tensor.flatten()[:3].tolist())
    count = int((~tensor.isfinite()).sum())
    return f"begins with {numbers}" + (f", and {count} numbers are not finite" if count else "")


def _same(one: Tensor, other: Tensor) -> bool:
    """Tell whether two tensors are the same up to rounding.

    The difference is measured as a whole, against the size of the whole. Two variants differ by a
    hundredth or more, one score in 640 that is off by 1 makes a difference of some 0.004, and two
    ways of adding up in float32 one of a millionth.
    """
    if one.shape != other.shape:
        return False
    tolerance = max(1e-3, 4 * torch.finfo(one.dtype).eps) if one.is_floating_point() else 0
    one, other = one.double(), other.double()
    finite = one.isfinite()
    if not torch.equal(finite, other.isfinite()):
        return False
    one, other = one[finite], other[finite]
    return bool((one - other).norm() <= tolerance * other.norm())


@dataclass(frozen=True)
class _Mlp:
    name: str = "mlp"
    answer: str = "mlp"

    def inputs(self, seed: int) -> list[Tensor]:
        return [probe(64, 784, seed=seed)]

    def judge(self, answer: Callable[..., object], seed: int = 0) -> Verdict:
        """Judge a function of inputs (N, 784) that returns w1, b1, w2, b2 and out."""
        (inputs,) = self.inputs(seed)
        outcome = run(answer, inputs)
        if isinstance(outcome.error, NotImplementedError):
            return verdict("mlp", Found("open", ""))
        if outcome.error is not None:
            return verdict("mlp", Found("raises", f"You get {outcome.message}."))
        values = outcome.value
        if not isinstance(values, tuple) or len(values) != 5:
            evidence = f"It returned {type(values).__name__}, not w1, b1, w2, b2, out."
            return verdict("mlp", Found("other", evidence))
        return judge_values(inputs, *values)


EXERCISE = _Mlp()
