"""The exercise of step 11: one step of gradient descent, by hand."""

import functools
from collections.abc import Callable
from typing import Any

import torch
from mnistlesson.check._compare import probe
from mnistlesson.check._facts import Difference, Facts, FactsExercise, Situation
from mnistlesson.check._watched import number, returned
from mnistlesson.check._words import say
from torch import Tensor, nn


def _right(w: Tensor, b: Tensor, inputs: Tensor, labels: Tensor, lr: float) -> float:
    loss = nn.functional.cross_entropy(inputs @ w + b, labels)
    gradients = torch.autograd.grad(loss, [w, b])
    with torch.no_grad():
        for parameter, gradient in zip((w, b), gradients, strict=True):
            parameter.sub_(lr * gradient)
    return loss.item()


def _situation(look: Callable[..., Facts], count: int, lr: float, seed: int) -> Situation:
    w, b = probe(784, 10, seed=seed + 1, scale=0.05), probe(10, seed=seed + 2, scale=0.05)
    inputs = probe(count, 784, seed=seed)
    labels = (inputs @ probe(784, 10, seed=seed + 50)).argmax(dim=1)
    before = [tensor.clone() for tensor in (w, b, inputs, labels)]
    given = (w.requires_grad_(), b.requires_grad_(), inputs, labels)
    facts = functools.partial(look, given, before, [one._version for one in given])  # noqa: SLF001 - no public name
    return Situation((*given, lr), facts)


def _moves(
    given: tuple[Tensor, ...], before: list[Tensor], versions: list[int], value: object
) -> Facts:
    facts = _one(given, before, versions, value)
    return {name: fact for name, fact in facts.items() if name not in {"loss", "returned"}}


def _one(given: tuple[Tensor, ...], before: list[Tensor], versions: list[int], value: Any) -> Facts:  # noqa: ANN401
    del versions
    w, b, *others = given
    moved = [not torch.equal(one, was) for one, was in zip((w, b), before, strict=False)]
    pairs = zip(others, before[2:], strict=True)
    return {
        "changed": any(not torch.equal(one, was) for one, was in pairs),
        "moved": moved,
        "w": w.detach().clone(),
        "b": b.detach().clone(),
        "trainable": w.requires_grad and b.requires_grad and w.is_leaf and b.is_leaf,
        "loss": number(value),
        "returned": returned(value),
    }


def _twice(answer: Callable[..., object], *arguments: object) -> object:
    answer(*arguments)
    return answer(*arguments)


def _second(
    given: tuple[Tensor, ...], before: list[Tensor], versions: list[int], value: object
) -> Facts:
    facts = _one(given, before, versions, value)
    return {"second w": facts["w"], "second b": facts["b"], "loss": facts["loss"]}


def _recorded(
    given: tuple[Tensor, ...], before: list[Tensor], versions: list[int], value: object
) -> Facts:
    del before, value
    pairs = zip(given[:2], versions, strict=False)
    return {"hidden": any(one._version == was for one, was in pairs)}  # noqa: SLF001


def _second_step(seed: int) -> Situation:
    situation = _situation(_second, 24, 0.07, seed)
    return Situation(situation.arguments, situation.facts, _twice)


SITUATIONS = (
    functools.partial(_situation, _moves, 24, 0.07),
    functools.partial(_situation, _one, 24, 0.07),
    functools.partial(_situation, _one, 5, 0.03),
    _second_step,
    functools.partial(_situation, _recorded, 24, 0.07),
)

_KINDS = {
    "changed": "in-place",
    "trainable": "not-trainable",
    "second w": "accumulated",
    "second b": "accumulated",
    "hidden": "data",
}


def _rule(difference: Difference) -> str | None:
    yours, right, name = difference.facts, difference.right, difference.name
    if name in _KINDS:
        return _KINDS[name]
    if name == "moved":
        return "unchanged" if not any(yours["moved"]) else "one-left"
    if name in {"w", "b"}:
        return "step"
    if name == "returned":
        return "graph" if "graph" in yours["returned"] else "tensor"
    if name != "loss" or difference.outcome.value is None:
        return None
    return "not-a-number" if right["loss"] is not None and yours["loss"] is None else "loss"


def _evidence(_: str, difference: Difference) -> str:
    yours, right, name = difference.facts, difference.right, difference.name
    if name == "changed":
        return say("The inputs or the labels are not what they were before the call.")
    if name == "moved":
        names = {(False, False): "w and b", (False, True): "w", (True, False): "b"}
        return say("After the call, {names} held the old numbers.", names=names[*yours["moved"]])
    if name == "trainable":
        return say("After the call, w or b is no longer a tensor that can be trained.")
    if name == "hidden":
        return say("Autograd does not know that the numbers of w and b are others now.")
    if name in {"w", "b", "second w", "second b"}:
        return _of_numbers(name, yours[name], right[name])
    if yours["loss"] is None:
        return say("You return {returned}, where a float is asked for.", **yours)
    if name == "returned":
        template = "You return {loss:.4g} as {returned}, where a float is asked for."
        return say(template, **yours)
    template = "You return {yours:.4g}, and the loss before the step is {right:.4g}."
    return say(template, yours=yours["loss"], right=right["loss"])


def _of_numbers(name: str, yours: Tensor, right: Tensor) -> str:
    if yours.shape != right.shape:
        return say("{name} has the shape {shape} now.", name=name[-1], shape=tuple(yours.shape))
    place = int((yours - right).abs().nan_to_num(torch.inf).argmax())
    template = "After your step, a number of {name} is {yours:.4g}, where {right:.4g} is right."
    if name.startswith("second"):
        template = (
            "After your second step, a number of {name} is {yours:.4g}, where {right:.4g} is right."
        )
    numbers = {"yours": yours.flatten()[place], "right": right.flatten()[place]}
    return say(template, name=name[-1], **numbers)


EXERCISE = FactsExercise("gradient_step", _right, SITUATIONS, _evidence, _rule)
