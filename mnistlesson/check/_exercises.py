"""The exercises, by name, in the order of the lesson."""

from mnistlesson.check import (
    _accuracy,
    _flatten,
    _functional,
    _gradient_step,
    _init,
    _linear,
    _mlp,
    _networks,
    _predict,
    _softmax,
    _standardise,
    _train_epoch,
    _transplant,
)
from mnistlesson.check._exercise import Exercise, Found, verdict
from mnistlesson.check._outcome import Outcome
from mnistlesson.check._run import undisturbed
from mnistlesson.check._verdict import Verdict
from mnistlesson.check._words import say

EXERCISES: dict[str, Exercise] = {
    exercise.name: exercise
    for exercise in (
        _standardise.EXERCISE,
        _flatten.EXERCISE,
        _mlp.EXERCISE,
        _softmax.EXERCISE,
        _transplant.EXERCISE,
        _linear.EXERCISE,
        _functional.EXERCISE,
        _networks.NETWORK,
        _networks.SEQUENTIAL,
        _init.EXERCISE,
        _predict.EXERCISE,
        _gradient_step.EXERCISE,
        _train_epoch.EXERCISE,
        _accuracy.EXERCISE,
    )
}


def judge(name: str, answer: object) -> Verdict:
    """Judge an answer, and leave the program around it as it was. Nothing is raised here."""
    with undisturbed():
        try:
            return EXERCISES[name].judge(answer)
        except Exception as error:  # noqa: BLE001 - of an object that refuses to be looked at
            template = "Looking at your answer raises {error}."
            evidence = say(template, error=Outcome(error=error).message)
            return verdict(name, Found("raises", evidence))
