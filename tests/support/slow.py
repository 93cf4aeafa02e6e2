"""A test that takes long runs for a few always, and for the others among the slow ones."""

from collections.abc import Iterable

import pytest


def quick_for(names: Iterable[str], quick: Iterable[str]) -> list[object]:
    """Return parameters of which only the quick ones are run by ``make test``."""
    always = {*quick}
    return [
        pytest.param(name, marks=[] if name in always else [pytest.mark.slow]) for name in names
    ]
