"""Lines over numbers: activation functions, and any other curves."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from mnistlesson.plots import _arrays
from mnistlesson.plots._arrays import Array
from mnistlesson.plots._style import (
    CYCLE,
    LINE_STYLES,
    legend_below,
    new_figure,
    open_frame,
    plain_ticks,
    styled,
    zero_lines,
)
from mnistlesson.plots._words import course, describe, listed, span
from torch import Tensor


@styled
def activation_functions(
    x: Tensor,
    values: Mapping[str, Tensor],
    gradients: Mapping[str, Tensor],
    *,
    title: str = "Activation functions and their gradients",
) -> Figure:
    """Draw functions on the left, and on the right their gradients in the same colours.

    Args:
        x: Where the functions were computed, of shape (n,).
        values: The name of each function and its values, of shape (n,).
        gradients: The same names and the derivatives at `x`, of shape (n,).
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If `x` is not a vector, there is no function, a tensor has another shape, or
            the names in `gradients` are not those in `values`.

    Examples:
        >>> import torch
        >>> from mnistlesson import plots
        >>> x = torch.linspace(-3, 3, 61)
        >>> figure = plots.activation_functions(
        ...     x,
        ...     {"ReLU": torch.relu(x), "tanh": torch.tanh(x)},
        ...     {"ReLU": (x > 0).float(), "tanh": 1 - torch.tanh(x) ** 2},
        ... )
        >>> [axes.get_ylabel() for axes in figure.axes]
        ['output f(x)', 'gradient df/dx']
    """
    inputs = _arrays.vector("x", x)
    functions = _arrays.groups("values", values, inputs.shape)
    slopes = _arrays.groups("gradients", gradients, inputs.shape)
    if functions.keys() != slopes.keys():
        raise ValueError(f"gradients has the names {[*slopes]}, expected those of {[*functions]}")

    figure = new_figure(title, 2.9)
    left, right = figure.subplots(1, 2)
    for index, name in enumerate(functions):
        look = {"color": CYCLE[index % len(CYCLE)], "linestyle": LINE_STYLES[index % 4]}
        left.plot(*_broken(inputs, functions[name]), label=name, **look)
        right.plot(*_broken(inputs, slopes[name]), **look)
    left.set(xlabel="input x", ylabel="output f(x)")
    right.set(xlabel="input x", ylabel="gradient df/dx")
    for axes in (left, right):
        zero_lines(axes, vertical=True)
        open_frame(axes)
    legend_below(figure, left)
    describe(
        figure,
        f"Left, for x {span(inputs)}: "
        + "; ".join(f"{name} {course(y, inputs, 'at x =')}" for name, y in functions.items())
        + ".",
        f"Right, their gradients: {listed(f'{n} {span(y)}' for n, y in slopes.items())}.",
    )
    return figure


@styled
def line_chart(
    x: Tensor,
    lines: Mapping[str, Tensor],
    *,
    labels: tuple[str, str],
    log_y: bool = False,
    title: str = "Curves",
) -> Figure:
    """Draw curves over the same numbers, in one panel.

    Args:
        x: Where the curves were computed, of shape (n,).
        lines: The name of each curve, with its unit if it has one, and its values of shape (n,).
        labels: What `x` is, and what the values are.
        log_y: Whether the axis of the values is logarithmic.
        title: Title of the figure.

    Returns:
        The figure. A curve ends where its values are no numbers.

    Raises:
        ValueError: If `x` is not a vector, there is no curve, one has another shape, or `log_y` is
            asked for and a value is not positive.

    Examples:
        >>> import torch
        >>> from mnistlesson import plots
        >>> p = torch.linspace(0.01, 1, 100)
        >>> lines = {"loss": -p.log()}
        >>> figure = plots.line_chart(p, lines, labels=("probability", "loss (nats)"))
        >>> figure.axes[0].get_ylabel()
        'loss (nats)'
    """
    places = _arrays.vector("x", x)
    curves = _arrays.groups("lines", lines, places.shape)
    for name, curve in curves.items():
        if log_y and (curve <= 0).any():
            raise ValueError(
                f"lines[{name!r}] of shape {curve.shape} has the value {np.nanmin(curve):.4g}, "
                "expected positive numbers, as log_y asks for their logarithm"
            )

    figure = new_figure(title, 2.8)
    axes = figure.subplots()
    for index, (name, curve) in enumerate(curves.items()):
        color, style = CYCLE[index % len(CYCLE)], LINE_STYLES[index % 4]
        axes.plot(places, curve, label=name, color=color, linestyle=style)
    axes.set(xlabel=labels[0], ylabel=labels[1])
    if log_y:
        axes.set_yscale("log")
        plain_ticks(axes.yaxis)
    open_frame(axes)
    if len(curves) > 1:
        legend_below(figure, axes)
    at = f"at {labels[0]} ="
    told = "; ".join(f"{name} {course(y, places, at)}" for name, y in curves.items())
    describe(figure, f"For {labels[0]} {span(places)}: {told}.")
    return figure


def _broken(x: Array, y: Array) -> tuple[Array, Array]:
    """Leave a gap where a curve jumps: between two neighbours over more than half its height."""
    after = np.flatnonzero(np.abs(np.diff(y)) > np.ptp(y) / 2) + 1
    return np.insert(x, after, np.nan), np.insert(y, after, np.nan)
