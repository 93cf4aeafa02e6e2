"""Distributions: how the numbers in some tensors spread."""

from collections.abc import Mapping
from math import ceil

import numpy as np
from matplotlib.figure import Figure
from mnistlesson.plots import _arrays
from mnistlesson.plots._style import (
    BLUE,
    SOFT,
    columns_for,
    grid,
    new_figure,
    open_frame,
    plain_ticks,
    round_ticks,
    styled,
    wrapped,
)
from mnistlesson.plots._words import describe, number, span
from torch import Tensor


@styled
def histograms(
    groups: Mapping[str, Tensor],
    *,
    xlabel: str,
    bins: int = 50,
    share_x: bool = True,
    title: str = "How the values are distributed",
) -> Figure:
    """Draw a histogram of each tensor in a panel of its own, under its mean and deviation.

    Args:
        groups: The name of each tensor and the tensor, of any shape with two or more values.
        xlabel: What the values are.
        bins: Into how many intervals of equal width the range is cut.
        share_x: Whether all panels have the same range and the same intervals.
        title: Title of the figure.

    Returns:
        The figure; heights are fractions of a tensor's values, whose sum is 1, and the deviation is
        that of ``torch.std``.

    Raises:
        ValueError: If there is no tensor, one has fewer than two values, NaN or infinity, or `bins`
            is less than 1.

    Examples:
        >>> import torch
        >>> from mnistlesson import plots
        >>> figure = plots.histograms({"hidden": torch.tensor([-1.0, 0.0, 4.0])}, xlabel="value")
        >>> print(figure.axes[0].get_title())
        hidden
        mean 1.000, std 2.65
    """
    arrays = {name: array.ravel() for name, array in _arrays.groups("groups", groups).items()}
    for name, array in arrays.items():
        _arrays.finite(f"groups[{name!r}]", array)
        if array.size < 2:
            raise ValueError(
                f"groups[{name!r}] has {array.size} values, expected two or more for a deviation"
            )
    _arrays.positive("bins", bins)
    everything = np.concatenate([*arrays.values()])

    columns = columns_for(len(arrays), 4)
    figure = new_figure(title, 0.5 + 2.1 * ceil(len(arrays) / columns))
    between = ", " if columns <= 2 else "\n"
    spreads = []
    panels = zip(grid(figure, len(arrays), columns), arrays.items(), strict=True)
    for index, (axes, (name, array)) in enumerate(panels):
        edges = np.histogram_bin_edges(everything if share_x else array, bins)
        counts, _ = np.histogram(array, edges)
        axes.stairs(counts / array.size, edges, fill=True, color=BLUE)
        deviation = array.std(ddof=1)
        axes.set_title(
            f"{wrapped(name, columns)}\nmean {array.mean():.3f}{between}std {deviation:.3g}",
        )
        tallest = counts.argmax()
        spreads.append(
            f"{name}: values {span(array)}, mean {array.mean():.3f}, deviation {deviation:.3g}; "
            f"the tallest bar, {counts[tallest] / array.size:.0%} of them, stands from "
            f"{number(edges[tallest])} to {number(edges[tallest + 1])}."
        )
        margin = 0.02 * (edges[-1] - edges[0])  # parts a bar at the end from the frame
        axes.set_xlim(edges[0] - margin, edges[-1] + margin)
        axes.xaxis.set_major_locator(round_ticks(3 if columns < 3 else 2))
        plain_ticks(axes.xaxis)
        axes.yaxis.set_major_locator(round_ticks(5))
        if index % columns == 0:
            axes.set_ylabel("fraction of the values")
        open_frame(axes)
    figure.supxlabel(xlabel, color=SOFT)
    describe(figure, *spreads)
    return figure
