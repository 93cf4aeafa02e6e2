"""What the steps of the lesson import: digits, networks, figures.

- :mod:`mnistlesson.data` says where the digits come from.
- :mod:`mnistlesson.models` keeps each network that a step has written out in full.
- :mod:`mnistlesson.plots` takes tensors and returns figures.
- :mod:`mnistlesson.check` judges the exercises.

Importing the package imports none of them, and not torch either: a step imports what it uses.
"""
