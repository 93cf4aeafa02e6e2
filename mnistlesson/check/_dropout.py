"""How a network 784-256-10 with ReLU drops: read from its results, whatever computes them.

It gets weights with which row n of the inputs lets hidden unit n alone give 2, and score 0 is what
the units give together, plus 1. Without dropout, score 0 is 3 in every row. Where a fifth of the
hidden units are dropped, it is 1 in a fifth of the rows, and 1 + 2 / 0.8 in the others. Half of the
2 comes from each of two inputs, so that dropout of inputs shows, too.
"""

from typing import Any, NamedTuple

import torch
from mnistlesson.check._calls import Calls, recorded
from mnistlesson.check._exercise import Found
from mnistlesson.check._outcome import Outcome
from mnistlesson.check._run import run
from mnistlesson.check._words import say
from torch import Tensor, nn

UNITS, TRIED, RATE = 256, 128, 0.2
NOTHING, DROPPED, KEPT = 3.0, 1.0, 1 + 2 / (1 - RATE)
"""Score 0 without dropout; with it, of a unit that is dropped, and of one that is kept."""


FAR = 0.2
"""By Hoeffding's inequality, the share of 256 rows lies so far off once in 100 million times."""


class Reading(NamedTuple):
    """What score 0 was in some rows."""

    outcome: Outcome
    calls: Calls
    values: list[float]
    """The different values, the lowest first."""
    share: float
    """The share of rows with the lowest of them."""
    alike: bool
    """Whether each row came out as the other row of the same unit."""
    whole: bool
    """Whether rows in which all units work kept all of them, or none."""


def numbers() -> dict[str, Tensor]:
    """Return the weights that make the reading possible."""
    hidden, output = torch.zeros(UNITS, 784), torch.zeros(10, UNITS)
    hidden[:, :UNITS] = hidden[:, UNITS : 2 * UNITS] = torch.eye(UNITS)
    output[0], bias = 1, torch.zeros(10)
    bias[0] = 1
    return {
        "hidden.weight": hidden,
        "hidden.bias": torch.zeros(UNITS),
        "output.weight": output,
        "output.bias": bias,
    }


def read(model: nn.Module, seed: int) -> Reading:
    """Run a model with such weights, in the mode in which it is, two rows for each unit tried."""
    rows, single = torch.ones(2 * TRIED + 8, 784), 2 * TRIED
    rows[:single, : 2 * UNITS] = torch.eye(UNITS)[:TRIED].repeat(2, 2)
    calls = Calls()
    outcome = run(recorded(model, calls, seed), rows)
    value = outcome.value
    if not isinstance(value, Tensor) or value.shape != (len(rows), 10):
        return Reading(outcome, calls, [], 0.0, alike=False, whole=False)
    scores = value.detach()[:, 0].double().mul(1e4).round().div(1e4)
    full = {1 + UNITS * (value - 1) for value in (DROPPED, KEPT)}
    whole, scores = {*scores[single:].tolist()} <= full, scores[:single]
    values = sorted({*scores.tolist()})
    share = (scores == values[0]).double().mean().item()
    alike = torch.equal(scores[:TRIED], scores[TRIED:])
    return Reading(outcome, calls, values, share, alike, whole)


def listed(reading: Reading) -> str:
    """Write down the values of a reading."""
    return " or ".join(f"{value:.4g}" for value in reading.values[:5])


def by_dropout(model: nn.Module, seed: int) -> Found | None:
    """Look at how the network drops in training mode."""
    model.train()
    model.load_state_dict(numbers())
    reading = read(model, seed)
    values = [round(value, 3) for value in reading.values]
    right = [round(value, 3) for value in (DROPPED, KEPT)]
    template = "In training, a score of 3 becomes {yours}, where {low:g} or {high:g} are right."
    evidence = say(template, yours=listed(reading), low=DROPPED, high=KEPT)
    if values != right:
        return Found(_of_values(values, reading), evidence)
    if reading.alike:
        template = "Two rows with the same unit came out alike, for all {count} units tried."
        return Found("same-mask", say(template, count=TRIED))
    if reading.whole:
        return Found("whole-rows", "Eight rows with 256 units each kept all of them, or none.")
    if abs(reading.share - RATE) > FAR:
        template = "{yours:.0%} of the hidden units became 0, and {right:.0%} should."
        return Found("rate", say(template, yours=reading.share, right=RATE))
    return None


def _of_values(values: list[float], reading: Reading) -> str:
    scale = 1 / (1 - RATE)
    twice = {round(1 + 2 * scale**2, 3), round((1 + 2 * scale) * scale, 3)}
    if values == [NOTHING]:
        called = any("dropout" in one.name and _drops(one) for one in reading.calls.all)
        return "dropout-lost" if called else "no-dropout"
    if values == [DROPPED]:
        return "rate-is-mode"
    if values == [DROPPED, NOTHING]:
        return "not-enlarged"
    if twice & {*values}:
        return "dropout-twice"
    if values == [0.0, round(NOTHING * scale, 3)]:
        return "dropout-output"
    if values == [round(value, 3) for value in (DROPPED, 1 + scale, KEPT)]:
        return "dropout-input"
    return "rate" if len(values) == 2 and values[0] == DROPPED else "other"


def _drops(called: Any) -> bool:  # noqa: ANN401 - a call
    arguments = called.arguments
    mode = called.named.get("training", called.named.get("train", True))
    return bool(arguments[2] if len(arguments) > 2 else mode)
