"""Shapes: every tensor as a box, all of them on one scale."""

from collections.abc import Collection, Iterator, Mapping
from math import prod, sqrt
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from mnistlesson.plots._style import BLUE, INK, VERMILLION, WIDTH, new_figure, styled
from mnistlesson.plots._words import describe, listed
from torch import Tensor

ACROSS = 140.0  # the width of the figure, in the units of its one scale
LETTER = 2.65  # the width of a letter of a name, in these units
LINE = 6.0  # the height of a line of text
SHEETS = 3  # what stands for the many matrices of a tensor with more than two axes


@styled
def tensor_shapes(
    groups: Mapping[str, Mapping[str, Tensor]],
    *,
    learnt: Collection[str] = (),
    title: str = "The shapes of tensors",
) -> Figure:
    """Draw tensors as boxes: a vector as a strip, a matrix as a rectangle, more axes as a stack.

    The sides are the square roots of the lengths, so that lengths from 1 to some thousands fit,
    and equal lengths are equal everywhere in the figure. The last axis lies across.

    Args:
        groups: Under the caption of each group, the names of its tensors and the tensors.
        learnt: The names of those that training changes; they have a colour of their own.
        title: Title of the figure.

    Returns:
        The figure; the name stands above each box, the shape below.

    Raises:
        ValueError: If there is no group, a group has no tensor, or `learnt` has another name.

    Examples:
        >>> import torch
        >>> from mnistlesson import plots
        >>> inputs, w1 = torch.zeros(64, 784), torch.zeros(784, 256)
        >>> product = {"inputs": inputs, "w1": w1, "hidden": inputs @ w1}
        >>> figure = plots.tensor_shapes({"hidden = inputs @ w1": product}, learnt=["w1"])
        >>> [text.get_text() for text in figure.axes[0].texts[-2:]]
        ['hidden', '(64, 256)']
    """
    if not groups or not all(groups.values()):
        raise ValueError(
            f"groups has {len(groups)} entries, expected tensors in each of at least 1"
        )
    names = {name for tensors in groups.values() for name in tensors}
    for name in learnt:
        if name not in names:
            raise ValueError(f"learnt has {name!r}, expected names among {sorted(names)}")

    lines = [
        (caption if first else "", line)
        for caption, tensors in groups.items()
        for first, line in _lines({name: tuple(t.shape) for name, t in tensors.items()})
    ]
    heights = [
        max(_sides(shape)[1] for shape in line.values()) + (4.2 if caption else 2.8) * LINE
        for caption, line in lines
    ]
    figure = new_figure(title, 0.5 + sum(heights) * WIDTH / ACROSS)
    axes = figure.subplots()
    axes.set(xlim=(0, ACROSS), ylim=(sum(heights), 0))
    axes.axis("off")
    top = 0.0
    for (caption, line), height in zip(lines, heights, strict=True):
        if caption:
            axes.text(0, top + 1.2 * LINE, caption, fontweight="bold", va="bottom")
        middle = top + height - 1.3 * LINE - max(_sides(s)[1] for s in line.values()) / 2
        left = 0.0
        for name, shape in line.items():
            _box(axes, (left, middle), name, shape, VERMILLION if name in learnt else BLUE)
            left += _room(name, shape)
        top += height
    boxes = (
        f"{caption}: {listed(f'{name} {tuple(tensor.shape)}' for name, tensor in tensors.items())}."
        for caption, tensors in groups.items()
    )
    coloured = [f"Orange, because training changes them: {listed(learnt)}."] if learnt else []
    describe(figure, "Boxes, each with its shape.", *boxes, *coloured)
    return figure


def _sides(shape: tuple[int, ...]) -> tuple[float, float]:
    """Return the width and the height of a box, its stack included."""
    rows, columns = (1, 1, *shape)[-2:]
    behind = SHEETS - 1 if prod(shape[:-2]) > 1 else 0
    return sqrt(columns) + behind, sqrt(rows) + behind


def _room(name: str, shape: tuple[int, ...]) -> float:
    """Return how much of a line a box takes, its texts and the gap to the next included."""
    return max(_sides(shape)[0], LETTER * len(name), LETTER * len(str(shape))) + 4


def _lines(shapes: dict[str, tuple[int, ...]]) -> Iterator[tuple[bool, dict[str, tuple[int, ...]]]]:
    """Break a group into lines that are no wider than the figure; say which line is the first."""
    line: dict[str, tuple[int, ...]] = {}
    first, used = True, 0.0
    for name, shape in shapes.items():
        used += _room(name, shape)
        if line and used > ACROSS:
            yield first, line
            line, first, used = {}, False, _room(name, shape)
        line[name] = shape
    yield first, line


def _box(
    axes: Axes, place: tuple[float, float], name: str, shape: tuple[int, ...], colour: str
) -> None:
    left, middle = place
    width, height = _sides(shape)
    rows, columns = (1, 1, *shape)[-2:]
    centre = left + _room(name, shape) / 2
    for sheet in reversed(range(SHEETS if prod(shape[:-2]) > 1 else 1)):
        corner = (centre - width / 2 + sheet, middle + height / 2 - sqrt(rows) - sheet)
        box = Rectangle(corner, sqrt(columns), sqrt(rows), facecolor=colour, edgecolor=INK)
        axes.add_patch(box)
    text: dict[str, Any] = {"ha": "center", "family": "monospace"}
    axes.text(centre, middle - height / 2 - 0.2 * LINE, name, va="bottom", **text)
    axes.text(centre, middle + height / 2 + 0.2 * LINE, str(shape), va="top", **text)
