"""Programs with gaps, filled in every way."""

import itertools
import re
from collections.abc import Mapping, Sequence

GAP = re.compile(r"GAP_([a-z0-9]+)")


def programs(code: str, options: Mapping[str, Sequence[str]]) -> list[str]:
    """Return a program with each choice of what stands in its gaps, the last gap fastest.

    Args:
        code: The program. Each gap stands in it as ``GAP_name``.
        options: For the name of each gap, the code that can fill it.
    """

    def filled(way: Sequence[str]) -> str:
        chosen = dict(zip(options, way, strict=True))
        return GAP.sub(lambda gap: chosen[gap[1]], code)

    return [filled(way) for way in itertools.product(*options.values())]
