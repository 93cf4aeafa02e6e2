"""A cache of what the checks compute from their own programs and seeds."""

import functools
from collections.abc import Callable
from typing import TypeVar, TypeVarTuple, cast

import torch

_Arguments = TypeVarTuple("_Arguments")
_Result = TypeVar("_Result")


def cached(function: Callable[[*_Arguments], _Result]) -> Callable[[*_Arguments], _Result]:
    """Keep what a function returns, for each default dtype: what it computes is of that."""

    @functools.lru_cache(maxsize=1024)
    def of_dtype(_: torch.dtype, *arguments: object) -> _Result:
        return function(*cast("tuple[*_Arguments]", arguments))

    return lambda *arguments: of_dtype(torch.get_default_dtype(), *arguments)
