"""Checked NumPy arrays out of what a caller passes: matplotlib never sees a tensor."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Array = NDArray[np.float64]


def to_array(values: Tensor | Sequence[float]) -> Array:
    """Return numbers of any type, on any device, with or without gradients, as an array."""
    if isinstance(values, Tensor):
        return values.detach().to("cpu", torch.float64).numpy()
    return np.array([to_array(torch.as_tensor(value, dtype=torch.float64)) for value in values])


def vector(name: str, values: Tensor | Sequence[float], length: int | None = None) -> Array:
    """Return a one-dimensional array of at least one number, or of exactly `length` numbers."""
    array = to_array(values)
    expected = "(n,) with n >= 1" if length is None else f"({length},)"
    if array.ndim != 1 or array.size == 0 or length not in (None, array.size):
        raise ValueError(f"{name} has the shape {array.shape}, expected {expected}")
    return array


def finite(name: str, array: Array) -> Array:
    """Return the array, which must hold no NaN and no infinity."""
    if not np.isfinite(array).all():
        raise ValueError(f"{name} of shape {array.shape} has NaN or infinity, expected numbers")
    return array


def image(name: str, values: Tensor) -> Array:
    """Return a single image as an array of shape (28, 28)."""
    if tuple(values.shape) not in {(1, 28, 28), (28, 28), (784,)}:
        raise ValueError(
            f"{name} has the shape {tuple(values.shape)}, "
            "expected one image: (1, 28, 28), (28, 28) or (784,)"
        )
    return _pixels(name, values).reshape(28, 28)


def images(name: str, values: Tensor) -> Array:
    """Return a batch of at least one image as an array of shape (N, 28, 28)."""
    shape = tuple(values.shape)
    if shape[1:] not in {(1, 28, 28), (784,)} or shape[0] == 0:
        raise ValueError(
            f"{name} has the shape {shape}, "
            "expected a batch of images: (N, 1, 28, 28) or (N, 784) with N >= 1"
        )
    return _pixels(name, values).reshape(-1, 28, 28)


def _pixels(name: str, values: Tensor) -> Array:
    array = finite(name, to_array(values))
    low, high = array.min(), array.max()
    # A colour map would clip other values without a word.
    if low < -1.001 or high > 1.001:
        raise ValueError(
            f"{name} of shape {array.shape} has values from {low:.4g} to {high:.4g}, "
            "expected -1 (paper) to 1 (ink)"
        )
    return array


def digits(name: str, values: Tensor | Sequence[int], count: int) -> list[int]:
    """Return `count` labels as integers."""
    array = vector(name, values, count)
    if (array != np.round(array)).any():
        raise ValueError(f"{name} of shape {array.shape} has fractions, expected whole numbers")
    return [int(value) for value in array]


def groups(
    name: str, values: Mapping[str, Tensor], shape: tuple[int, ...] | None = None
) -> dict[str, Array]:
    """Return the arrays of a mapping that is not empty, each of the given shape if any."""
    if not values:
        raise ValueError(f"{name} has 0 entries, expected at least one name with its tensor")
    arrays = {key: to_array(value) for key, value in values.items()}
    for key, array in arrays.items():
        if shape is not None and array.shape != shape:
            raise ValueError(f"{name}[{key!r}] has the shape {array.shape}, expected {shape}")
    return arrays


def positive(name: str, number: int) -> int:
    """Return a whole number, which must be at least one."""
    if number < 1:
        raise ValueError(f"{name} is {number}, expected a whole number of at least 1")
    return number
