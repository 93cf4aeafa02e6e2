"""The exercise of step 3: a network of 784 inputs, 256 hidden units and 10 outputs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import torch
from mnistlesson.check._calling import of_error, uncallable
from mnistlesson.check._compare import computes, probe, shape
from mnistlesson.check._exercise import Found, verdict
from mnistlesson.check._mlp_formulas import RIGHT, beginning, by_formula, compute
from mnistlesson.check._outcome import Outcome
from mnistlesson.check._run import run
from mnistlesson.check._verdict import Level, Verdict
from mnistlesson.check._words import say
from torch import Tensor

NAMES = ("inputs", "w1", "b1", "w2", "b2", "out")
SIZES = {"w1": (784, 256), "b1": (256,), "w2": (256, 10), "b2": (10,)}

ROWS = 1024
"""Of more rows than these, only the first are compared."""


def judge_values(*values: object) -> Verdict:
    """Say what was computed.

    Args:
        values: What the learner calls ``inputs``, ``w1``, ``b1``, ``w2``, ``b2`` and ``out``.
    """
    # In `run`, since a tensor may refuse to be read: one on the device "meta" has no numbers.
    outcome = run(_diagnosis, dict(zip(NAMES, values, strict=True)), limited=False)
    found: Any = outcome.value
    if outcome.error is not None:
        found = Found("other", say("Your tensors raise {error}.", error=outcome.message))
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
    found = by_formula(out, five)
    if found is None:
        return _not_finite(out) or _notes(tensors)
    return found if found.evidence else _by_out(out, compute(RIGHT, *five))


def _types(given: dict[str, Any]) -> Found | None:
    for name, value in given.items():
        if value is None or value is ...:
            return Found("missing", say("Your {name} is {value}.", name=name, value=value))
        if not isinstance(value, Tensor):
            kind = type(value).__name__
            return Found(
                "not-a-tensor", say("Your {name} is of the type {type}.", name=name, type=kind)
            )
    return None


def _shapes(tensors: dict[str, Tensor]) -> Found | None:
    inputs = tensors["inputs"]
    if inputs.dim() != 2 or inputs.shape[1] != 784 or len(inputs) == 0:
        images = inputs.dim() > 2 and inputs.shape[-2:] == (28, 28)
        evidence = say("Your inputs have the shape {shape}, not (N, 784).", shape=shape(inputs))
        return Found("not-flattened" if images else "inputs-shape", evidence)
    sizes = {name: tuple(tensors[name].shape) for name in SIZES}
    for name, size in SIZES.items():
        # A bias may have an axis of length 1 for the rows.
        if sizes[name] not in {size, (1, *size)}:
            template = "Your {name} has the shape {given}, not {asked}."
            evidence = say(template, name=name, given=sizes[name], asked=size)
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
            template = "Your {name} is of the dtype {dtype}."
            return Found("integers", say(template, name=name, dtype=tensor.dtype))
        if count := int((~tensor.isfinite()).sum()):
            template = "In your {name}, {count} of {all} numbers are not finite."
            evidence = say(template, name=name, count=count, all=tensor.numel())
            return Found("nan", evidence)
    for name in ("w1", "w2"):
        weight = tensors[name]
        if (weight == weight[:, :1]).all():
            template = "All {count} columns of your {name} are equal."
            return Found("equal-columns", say(template, count=weight.shape[1], name=name))
    return None


def _notes(tensors: dict[str, Tensor]) -> Found | None:
    for name in ("w1", "w2"):
        if (least := tensors[name].min()) >= 0:
            template = "The smallest number in your {name} is {least:.2g}."
            return Found("rand", say(template, name=name, least=least))
    for name in ("b1", "b2"):
        if not tensors[name].any():
            template = "All {count} numbers of your {name} are 0."
            return Found("zero-bias", say(template, count=tensors[name].numel(), name=name))
    return None


def _not_finite(out: Tensor) -> Found | None:
    if not (count := int((~out.isfinite()).sum())):
        return None
    template = "In your out, {count} of {all} numbers are not finite."
    return Found("out-nan", say(template, count=count, all=out.numel()))


def _by_out(out: Tensor, right: Tensor) -> Found:
    """Name what no formula gives, by what is seen in ``out`` alone."""
    if not out.is_floating_point():
        return Found("integers", say("Your out is of the dtype {dtype}.", dtype=out.dtype))
    if out.shape != right.shape:
        template = "Your out has the shape {given}, not {asked}."
        return Found("out-shape", say(template, given=shape(out), asked=shape(right)))
    template = "Your out begins with {yours}; what your tensors give begins with {right}."
    evidence = say(template, yours=beginning(out), right=beginning(right))
    return _not_finite(out) or _by_range(out) or Found("other", evidence)


def _by_range(out: Tensor) -> Found | None:
    """Name an activation function on the output, whatever the hidden layer did."""
    if (out < 0).any() or (out > 1).any():
        return None
    if _sums_to_one(out, dim=1):
        return Found("output-softmax", say("Each of your {count} rows sums to 1.", count=len(out)))
    if _sums_to_one(out, dim=0):
        evidence = say("Each of your {count} columns sums to 1.", count=out.shape[1])
        return Found("output-softmax-columns", evidence)
    template = "Your scores run from {low:.2g} to {high:.2g}."
    return Found("output-sigmoid", say(template, low=out.min(), high=out.max()))


def _sums_to_one(out: Tensor, dim: int) -> bool:
    return bool(((out.double().sum(dim) - 1).abs() < 1e-2).all())


@dataclass(frozen=True)
class _Mlp:
    name: str = "mlp"

    def inputs(self, seed: int) -> list[Tensor]:
        return [probe(count, 784, seed=seed) for count in (64, 32, 1, 100)]

    def judge(self, answer: object, seed: int = 0) -> Verdict:
        """Judge a function of inputs (N, 784) that returns w1, b1, w2, b2 and out."""
        inputs, *others = self.inputs(seed)
        found = uncallable(answer, inputs)
        function = cast("Callable[..., object]", answer)
        if found is None:
            outcome = run(function, inputs.clone())
            found = _returned(function, outcome, inputs)
        if found is not None:
            return verdict(self.name, found)
        judged = judge_values(inputs, *cast("Sequence[object]", outcome.value))
        if judged.code == "mlp-other" and _ignores(function, outcome, self.inputs(seed + 1)[0]):
            found = Found("unused-argument", judged.evidence[0])
        for other in others if judged else ():
            found = found or _of_another_number(function, other)
        return verdict(self.name, found) if found else judged


def _returned(function: Callable[..., object], outcome: Outcome, inputs: Tensor) -> Found | None:
    """Look at what a function returned, before its numbers."""
    value = outcome.value
    if outcome.error is not None:
        kind = of_error(outcome) or "raises"
        return Found(kind, say("You get {error}.", error=outcome.message))
    if value is None or value is ...:
        kind = "no-return" if computes(function, inputs.clone()) else "empty"
        return Found(kind, say("It returned {type}.", type=type(value).__name__))
    if isinstance(value, Tensor):
        return Found("out-only", say("It returned one tensor, {shape}.", shape=shape(value)))
    if not isinstance(value, tuple | list):
        return Found("returns", say("It returned {type}.", type=type(value).__name__))
    shapes = [shape(one) if isinstance(one, Tensor) else type(one).__name__ for one in value]
    evidence = say(
        "It returned {count} values: {shapes}.", count=len(value), shapes=", ".join(shapes)
    )
    if len(value) != 5:
        return Found("returns", evidence)
    asked = [str(size) for size in (*SIZES.values(), (len(inputs), 10))]
    in_order = shapes == asked
    return None if in_order or sorted(shapes) != sorted(asked) else Found("return-order", evidence)


def _ignores(function: Callable[..., object], outcome: Outcome, other: Tensor) -> bool:
    """Tell whether other inputs give the same out, with the same random numbers."""
    again = run(function, other)
    if again.error is not None:
        return False
    one, two = (cast("Sequence[object]", value)[4] for value in (outcome.value, again.value))
    return (
        isinstance(one, Tensor) and isinstance(two, Tensor) and one.numel() > 0 and _equal(one, two)
    )


def _equal(one: Tensor, other: Tensor) -> bool:
    # In `run`, since a tensor may refuse to be read.
    return run(torch.equal, one, other).value is True


def _of_another_number(function: Callable[..., object], inputs: Tensor) -> Found | None:
    outcome = run(function, inputs.clone())
    places = {"count": len(inputs)}
    if outcome.error is not None:
        template = "64 inputs give what they should. With {count} you get {error}."
        return Found("fixed-batch", say(template, error=outcome.message, **places))
    values = outcome.value
    judged = (
        judge_values(inputs, *values)
        if isinstance(values, tuple | list) and len(values) == 5
        else None
    )
    if judged:
        return None
    template = "64 inputs give what they should. With {count} it is another result: {evidence}"
    evidence = judged.evidence[0] if judged else type(values).__name__
    return Found("fixed-batch", say(template, evidence=evidence, **places))


EXERCISE = _Mlp()
