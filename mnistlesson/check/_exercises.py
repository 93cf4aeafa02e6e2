"""The exercises, by name, in the order of the lesson."""

from mnistlesson.check import _flatten, _init, _mlp, _networks, _softmax
from mnistlesson.check._exercise import Exercise

EXERCISES: dict[str, Exercise] = {
    exercise.name: exercise
    for exercise in (
        _flatten.EXERCISE,
        _mlp.EXERCISE,
        _softmax.EXERCISE,
        _networks.NETWORK,
        _networks.SEQUENTIAL,
        _init.EXERCISE,
    )
}
