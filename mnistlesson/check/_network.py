"""The exercise of step 7: the 784-128-64-10 network, as a class."""

from mnistlesson.check._networks import NetworkExercise

EXERCISE = NetworkExercise("network", as_class=True)
