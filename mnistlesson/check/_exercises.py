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
from mnistlesson.check._exercise import Exercise
from mnistlesson.check._run import undisturbed
from mnistlesson.check._verdict import Verdict

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
    """Judge an answer, and leave the program around it as it was."""
    with undisturbed():
        return EXERCISES[name].judge(answer)
