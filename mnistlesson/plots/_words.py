"""What a figure shows, in words: the sentences are computed from the numbers that are drawn."""

from collections.abc import Iterable

import numpy as np
from matplotlib.figure import Figure
from mnistlesson.plots._arrays import Array


def describe(figure: Figure, *sentences: str) -> None:
    """Label the figure with its title and these sentences, for a page's alternative text."""
    title = " ".join(figure.get_suptitle().split())
    end = "" if title.endswith((".", "?", "!")) else "."
    figure.set_label(" ".join([title + end, *sentences]))


def listed(words: Iterable[str]) -> str:
    """Return "a, b and c"."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def number(value: float) -> str:
    """Return a number in three digits, and 0 without a sign."""
    return f"{value + 0.0:.3g}"


def span(values: Array) -> str:
    """Return from where to where the numbers go, those left out that are no numbers."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return "without a number"
    return f"from {number(finite.min())} to {number(finite.max())}"


def course(values: Array, places: Array, at: str) -> str:
    """Return where a curve begins and ends, and its peak and its lowest point between the two."""
    first, last = number(values[0]), number(values[-1])
    turns = []
    if np.isfinite(values).all():
        turns = [
            f"a {word} of {number(values[index])} {at} {number(places[index])}"
            for word, index in (("peak", values.argmax()), ("low", values.argmin()))
            # Three digits must show it.
            if number(values[index]) not in {first, last}
        ]
    return f"goes from {first} to {last}" + (f" with {listed(turns)}" if turns else "")
