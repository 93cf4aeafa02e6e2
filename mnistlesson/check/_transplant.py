"""The exercise of step 5: put the tensors of step 3 into a module."""

from collections.abc import Callable
from typing import Any

import torch
from mnistlesson.check._calling import uncallable
from mnistlesson.check._compare import close, computes, probe, shape
from mnistlesson.check._conditions import ConditionsExercise
from mnistlesson.check._exercise import Found
from mnistlesson.check._run import run
from mnistlesson.check._transplant_trial import (
    PLACES,
    SIZES,
    Trial,
    by_error,
    error_of,
    of_shapes,
    tried,
)
from mnistlesson.check._words import say
from mnistlesson.models import raw_mlp
from torch import Tensor, nn


def _find(answer: Any, seed: int) -> Found | None:  # noqa: ANN401 - anything may be given
    if found := uncallable(answer, *SIZES):
        return found
    trial = tried(answer, seed)
    if trial.outcome.error is not None:
        evidence = say("You get {error}.", error=error_of(trial.outcome))
        return Found(by_error(trial), evidence)
    model = trial.outcome.value
    if found := _by_type(answer, trial) or _by_given(trial):
        return found
    if not isinstance(model, nn.Module):
        raise TypeError(type(model).__name__)
    return (
        _by_names(model)
        or _by_numbers(model, trial)
        or _by_training(model, trial)
        or _by_scores(model, trial, seed)
        or _by_habits(trial)
    )


def _by_type(answer: Callable[..., object], trial: Trial) -> Found | None:
    value = trial.outcome.value
    name = value.__name__ if isinstance(value, type) else type(value).__name__
    template = "It returned {type}."
    if isinstance(value, type):
        template = "It returned the class {type}, not an object of it."
    evidence = say(template, type=name.replace("NoneType", "None"))
    if value is None or value is ...:
        return Found("no-return" if computes(answer, *trial.given.values()) else "empty", evidence)
    if isinstance(value, type):
        return Found("class", evidence)
    return None if isinstance(value, nn.Module) else Found("not-returned", evidence)


def _by_given(trial: Trial) -> Found | None:
    if not trial.recording:
        return Found("grad-off", "After your function, torch.is_grad_enabled() is False.")
    for name, given in trial.given.items():
        before = trial.tensors[name]
        if given.shape != before.shape:
            evidence = say("{name} is {shape} now.", name=name, shape=shape(given))
            return Found("in-place", evidence)
        if not torch.equal(given, before):
            count = int((given != before).sum())
            template = "{count:,} of the {all:,} numbers of {name} have changed."
            evidence = say(template, count=count, all=before.numel(), name=name)
            return Found("in-place", evidence)
        if given.requires_grad:
            return Found("in-place", say("The requires_grad of {name} is True now.", name=name))
    return None


def _by_names(model: nn.Module) -> Found | None:
    names = [name for name, _ in model.named_parameters()]
    if sorted(names) == sorted(PLACES):
        return None
    template = "The parameters of your network: {names}."
    if not names:
        template = "Your network has no parameters."
    return Found("other-network", say(template, names=", ".join(names)))


def _by_numbers(model: nn.Module, trial: Trial) -> Found | None:
    parameters = {name: one.detach() for name, one in model.named_parameters()}
    for name, parameter in parameters.items():
        wanted = trial.wanted(name)
        if parameter.shape != wanted.shape:
            template = "{name} is {yours}, not {right}."
            evidence = say(template, name=name, yours=shape(parameter), right=shape(wanted))
            return Found(of_shapes(tuple(parameter.shape), tuple(wanted.shape)), evidence)
        if parameter.dtype != wanted.dtype:
            return Found("dtype", say("{name} is {dtype}.", name=name, dtype=parameter.dtype))
    right = {name: close(one, trial.wanted(name)) for name, one in parameters.items()}
    wrong = [name for name in PLACES if not right[name]]
    if not wrong:
        return None
    template = "{name} begins with {yours}, and should with {right}."
    first = wrong[0]
    yours, numbers = (_first(one) for one in (parameters[first], trial.wanted(first)))
    evidence = say(template, name=first, yours=yours, right=numbers)
    return Found(_of_numbers(parameters, wrong, trial), evidence)


def _of_numbers(parameters: dict[str, Tensor], wrong: list[str], trial: Trial) -> str:
    fresh = [name for name in wrong if _is_fresh(parameters[name], name)]
    if fresh == wrong:
        if all(name.endswith("bias") for name in wrong):
            return "biases"
        if len({name.partition(".")[0] for name in wrong}) == 1 and len(wrong) == 2:
            return "one-layer"
        return "untouched"
    name = next(name for name in wrong if name not in fresh)
    numbers, wanted = parameters[name], trial.wanted(name)
    if close(numbers.flatten(), trial.tensors[PLACES[name]].flatten()):
        return "reshaped"
    return "added" if _is_fresh(numbers - wanted, name) else "numbers"


def _is_fresh(numbers: Tensor, name: str) -> bool:
    """Tell whether numbers are as small as those with which nn.Linear begins."""
    inputs = SIZES["w1" if name.startswith("hidden") else "w2"][0]
    return bool(numbers.any()) and numbers.abs().max().item() <= 1.01 * inputs**-0.5


def _first(numbers: Tensor) -> str:
    return ", ".join(f"{number:.3g}" for number in numbers.flatten()[:3].tolist())


def _by_training(model: nn.Module, trial: Trial) -> Found | None:
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            return Found("frozen", say("The requires_grad of {name} is False.", name=name))
        if parameter.is_inference():
            return Found("frozen", say("{name} was made in inference mode.", name=name))
    for name, source in PLACES.items():
        own, given = (_memory(one) for one in (model.get_parameter(name), trial.given[source]))
        if own == given:
            template = "{name} and {source} lie in the same memory."
            return Found("shared", say(template, name=name, source=source))
    return None


def _memory(tensor: Tensor) -> int:
    return tensor.untyped_storage().data_ptr()


def _by_scores(model: nn.Module, trial: Trial, seed: int) -> Found | None:
    inputs = probe(3, 784, seed=seed + 10)
    outcome = run(model, inputs)
    if not isinstance(outcome.value, Tensor):
        template = "Calling your network gives {error}."
        return Found("raises", say(template, error=outcome.message or outcome.value))
    right = raw_mlp(inputs, *trial.tensors.values())
    if close(outcome.value.detach(), right, scale=100):
        return None
    template = (
        "The numbers are right. The scores begin with {yours}, and those of step 3 with {right}."
    )
    return Found("other", say(template, yours=_first(outcome.value), right=_first(right)))


def _by_habits(trial: Trial) -> Found | None:
    """Look for what a right answer could do better."""
    uses = [one for one in trial.calls.of("data") if isinstance(one.arguments[0], nn.Parameter)]
    if uses:
        template = "Your function takes the .data of a parameter {count} times."
        return Found("data", say(template, count=len(uses)))
    if trial.replaced:
        template = "{count} of the network's 4 parameters are new ones."
        return Found("new-parameter", say(template, count=len(trial.replaced)))
    return None


EXERCISE = ConditionsExercise(
    "transplant",
    "Your network has the numbers, and computes what step 3 computes.",
    _find,
)
