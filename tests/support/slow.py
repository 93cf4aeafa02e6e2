"""A test that takes long runs for a few always, and for the others among the slow ones."""

from collections.abc import Iterable
from itertools import cycle

import pytest


def quick_for(names: Iterable[str], quick: Iterable[str]) -> list[object]:
    """Return parameters of which only the quick ones are run by ``make test``."""
    always = {*quick}
    return [
        pytest.param(name, marks=[] if name in always else [pytest.mark.slow]) for name in names
    ]


def in_a_scheme(names: Iterable[str], quick: str) -> list[object]:
    """Return parameters: a name in both colour schemes, and the others in the one or the other.

    All have the same styles: only that name in the dark is run by ``make test``.
    """
    others = [name for name in names if name != quick]
    pairs = [(quick, "light"), *zip(others, cycle(["dark", "light"]), strict=False)]
    slow = [pytest.param(*pair, marks=pytest.mark.slow) for pair in pairs]
    return [(quick, "dark"), *slow]
