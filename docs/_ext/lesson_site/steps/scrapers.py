"""What sphinx-gallery calls after each block of a step: it keeps what the block has made.

sphinx-gallery imports this in every build, and needs it only in the process of a step. So the
modules that draw are imported when they are called.
"""

from collections.abc import Mapping
from typing import Any


def figures(block: object, variables: Mapping[str, Any], config: Mapping[str, Any]) -> str:
    """Save the figures that a block has opened, and return the images as text."""
    from lesson_site.steps import compute_figures  # noqa: PLC0415

    return compute_figures.scrape(block, variables, config)


def weights(block: object, variables: Mapping[str, Any], config: Mapping[str, Any]) -> str:
    """Write the network that a step has made. Returns no figure."""
    from lesson_site.interactive.digit_pad import compute_weights  # noqa: PLC0415

    return compute_weights.export(block, variables, config)
