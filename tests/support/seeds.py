"""The seeds that tests of random things try: a few always, and many more among the slow tests."""

import pytest

seeds = pytest.mark.parametrize(
    "seeds",
    [range(3), pytest.param(range(3, 20), marks=pytest.mark.slow)],
    ids=["few", "many"],
)
