"""Curves over a scale: what depends on how large the initial weights are."""

from collections.abc import Mapping
from math import ceil

import numpy as np
from matplotlib.figure import Figure
from mnistlesson.plots import _arrays
from mnistlesson.plots._arrays import Array
from mnistlesson.plots._style import (
    CYCLE,
    EDGE,
    SOFT,
    columns_for,
    grid,
    new_figure,
    open_frame,
    plain_ticks,
    styled,
    wrapped,
)
from mnistlesson.plots._words import course, describe, listed, number
from torch import Tensor


@styled
def scale_curves(
    scales: Tensor,
    measures: Mapping[str, Tensor],
    *,
    xlabel: str = "standard deviation of the weights",
    references: Mapping[str, float] | None = None,
    title: str = "What depends on the scale of the initial weights",
) -> Figure:
    """Draw each measure in a panel of its own against a scale on a logarithmic axis.

    Of a measure taken in several runs, the line is the mean, and a band reaches from the lowest run
    to the highest.

    Args:
        scales: Where the measures were taken, of shape (n,), all positive.
        measures: The name of each measure, with its unit if it has one, and its values of shape
            (n,), or of shape (runs, n).
        xlabel: What the scale is.
        references: The names of measures, and the value at which each gets a dashed line.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If `scales` is not a vector of positive numbers, there is no measure, one has
            another shape, or `references` names none of them.

    Examples:
        >>> import torch
        >>> from mnistlesson import plots
        >>> scales = torch.tensor([0.01, 0.1, 1.0])
        >>> figure = plots.scale_curves(scales, {"share saturated": torch.tensor([0.0, 0.1, 0.8])})
        >>> figure.axes[0].get_xscale()
        'log'
    """
    positions = _arrays.finite("scales", _arrays.vector("scales", scales))
    if positions.min() <= 0:
        raise ValueError(
            f"scales of shape {positions.shape} has the value {positions.min():.4g}, "
            "expected positive numbers for a logarithmic axis"
        )
    runs = {
        name: _runs(f"measures[{name!r}]", array, positions.size)
        for name, array in _arrays.groups("measures", measures).items()
    }
    dashed = references or {}
    if strangers := dashed.keys() - runs.keys():
        raise ValueError(f"references has {min(strangers)!r}, expected names among {[*runs]}")

    columns = columns_for(len(runs), 4)
    figure = new_figure(title, 0.5 + 1.9 * ceil(len(runs) / columns))
    panels = zip(grid(figure, len(runs), columns), runs.items(), strict=True)
    for index, (axes, (name, measure)) in enumerate(panels):
        color = CYCLE[index % len(CYCLE)]
        if len(measure) > 1:
            low, high = measure.min(axis=0), measure.max(axis=0)
            axes.fill_between(positions, low, high, color=color, alpha=0.25, linewidth=0)
        if name in dashed:
            axes.axhline(dashed[name], color=EDGE, linestyle="--", linewidth=1)
        axes.plot(positions, measure.mean(axis=0), color=color, marker="o")
        axes.set_xscale("log")
        plain_ticks(axes.xaxis)
        axes.set_title(wrapped(name, columns))
        open_frame(axes)
    figure.supxlabel(xlabel, color=SOFT)
    means = {name: measure.mean(axis=0) for name, measure in runs.items()}
    courses = [f"{name} {course(y, positions, 'at')}" for name, y in means.items()]
    ends = f"{number(positions[0])} to {number(positions[-1])}"
    lines = [f"{name} at {number(value)}" for name, value in dashed.items()]
    describe(
        figure,
        f"As the {xlabel} goes from {ends}: {'; '.join(courses)}.",
        *([f"Dashed lines: {listed(lines)}."] if lines else []),
    )
    return figure


def _runs(name: str, array: Array, count: int) -> Array:
    """Return a measure as an array of shape (runs, count)."""
    if array.ndim not in (1, 2) or array.shape[-1] != count or not array.size:
        raise ValueError(
            f"{name} has the shape {array.shape}, expected ({count},) or (runs, {count})"
        )
    return np.atleast_2d(array)
