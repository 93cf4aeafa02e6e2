"""The image scraper of networks: sphinx-gallery calls it after each block of a step."""

from collections.abc import Mapping
from typing import Any


def weights(block: object, variables: Mapping[str, Any], config: Mapping[str, Any]) -> str:
    """Write the network that a step has made. Returns no figure."""
    from lesson_site.interactive import compute_weights  # noqa: PLC0415 - in a step's process

    return compute_weights.export(block, variables, config)
