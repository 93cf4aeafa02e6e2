"""The exercise of step 12: one round of training, and its mean loss."""

import functools
from typing import Any

import torch
from mnistlesson.check._compare import probe
from mnistlesson.check._facts import Difference, Facts, FactsExercise, Situation
from mnistlesson.check._watched import Log, Model, Optimizer, loader, number, returned
from mnistlesson.check._words import say
from torch import Tensor, nn

BATCHES = 3
"""How many the loaders have with which steps are counted."""


def _right(model: nn.Module, batches: Any, optimizer: Any) -> float:  # noqa: ANN401 - stand-ins
    model.train()
    total, examples = 0.0, 0
    for inputs, labels in batches:
        loss = nn.functional.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call] # torch's
        optimizer.step()
        total += loss.item() * len(labels)
        examples += len(labels)
    return total / examples


def _situation(look: Any, count: int, size: int, lr: float, seed: int) -> Situation:  # noqa: ANN401
    log = Log()
    model, inputs = Model(seed, log), probe(count, 784, seed=seed)
    model.eval()
    labels = (inputs @ probe(784, 10, seed=seed + 50)).argmax(dim=1)
    # Another loss for the last batch than for the first.
    labels[-(count % size) :] = (labels[-(count % size) :] + 5) % 10
    before = model.weight.detach().clone()
    arguments = (model, loader(inputs, labels, size), Optimizer(model, lr, log))
    return Situation(arguments, functools.partial(look, model, log, before))


def _numbers(model: Model, log: Log, before: Tensor, value: object) -> Facts:
    weights = [parameter.detach().clone() for parameter in (model.weight, model.bias)]
    order = _order(log.events)
    calls = ", ".join(log.events).replace("added", "backward")
    return {
        "asked": bool(log.calls),
        "order": order,
        "moved": not torch.equal(weights[0], before),
        "steps": log.events.count("step"),
        "batches": min(len(log.calls), BATCHES),
        "weights": weights,
        "loss": number(value),
        "returned": returned(value),
    } | ({"calls": calls} if order else {})


def _order(events: list[str]) -> str | None:
    """Name what is wrong with the order of the steps; None where nothing is."""
    order = " ".join(events)
    if "added" in events:
        return "no-zero-grad"
    if "backward" not in events:
        return "no-backward"
    if "step" not in events:
        return "no-step"
    if order.removeprefix("zero_grad ").startswith("step"):
        return "step-first"
    return "zero-between" if "backward zero_grad step" in order else None


def _steps(model: Model, log: Log, before: Tensor, value: object) -> Facts:
    facts = _numbers(model, log, before, value)
    return {name: fact for name, fact in facts.items() if name not in {"loss", "returned"}}


def _modes(model: Model, log: Log, before: Tensor, value: object) -> Facts:
    del model, before, value
    return {"evaluating": sum(call.recorded and not call.training for call in log.calls)}


def _memory(model: Model, log: Log, before: Tensor, value: object) -> Facts:
    del model, before, value
    # The last loss and its graph stay until their names get the next ones.
    return {"kept": max(1, log.kept)}


SITUATIONS = (
    functools.partial(_situation, _steps, 37, 16, 0.1),
    functools.partial(_situation, _numbers, 37, 16, 0.1),
    functools.partial(_situation, _numbers, 24, 10, 0.02),
    functools.partial(_situation, _modes, 37, 16, 0.1),
    functools.partial(_situation, _memory, 37, 8, 0.1),
)


_KINDS = {
    "asked": "own-model",
    "moved": "weights",
    "weights": "weights",
    "evaluating": "no-train",
    "kept": "graphs-kept",
}


def _rule(difference: Difference) -> str | None:
    yours, right, name = difference.facts, difference.right, difference.name
    if name in _KINDS:
        return _KINDS[name]
    if name == "order":
        return "own-steps" if yours["order"] == "no-step" and yours["moved"] else yours["order"]
    if name in {"steps", "batches"}:
        return "fewer-steps" if yours["steps"] < right["steps"] else "more-steps"
    if name == "returned":
        return "graph" if "graph" in yours["returned"] else "tensor"
    if name != "loss" or difference.outcome.value is None:
        return None
    return "not-a-number" if yours["loss"] is None else "loss"


def _evidence(_: str, difference: Difference) -> str:
    yours, right, name = difference.facts, difference.right, difference.name
    if name == "asked":
        return say("The model that your function was given was not called.")
    if name == "order":
        calls = yours["calls"] or "none"
        template = "Your calls of zero_grad, backward and step, in order: {calls}."
        return say(template, calls=calls)
    if name in {"steps", "batches"}:
        template = "Steps of the optimizer: {steps}. Batches of the loader: {batches}."
        return say(template, steps=yours["steps"], batches=right["steps"])
    if name == "evaluating":
        template = "You called the model {calls} times in evaluation mode."
        return say(template, calls=yours["evaluating"])
    if name == "kept":
        template = "The graphs of {kept} earlier batches were in memory at once."
        return say(template, kept=yours["kept"])
    if name in {"weights", "moved"}:
        one, other = yours["weights"][0], right["weights"][0]
        if one.shape != other.shape:
            return say("Your weights have the shape {shape}.", shape=tuple(one.shape))
        place = int((one - other).abs().nan_to_num(torch.inf).argmax())
        template = "After your epoch, one weight is {yours:.4g}, where {right:.4g} is right."
        return say(template, yours=one.flatten()[place], right=other.flatten()[place])
    if yours["loss"] is None:
        return say("You return {returned}, where a float is asked for.", **yours)
    if name == "returned":
        template = "You return {loss:.4g} as {returned}, where a float is asked for."
        return say(template, **yours)
    template = "You return {yours:.4g}, and the mean of the losses of all images is {right:.4g}."
    return say(template, yours=yours["loss"], right=right["loss"])


EXERCISE = FactsExercise("train_epoch", _right, SITUATIONS, _evidence, _rule)
