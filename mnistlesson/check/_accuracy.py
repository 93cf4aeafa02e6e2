"""The exercise of step 12: the share of right answers over a loader."""

import functools
import re
from collections.abc import Callable
from typing import Any

import torch
from mnistlesson.check._compare import probe
from mnistlesson.check._facts import Difference, Facts, FactsExercise, Situation
from mnistlesson.check._watched import Log, Model, loader, number, returned
from mnistlesson.check._words import say
from torch import Tensor, nn


def _right(model: nn.Module, batches: Any) -> float:  # noqa: ANN401 - whatever gives batches
    model.eval()
    right = examples = 0
    with torch.no_grad():
        for inputs, labels in batches:
            right += int((model(inputs).argmax(dim=1) == labels).sum())
            examples += len(labels)
    return right / examples


def _labels(answers: Tensor, size: int, shares: tuple[float, ...]) -> Tensor:
    """Make labels of which each batch has another share in common with the answers."""
    places = torch.arange(len(answers))
    wrong = places % size >= (torch.tensor(shares)[places // size] * size).round()
    return (answers + wrong * (1 + places % 3)) % 10


def _situation(
    look: Callable[..., Facts], count: int, size: int, shares: tuple[float, ...], seed: int
) -> Situation:
    log = Log()
    model, inputs = Model(seed, log), probe(count, 784, seed=seed)
    # So sure of the first image of a batch that the largest score of all is one of its ten.
    inputs[::size] *= 4
    answers = nn.functional.linear(inputs, model.weight, model.bias).argmax(dim=1)
    batches = loader(inputs, _labels(answers, size, shares), size)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    return Situation((model, batches), functools.partial(look, model, log, before))


def _value(model: Model, log: Log, before: dict[str, Tensor], value: object) -> Facts:
    del model, before
    return {"value": number(value), "returned": returned(value), "asked": bool(log.calls)}


def _state(model: Model, log: Log, before: dict[str, Tensor], value: object) -> Facts:
    del value
    state = model.state_dict()
    free = all(parameter.requires_grad for parameter in model.parameters())
    return {
        "in training": sum(call.training for call in log.calls),
        "changed": not free or any(not torch.equal(state[name], before[name]) for name in before),
    }


def _recorded(model: Model, log: Log, before: dict[str, Tensor], value: object) -> Facts:
    del model, before, value
    return {"recorded": sum(call.recorded for call in log.calls)}


SHARES = (0.9, 0.5, 0.1)
"""How much of each batch is right: the mean of these is not the share of all."""
SITUATIONS = (
    functools.partial(_situation, _value, 44, 16, SHARES),
    functools.partial(_situation, _value, 24, 10, (1.0, 1.0, 1.0)),
    functools.partial(_situation, _state, 44, 16, SHARES),
    functools.partial(_situation, _recorded, 44, 16, SHARES),
)

# What PyTorch and Python say where these mistakes are made.
_ERRORS = {
    r"tensor a \(10\) must match .* tensor b \(16\) at non-singleton dimension 1": "no-argmax",
    r"tensor a \(16\) must match .* tensor b \(10\) at non-singleton dimension 1": "no-argmax",
    r"tensor a \((10|16)\) must match .* tensor b \((10|16)\)": "dim-0",
}


def _rule(difference: Difference) -> str | None:
    yours, name = difference.facts, difference.name
    if name == "error":
        text = difference.outcome.text
        return next((kind for words, kind in _ERRORS.items() if re.search(words, text)), None)
    kinds = {"in training": "no-eval", "changed": "model-changed", "recorded": "no-grad"}
    if name in kinds:
        return kinds[name]
    if name == "returned":
        return "tensor"
    if name != "value" or difference.outcome.value is None:
        return None
    if yours["value"] is None:
        return "not-a-number"
    if not yours["asked"]:
        return "model-unused"
    return "too-large" if yours["value"] > 1 else None


def _evidence(_: str, difference: Difference) -> str:
    yours, right = difference.facts, difference.right
    if difference.name == "in training":
        template = "Your function called the model {calls} times in training mode."
        return say(template, calls=yours["in training"])
    if difference.name == "changed":
        return say("After your function has run, the model is not what it was.")
    if difference.name == "recorded":
        return say("Autograd recorded {recorded} calls of the model.", **yours)
    if yours["value"] is None:
        return say("You return {returned}, where a float is asked for.", returned=yours["returned"])
    if difference.name == "returned":
        template = "You return {value:.4g} as {returned}, where a float is asked for."
        return say(template, **yours)
    template = "You return {value:.4g}, where the share is {right:.4g}."
    return say(template, value=yours["value"], right=right["value"])


EXERCISE = FactsExercise("accuracy", _right, SITUATIONS, _evidence, _rule)
