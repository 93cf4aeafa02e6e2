"""The strokes of a digit: lines one pixel wide through its middle, as a pen would follow them."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Pixel = tuple[int, int]  # row, column
Stroke = list[Pixel]

# Clockwise from above, as (down, right).
AROUND = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)]


def _neighbours(ink: set[Pixel], pixel: Pixel) -> list[bool]:
    return [(pixel[0] + down, pixel[1] + right) in ink for down, right in AROUND]


def _removable(ink: set[Pixel], pixel: Pixel, *, second: bool) -> bool:
    n = _neighbours(ink, pixel)
    above, right, below, left = n[0], n[2], n[4], n[6]
    turns = sum(not a and b for a, b in zip(n, n[1:] + n[:1], strict=True))
    corner = (above and right and left) or (above and below and left)
    if not second:
        corner = (above and right and below) or (right and below and left)
    return 2 <= sum(n) <= 6 and turns == 1 and not corner


def thin(image: npt.NDArray[np.uint8]) -> set[Pixel]:
    """Thin the ink of (28, 28) bytes: T. Y. Zhang and C. Y. Suen, Commun. ACM 27 (1984) 236."""
    ink = {(int(row), int(column)) for row, column in zip(*np.nonzero(image > 127), strict=True)}
    while True:
        before = len(ink)
        for second in (False, True):
            ink -= {pixel for pixel in ink if _removable(ink, pixel, second=second)}
        if len(ink) == before:
            return ink


def _walk(ink: set[Pixel], start: Pixel) -> Stroke:
    stroke = [start]
    ink.remove(start)
    while True:
        row, column = stroke[-1]
        around = [(row + down, column + right) for down, right in AROUND]
        # Straight neighbours first: a corner is not to be cut.
        following = [p for p in around[::2] + around[1::2] if p in ink]
        if not following:
            return stroke
        stroke.append(following[0])
        ink.remove(following[0])


def strokes(image: npt.NDArray[np.uint8]) -> Iterator[Stroke]:
    """Follow the thinned lines from their ends; where lines meet, a stroke starts on the other."""
    line = thin(image)
    left = set(line)
    while left:
        ends = sorted(pixel for pixel in left if sum(_neighbours(left, pixel)) <= 1)
        stroke = _walk(left, ends[0] if ends else min(left))
        row, column = stroke[0]
        drawn = line - left - set(stroke)
        joints = [(row + down, column + right) for down, right in AROUND]
        yield [p for p in joints if p in drawn][:1] + stroke
