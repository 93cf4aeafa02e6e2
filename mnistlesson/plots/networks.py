"""Networks: the plan of the layers, and what one digit makes of them."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import ceil, isqrt

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from mnistlesson.plots import _arrays
from mnistlesson.plots._arrays import Array
from mnistlesson.plots._style import (
    BLUE,
    ORANGE,
    SKY,
    columns_for,
    grid,
    new_figure,
    open_frame,
    wrapped,
    zero_lines,
)
from mnistlesson.plots._words import describe, listed, span
from torch import Tensor

SHOWN = 10  # circles a column has room for
BARS = 16  # values a bar chart has room for


def network_diagram(
    sizes: Sequence[int],
    *,
    labels: Sequence[str] | None = None,
    title: str | None = None,
) -> Figure:
    """Draw a fully connected network: a column of circles a layer, a line a weight.

    A layer of more than 10 units shows its first and last four. The units of an output layer of
    10 bear the digits that they stand for.

    Args:
        sizes: Units of each layer, input first; at least two layers.
        labels: What stands above each column, such as "hidden, ReLU".
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
    figure = new_figure(title, 1.4 + 0.32 * 2 * tallest)
    axes = figure.subplots()
    columns = [[(x, y) for y in _heights(size)] for x, size in enumerate(sizes)]
    for before, after in pairwise(columns):
        weights = [(start, end) for start in before for end in after]
        axes.add_collection(LineCollection(weights, colors="#999999", linewidths=0.4, zorder=1))
    for x, (size, circles) in enumerate(zip(sizes, columns, strict=True)):
        colour = "white" if x == 0 else ORANGE if x == len(sizes) - 1 else SKY
        axes.scatter(
            [x] * len(circles), _heights(size), s=150, c=colour, edgecolors="black", zorder=2
        )
        if size > SHOWN:
            axes.scatter([x] * 3, [-0.45, 0, 0.45], s=8, c="black", zorder=2)
        below = f"{size} unit" if size == 1 else f"{size} units"
        axes.text(x, -tallest - 0.8, below, ha="center", va="top", fontsize=11)
        if labels is not None:
            above = wrapped(labels[x], len(sizes))
            axes.text(x, tallest + 0.8, above, ha="center", va="bottom", fontsize=11)
    if sizes[-1] == 10:
        for digit, (x, y) in enumerate(columns[-1]):
            axes.annotate(
                str(digit), (x, y), (12, 0), textcoords="offset points", va="center", fontsize=11
            )
    axes.set(xlim=(-0.5, len(sizes) - 0.5), ylim=(-tallest - 1.4, tallest + 1.4))
    axes.axis("off")
    names = labels or [f"layer {index}" for index in range(1, len(sizes) + 1)]
    describe(
        figure,
        f"Columns of circles, from left to right: "
        f"{listed(f'{name} ({size})' for name, size in zip(names, sizes, strict=True))}. "
        "Lines join each circle to all circles of the next column.",
    )
    return figure


def layer_activations(
    layers: Mapping[str, Tensor], *, title: str = "What each layer makes of one digit"
) -> Figure:
    """Draw the numbers in every layer for one digit, from the input to the probabilities.

    A layer of 784 is drawn as the image that it is, one of at most 16 as bars, and any other as a
    near-rectangular map, row by row. Maps with negative numbers have colours on both sides of 0.

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
    figure = new_figure(title, 0.4 + 2.6 * ceil(len(arrays) / columns), gap=0.08)
    for axes, (name, values) in zip(
        grid(figure, len(arrays), columns), arrays.items(), strict=True
    ):
        axes.set_title(wrapped(f"{name} ({values.size})", columns), fontsize=11)
        if values.size <= BARS:
            _bars(axes, values)
        else:
            _heat_map(axes, values)
    describe(figure, *(_summary(name, values) for name, values in arrays.items()))
    return figure


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


def _heat_map(axes: Axes, values: Array) -> None:
    high = float(np.abs(values).max()) or 1.0  # a layer of zeros still needs a scale
    if values.size == 784:
        colours, low, high = "Greys_r", -max(high, 1.0), max(high, 1.0)
    elif values.min() < 0:
        colours, low = "RdBu_r", -high
    else:
        colours, low = "viridis", 0.0
    drawn = axes.imshow(
        _rectangle(values),
        cmap=colours,
        vmin=low,
        vmax=high,
        interpolation="nearest",
        # Pixels are square; other cells have no shape of their own, and so fill their panel.
        aspect="equal" if values.size == 784 else "auto",
    )
    axes.set(xticks=[], yticks=[])
    scale = axes.inset_axes((0.0, -0.14, 1.0, 0.07))  # always as near to its map
    axes.figure.colorbar(drawn, cax=scale, orientation="horizontal", label="value")


def _rectangle(values: Array) -> Array:
    """Fold a vector row by row; cells left over are NaN, which is drawn as nothing."""
    rows = next(r for r in range(isqrt(values.size), 0, -1) if values.size % r == 0)
    if values.size / rows > 4 * rows:  # a prime number of units would be a thread
        rows = isqrt(values.size)
    columns = ceil(values.size / rows)
    cells = np.full(rows * columns, np.nan)
    cells[: values.size] = values
    return cells.reshape(rows, columns)
