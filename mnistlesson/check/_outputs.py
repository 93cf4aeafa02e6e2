"""Diagnosis of what a network makes of its last layer's output."""

from mnistlesson.check._exercise import Found
from mnistlesson.check._functions import ALL_OUTPUTS, near, of_each_number
from mnistlesson.check._trace import Step
from mnistlesson.check._words import say
from torch import Tensor

RETURNS = {"probabilities": "probabilities: softmax over the classes", "logits": "logits"}
"""What a right network may return."""

_EVIDENCE = {
    "log-softmax": (
        "Your result is {formula} of the last layer's output: "
        "row 0 goes from {low:.2f} to {high:.2f}."
    ),
    "relu-output": "Of {count} scores, {zeros} became 0. The lowest of them was {lowest:.2f}.",
    "relu-before-softmax": ("In row {row}, {shared} classes share one probability, {least:.3f}."),
    "softmax-twice": (
        "Your largest probability is {most:.2f}; after one softmax it is {once:.2f}."
    ),
    "activation-before-softmax": "Your result is {formula} of the last layer's output.",
    "output-activation": (
        "Row 0 of your result begins with {yours}, and the last layer's output with {scores}."
    ),
    "other": (
        "The layers are right. Row 0 of your result begins with {yours}, the last layer's output "
        "with {scores}, and its softmax with {right}."
    ),
}
_SUMS = "Row 0 of your result sums to {row_sum:.4g}, and column 0 to {column_sum:.4g}."


def output_kind(result: Tensor, scores: Tensor) -> str:
    """Name what turned the last layer's output (N, 10) into the result."""
    return _kind_and_formula(result, scores)[0]


def _kind_and_formula(result: Tensor, scores: Tensor) -> tuple[str, str]:
    for kind, formula, function in ALL_OUTPUTS:
        if near(result, function(scores)):
            return kind, formula
    return ("output-activation" if of_each_number(scores, result) else "other"), ""


def of_output(result: Tensor, steps: list[Step]) -> Found | None:
    """Compare the result with softmax of the last layer's output."""
    scores = steps[-1].output
    kind, formula = _kind_and_formula(result, scores)
    if kind in RETURNS:
        return None
    if result.shape != scores.shape:
        return _of_shape(kind, result, steps)
    row = int((scores <= 0).sum(1).argmax())
    return Found(
        kind,
        say(
            _EVIDENCE.get(kind, _SUMS),
            formula=formula,
            low=result[0].min(),
            high=result[0].max(),
            count=result.numel(),
            zeros=(scores <= 0).sum(),
            lowest=scores.min(),
            row=row,
            shared=(scores[row] <= 0).sum(),
            least=result[row].min(),
            most=result.max(),
            once=scores.softmax(1).max(),
            row_sum=result[0].sum(),
            column_sum=result[:, 0].sum(),
            yours=_begins(result),
            scores=_begins(scores),
            right=_begins(scores.softmax(1)),
        ),
    )


def _of_shape(kind: str, result: Tensor, steps: list[Step]) -> Found:
    scores = steps[-1].output
    if kind == "other":
        kind = "shape"
        hidden = [tensor for step in steps[:-1] for tensor in (step.output, step.output.relu())]
        if any(near(result, tensor) for tensor in hidden):
            kind = "hidden-returned"
        elif result.dim() == 2 and output_kind(result.T, scores) in RETURNS:
            kind = "transposed"
    template = "{count} images give {given}, not {asked}."
    if len(scores) == 1:
        template = "One image gives {given}, not {asked}."
    given, asked = tuple(result.shape), tuple(scores.shape)
    return Found(kind, say(template, count=len(scores), given=given, asked=asked))


def _begins(rows: Tensor) -> str:
    return ", ".join(f"{number:.3g}" for number in rows[0, :3].tolist())
