"""The exercise of step 10: what a model reads in one image."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from mnistlesson.check._calling import of_error, uncallable
from mnistlesson.check._calls import Calls, recorded
from mnistlesson.check._compare import computes, probe, shape
from mnistlesson.check._conditions import ConditionsExercise
from mnistlesson.check._exercise import Found
from mnistlesson.check._outcome import Outcome
from mnistlesson.check._run import run
from mnistlesson.check._small_model import Asked, SmallModel
from mnistlesson.check._words import say
from torch import Tensor


@dataclass(frozen=True)
class _Trial:
    """What an answer did with a model in one of the two modes, and with one image."""

    answer: Callable[..., object]
    model: SmallModel
    image: Tensor
    given: Tensor
    """The image that the answer got, a copy."""
    outcome: Outcome
    calls: Calls
    recording: bool
    """Whether gradients were recorded after it."""
    was_training: bool

    @property
    def logits(self) -> Tensor:
        """What the model says of the image in evaluation mode, (10,)."""
        return self.model.logits(self.image)


def _tried(answer: Callable[..., object], seed: int, *, training: bool) -> _Trial:
    model, image = SmallModel(seed).train(training), probe(1, 28, 28, seed=seed + training)
    given, calls, after = image.clone(), Calls(), []

    def call() -> object:
        value = recorded(answer, calls, seed)(model, given)
        after.append(torch.is_grad_enabled())  # each thread has its own
        return value

    outcome = run(call)
    return _Trial(answer, model, image, given, outcome, calls, after != [False], training)


def _find(answer: Any, seed: int) -> Found | None:  # noqa: ANN401 - anything may be given
    if found := uncallable(answer, SmallModel(seed), probe(1, 28, 28, seed=seed)):
        return found
    trials = [_tried(answer, seed, training=training) for training in (False, True)]
    for trial in trials:
        if found := _by_call(trial) or _by_traces(trial) or _by_value(trial):
            return found
    return _by_habits(trials[0])


def _by_call(trial: _Trial) -> Found | None:
    outcome, asked = trial.outcome, trial.model.asked
    if outcome.error is not None:
        return Found(_by_error(trial), say("You get {error}.", error=outcome.message))
    if not asked:
        nothing = outcome.value is None or outcome.value is ...
        if nothing and not computes(trial.answer, trial.model, trial.given):
            return Found("empty", "It returned None, and called nothing.")
        return Found("not-used", "Your function never called the model.")
    return None


def _by_error(trial: _Trial) -> str:
    text, asked = trial.outcome.text, trial.model.asked
    if kind := of_error(trial.outcome):
        return kind
    if asked and asked[-1].logits is None and asked[-1].input.shape[-1] == 28:
        return "not-flat"
    if asked and "Dimension out of range" in text and _dims(asked[-1].logits) == 1:
        return "no-axis"
    converts = "converted to Scalar" in text or "can be converted" in text
    return "argmax-axis" if converts and _over_batch(trial, "argmax", "max") else "raises"


def _dims(logits: Tensor | None) -> int | None:
    return None if logits is None else logits.dim()


def _over_batch(trial: _Trial, *names: str) -> bool:
    """Tell whether a function was called along the axis of a batch of one."""
    for called in trial.calls.of(*names):
        dim = called.named.get("dim", called.arguments[1] if len(called.arguments) > 1 else None)
        if called.shapes[:1] == ((1, 10),) and isinstance(dim, int) and dim in {0, -2}:
            return True
    return False


def _by_traces(trial: _Trial) -> Found | None:
    """Look at what the model got, and at what is left of the call."""
    model, image, given = trial.model, trial.image, trial.given
    if given.shape != image.shape:
        return Found("in-place", say("The image is {shape} now.", shape=shape(given)))
    if not torch.equal(given, image):
        changed = int((given != image).sum())
        return Found("in-place", say("{count} of its 784 numbers have changed.", count=changed))
    for asked in model.asked:
        if not _same_pixels(asked, image):
            template = "The model got {got}, which begins with {first}, and the image with {right}."
            first, right = (_first(numbers) for numbers in (asked.input, image))
            evidence = say(template, got=shape(asked.input), first=first, right=right)
            return Found("other-pixels", evidence)
    if any(asked.training for asked in model.asked):
        return Found("training", "In your call of the model, its dropout was in training mode.")
    modes = [part.training for part in model.modules()]
    if changed := sum(mode != trial.was_training for mode in modes):
        template = "training was {before} in all {count} modules, and is not now in {changed}."
        before = trial.was_training
        evidence = say(template, count=len(modes), changed=changed, before=before)
        return Found("eval-left" if trial.was_training else "train-left", evidence)
    if not trial.recording:
        return Found("grad-off", "After your function, torch.is_grad_enabled() is False.")
    frozen = [name for name, one in model.named_parameters() if not one.requires_grad]
    if frozen:
        template = "The requires_grad of {names} is False now."
        return Found("frozen", say(template, names=", ".join(frozen)))
    return None


def _same_pixels(asked: Asked, image: Tensor) -> bool:
    got = asked.input
    return got.numel() == image.numel() and torch.equal(got.flatten(), image.flatten())


def _first(numbers: Tensor) -> str:
    return ", ".join(f"{number:.3g}" for number in numbers.flatten()[:3].tolist())


def _by_value(trial: _Trial) -> Found | None:
    value = trial.outcome.value
    if value is None:
        return Found("no-return", "Your function returned None.")
    if not isinstance(value, tuple | list) or len(value) != 2:
        template = "Your function returned {what}."
        return Found("one-value", say(template, what=_what(value)))
    pair = say("Your function returned {one} and {two}.", one=_what(value[0]), two=_what(value[1]))
    digit, probability = value
    if _count(probability) == 10:
        return Found("all-probabilities", pair)
    if isinstance(digit, Tensor) or isinstance(probability, Tensor):
        return Found("tensor", pair)
    best = int(trial.logits.argmax())
    share = trial.logits.softmax(0)[best].item()
    if isinstance(digit, float) and (type(probability) is int or math.isclose(digit, share)):
        return Found("swapped", pair)
    if type(digit) is not int or not isinstance(probability, float):
        return Found("not-python", pair)
    if not math.isclose(probability, share, rel_tol=1e-4):
        template = "Your probability is {yours:.6g}, and the model's {right:.6g}."
        evidence = say(template, yours=probability, right=share)
        return Found(_of_probability(probability, share, trial), evidence)
    if digit != best:
        template = "Your digit is {yours}, and class {right} has the highest score."
        kind = "argmax-axis" if _over_batch(trial, "argmax", "max") else "digit"
        return Found(kind, say(template, yours=digit, right=best))
    return None


def _what(value: object) -> str:
    """Say what something is, in a word or two."""
    name = type(value).__name__
    if isinstance(value, Tensor):
        template = "a Tensor {shape} with a record" if value.requires_grad else "a Tensor {shape}"
        return say(template, shape=shape(value))
    if isinstance(value, tuple | list | dict | set):
        return say("a {type} of {count}", type=name, count=len(value))
    shown = f"{value:.6g}" if isinstance(value, float) else f"{value!r}"[:40]
    return say("{value} ({type})", value=shown, type=name)


def _count(value: object) -> int:
    if isinstance(value, Tensor):
        return value.numel()
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, list) and len(value) == 1:
        return _count(value[0])
    return len(value) if isinstance(value, tuple | list) else 1


def _of_probability(yours: float, right: float, trial: _Trial) -> str:
    z = trial.logits
    lookalikes = {
        "logit": z.max().item(),
        "log": math.log(right),
        "sigmoid": z.max().sigmoid().item(),
        "softmax-twice": z.softmax(0).softmax(0).max().item(),
        "percent": 100 * right,
    }
    if yours == 1 and _over_batch(trial, "softmax", "log_softmax", "sum", "logsumexp"):
        return "dim-0"
    for kind, lookalike in lookalikes.items():
        if math.isclose(yours, lookalike, rel_tol=1e-4):
            return kind
    rounded = any(
        yours in {round(right, digits), round(100 * right, digits)} for digits in range(5)
    )
    return "rounded" if rounded else "probability"


def _by_habits(trial: _Trial) -> Found | None:
    """Look for what a right answer could do better."""
    model = trial.model
    shapes = [asked.input for asked in model.asked if asked.input.dim() != 2]
    if shapes:
        return Found("no-batch", say("The model got a tensor {got}.", got=shape(shapes[0])))
    if warning := trial.outcome.warning("Implicit dimension choice"):
        return Found("implicit-dim", say("PyTorch warns: {text}", text=warning))
    if model.hooked < len(model.asked):
        return Found("forward", "Your function ran the model's forward, and no hook ran.")
    if any(asked.recording for asked in model.asked):
        return Found("recorded", "The logits that the model gave you have requires_grad True.")
    return None


EXERCISE = ConditionsExercise(
    "predict", "You read the digit, and leave the model as it was.", _find
)
