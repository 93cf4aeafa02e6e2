"""The exercise of step 8: the 784-128-64-10 network, as a sequence."""

from mnistlesson.check._networks import NetworkExercise

EXERCISE = NetworkExercise("sequential", as_class=False)
