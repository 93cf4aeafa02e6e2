"""The exercises, by name, each imported when it is asked for."""

import importlib

from mnistlesson.check._exercise import Exercise, Found, verdict
from mnistlesson.check._outcome import Outcome
from mnistlesson.check._run import undisturbed
from mnistlesson.check._verdict import Verdict
from mnistlesson.check._words import say

EXERCISES = {
    "standardise": "standardise",
    "flatten": "flatten",
    "mlp": "mlp",
    "softmax": "softmax",
    "transplant": "transplant",
    "linear": "Linear",
    "functional": "Functional",
    "network": "Network",
    "sequential": "sequential",
    "init": "init",
    "predict": "predict",
    "gradient_step": "gradient_step",
    "train_epoch": "train_epoch",
    "accuracy": "accuracy",
}
"""Each exercise, in the order of the lesson, and the name of what answers it."""


def unknown(name: str) -> str:
    """Say that there is no exercise of a name."""
    return f"There is no exercise {name!r}. There are: {', '.join(EXERCISES)}."


def exercise(name: str) -> Exercise:
    """Import an exercise, and no other: a page that judges answers to it depends on it alone.

    Raises:
        ValueError: There is none of this name.
    """
    if name not in EXERCISES:
        raise ValueError(unknown(name))
    found: Exercise = importlib.import_module(f"mnistlesson.check._{name}").EXERCISE
    return found


def judge(name: str, answer: object) -> Verdict:
    """Judge an answer, and leave the program around it as it was.

    Nothing that it does is raised here.

    Raises:
        ValueError: There is no exercise of this name.
    """
    asked = exercise(name)
    with undisturbed():
        try:
            return asked.judge(answer)
        except Exception as error:  # noqa: BLE001 - of an object that refuses to be looked at
            template = "Looking at your answer raises {error}."
            evidence = say(template, error=Outcome(error=error).message)
            return verdict(name, Found("raises", evidence))
