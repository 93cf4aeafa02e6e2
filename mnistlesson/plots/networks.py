"""Networks: the plan of the layers, and what one digit makes of them."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import ceil, isqrt

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from mnistlesson.plots import _arrays
from mnistlesson.plots._arrays import Array
from mnistlesson.plots._style import (
    BLUE,
    EDGE,
    INK,
    PAPER,
    VERMILLION,
    ZERO,
    columns_for,
    draw_digit,
    grid,
    new_figure,
    open_frame,
    styled,
    wrapped,
    zero_lines,
)
from mnistlesson.plots._words import describe, listed, number, span
from torch import Tensor

SHOWN = 10  # circles a column has room for
BARS = 16  # values a bar chart has room for


@styled
def network_diagram(
    sizes: Sequence[int],
    *,
    labels: Sequence[str] | None = None,
    first_unit: bool = False,
    title: str | None = None,
) -> Figure:
    """Draw a fully connected network: a column of circles a layer, a line a weight.

    A layer of more than 10 units shows its first and last four. The units of an output layer of
    10 bear the digits that they stand for.

    Args:
        sizes: Units of each layer, input first; at least two layers.
        labels: What stands above each column, such as "hidden, ReLU".
        first_unit: Whether the weights of the first unit of the second layer stand out.
        title: Title of the figure; without one, it names the sizes.

    Returns:
        The figure; each layer's size stands under its column.

    Raises:
        ValueError: If there are fewer than two layers, a layer has no units, or there is not one
            label a layer.

    Examples:
        >>> from mnistlesson import plots
        >>> figure = plots.network_diagram([784, 256, 10], labels=["input", "hidden", "output"])
        >>> figure.get_suptitle()
        'A fully connected network: 784 -> 256 -> 10'
    """
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"sizes is {list(sizes)}, expected two or more layers of 1 unit or more")
    if labels is not None and len(labels) != len(sizes):
        raise ValueError(f"labels has {len(labels)} entries, expected one a layer: {len(sizes)}")
    if title is None:
        title = "A fully connected network: " + " -> ".join(map(str, sizes))

    tallest = max(_heights(size)[0] for size in sizes)
    figure = new_figure(title, 1.1 + 0.24 * 2 * tallest)
    axes = figure.subplots()
    columns = [[(x, y) for y in _heights(size)] for x, size in enumerate(sizes)]
    _weights(axes, columns, first_unit=first_unit)
    for x, (size, circles) in enumerate(zip(sizes, columns, strict=True)):
        colour = PAPER if x == 0 else VERMILLION if x == len(sizes) - 1 else BLUE
        axes.scatter([x] * len(circles), _heights(size), s=85, c=colour, edgecolors=INK, zorder=2)
        if size > SHOWN:
            axes.scatter([x] * 3, [-0.45, 0, 0.45], s=5, c=INK, zorder=2)
        below = f"{size} unit" if size == 1 else f"{size} units"
        axes.text(x, -tallest - 0.8, below, ha="center", va="top")
        if labels is not None:
            above = wrapped(labels[x], len(sizes))
            axes.text(x, tallest + 0.8, above, ha="center", va="bottom")
    if sizes[-1] == 10:
        for digit, (x, y) in enumerate(columns[-1]):
            axes.annotate(str(digit), (x, y), (9, 0), textcoords="offset points", va="center")
    axes.set(xlim=(-0.5, len(sizes) - 0.5), ylim=(-tallest - 1.4, tallest + 1.4))
    axes.axis("off")
    names = labels or [f"layer {index}" for index in range(1, len(sizes) + 1)]
    describe(
        figure,
        f"Columns of circles, from left to right: "
        f"{listed(f'{name} ({size})' for name, size in zip(names, sizes, strict=True))}. "
        "Lines join each circle to all circles of the next column.",
        *(["Those to the first circle of the second column stand out."] if first_unit else []),
    )
    return figure


@styled
def layer_activations(
    layers: Mapping[str, Tensor], *, title: str = "What each layer makes of one digit"
) -> Figure:
    """Draw the numbers in every layer for one digit, from the input to the probabilities.

    A layer of 784 is drawn as the image that it is, one of at most 16 as bars, and any other as a
    map of cells, row by row: blue above 0, orange below, the stronger the further from 0.

    Args:
        layers: The name of each layer and its numbers, of shape (n,), in the order of the pass.
        title: Title of the figure.

    Returns:
        The figure; each layer's size stands beside its name.

    Raises:
        ValueError: If there is no layer, or one is not a vector of finite numbers.

    Examples:
        >>> from mnistlesson import data, models, plots
        >>> images, labels = data.first_batch()
        >>> model, inputs = models.Network(), images.flatten(1)
        >>> figure = plots.layer_activations({"input": inputs[0], "logits": model(inputs)[0]})
        >>> [axes.get_title() for axes in figure.axes[:2]]
        ['input (784)', 'logits (10)']
    """
    arrays = {
        name: _arrays.finite(f"layers[{name!r}]", _arrays.vector(f"layers[{name!r}]", layer))
        for name, layer in layers.items()
    }
    if not arrays:
        raise ValueError("layers has 0 entries, expected at least one name with its tensor")

    columns = columns_for(len(arrays), 3)
    figure = new_figure(title, 0.4 + 1.9 * ceil(len(arrays) / columns), gap=0.08)
    for axes, (name, values) in zip(
        grid(figure, len(arrays), columns), arrays.items(), strict=True
    ):
        axes.set_title(wrapped(f"{name} ({values.size})", columns))
        if values.size <= BARS:
            _bars(axes, values)
        else:
            _map(axes, values)
    describe(figure, *(_summary(name, values) for name, values in arrays.items()))
    return figure


def _weights(axes: Axes, columns: list[list[tuple[int, float]]], *, first_unit: bool) -> None:
    for before, after in pairwise(columns):
        lines = [(start, end) for start in before for end in after]
        axes.add_collection(LineCollection(lines, colors=EDGE, linewidths=0.3, zorder=1))
    if first_unit:
        lines = [(start, columns[1][0]) for start in columns[0]]
        axes.add_collection(LineCollection(lines, colors=BLUE, linewidths=1.2, zorder=1))


def _heights(size: int) -> list[float]:
    if size > SHOWN:
        return [4.5, 3.5, 2.5, 1.5, -1.5, -2.5, -3.5, -4.5]
    return [(size - 1) / 2 - unit for unit in range(size)]


def _summary(name: str, values: Array) -> str:
    if values.size <= BARS:
        return f"{name}: {values.size} bars, {span(values)}, the highest that of {values.argmax()}."
    zeros = int((values == 0).sum())
    silent = f", of which {zeros} are 0" if zeros else ""
    return f"{name}: {values.size} values {span(values)}{silent}."


def _bars(axes: Axes, values: Array) -> None:
    axes.bar(range(values.size), values, color=BLUE)
    axes.set(xticks=range(values.size), xlabel="unit", ylabel="value")
    zero_lines(axes)
    open_frame(axes)


def _map(axes: Axes, values: Array) -> None:
    high = float(np.abs(values).max()) or 1.0  # a layer of zeros still needs a scale
    if values.size == 784:
        draw_digit(axes, values.reshape(28, 28))
        axes.images[0].set_clim(-max(high, 1.0), max(high, 1.0))
    else:
        _cells(axes, _rectangle(values), high)
        axes.set_box_aspect(1)
    axes.set(xticks=[], yticks=[], xlabel=f"{number(values.min())} to {number(values.max())}")
    axes.grid(visible=False)


def _cells(axes: Axes, values: Array, high: float) -> None:
    """Draw each number as a cell: blue above 0, orange below, the stronger the further from it."""
    rows, columns = values.shape
    side = 0.92  # a gap between the cells
    corners = np.array([(0, 0), (0, side), (side, side), (side, 0)])
    known = [(place, value) for place, value in np.ndenumerate(values) if not np.isnan(value)]
    shares = [
        (
            corners + place[::-1],
            to_rgba(BLUE if value > 0 else VERMILLION, round(abs(value) / high, 2)),
        )
        for place, value in known
        if value
    ]
    axes.add_collection(
        PolyCollection([corners + place[::-1] for place, _ in known], color=ZERO, clip_on=False)
    )
    axes.add_collection(
        PolyCollection(
            [cell for cell, _ in shares], facecolors=[colour for _, colour in shares], clip_on=False
        )
    )
    axes.set(xlim=(0, columns), ylim=(rows, 0))
    axes.spines[:].set_visible(False)


def _rectangle(values: Array) -> Array:
    """Fold a vector row by row; cells left over are NaN, which is drawn as nothing."""
    rows = next(r for r in range(isqrt(values.size), 0, -1) if values.size % r == 0)
    if values.size / rows > 4 * rows:  # a prime number of units would be a thread
        rows = isqrt(values.size)
    columns = ceil(values.size / rows)
    cells = np.full(rows * columns, np.nan)
    cells[: values.size] = values
    return cells.reshape(rows, columns)
