"""96 ways to write a softmax, each executed, with what PyTorch answered.

Four ways to subtract a maximum, an exponential above the line and below it or not, three axes to
sum along, ``keepdim`` or not. Batches have three sizes, and their scores two scales.
"""

from typing import NamedTuple

import torch
from mnistlesson import check, data
from mnistlesson.check._catalogue import run_program
from mnistlesson.models import raw_mlp, raw_parameters
from torch import Tensor

from lesson_site.interactive.compute_programs import programs

CODE = "def softmax(x):\nGAP_maximum    return GAP_above / GAP_below.sum(GAP_dimGAP_keepdim)"
_EXPS = {"with exp": "torch.exp(x)", "without": "x"}
CHOICES = {
    "maximum": {
        "nothing": "",
        "the highest of all": "    x = x - x.max()\n",
        "each column's highest": "    x = x - x.amax(dim=0, keepdim=True)\n",
        "each row's highest": "    x = x - x.amax(dim=1, keepdim=True)\n",
    },
    "above": _EXPS,
    "below": _EXPS,
    "dim": {dim: dim for dim in ("dim=0", "dim=1", "dim=(0, 1)")},
    "keepdim": {"keepdim=False": "", "keepdim=True": ", keepdim=True"},
}
"""For each gap of the code the choices, and what each writes into it."""
SIZES = (64, 10, 1)
SCALES = {"the scores of step 4": 1, "the same, times 100": 100}

FORMULAS = programs(CODE, {name: [*choice.values()] for name, choice in CHOICES.items()})


class Outcome(NamedTuple):
    """What PyTorch answered: one word for the table, and lines that say more."""

    word: str
    lines: tuple[str, ...]


def scores() -> Tensor:
    """Return the scores of step 4, (64, 10): made by its network, from its batch."""
    images, _ = data.first_batch()
    torch.manual_seed(0)
    return raw_mlp(images.flatten(1), *raw_parameters())


def _row_sums(result: Tensor) -> str:
    sums = result.sum(dim=1)
    least, most = f"{sums.min():.2g}", f"{sums.max():.2g}"
    if sums.isnan().any():
        return f"row sums: NaN in {int(sums.isnan().sum())} of {len(sums)}"
    if torch.allclose(sums, torch.ones_like(sums)):
        return "row sums: all 1"
    return f"row sums: all {least}" if least == most else f"row sums: from {least} to {most}"


def outcome(formula: str, x: Tensor) -> Outcome:
    """Run a formula on scores (N, 10)."""
    try:
        result = run_program(formula)(x)
    except RuntimeError as error:
        return Outcome("error", (f"{type(error).__name__}: {error}",))
    lines = [f"shape: {tuple(result.shape)}", _row_sums(result)]
    if torch.allclose(result, torch.softmax(x, dim=1), atol=1e-6):
        return Outcome("right", (*lines, "the same numbers as torch.softmax(x, dim=1)"))
    word = "NaN" if result.isnan().any() else "wrong"
    return Outcome(word, (*lines, "not the numbers of torch.softmax(x, dim=1)"))


def outcomes() -> dict[str, list[Outcome]]:
    """Run each formula on each size of a batch, on each scale of its scores."""
    x = scores()
    batches = [scale * x[:size] for size in SIZES for scale in SCALES.values()]
    return {formula: [outcome(formula, batch) for batch in batches] for formula in FORMULAS}


def verdicts() -> dict[str, tuple[str, str, str, str]]:
    """Return the parts of the verdict of the exercise's check, which takes batches of its own."""
    judged = {formula: check.softmax(run_program(formula)) for formula in FORMULAS}
    return {
        formula: (v.level.name.lower().replace("_", "-"), v.level.mark, v.level.word, v.says)
        for formula, v in judged.items()
    }
