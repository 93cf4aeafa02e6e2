"""Curves: activation functions, the course of training, and what depends on a scale."""

from collections.abc import Collection, Mapping, Sequence
from math import ceil

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from mnistlesson.plots import _arrays
from mnistlesson.plots._arrays import Array
from mnistlesson.plots._style import (
    BLUE,
    CYCLE,
    LINE_STYLES,
    SOFT,
    VERMILLION,
    columns_for,
    grid,
    legend_below,
    new_figure,
    open_frame,
    plain_ticks,
    styled,
    wrapped,
    zero_lines,
)
from mnistlesson.plots._words import course, describe, listed, number, span
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
        left.plot(inputs, functions[name], label=name, **look)
        right.plot(inputs, slopes[name], **look)
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
def training_curves(
    train_loss: Sequence[float],
    test_loss: Sequence[float],
    train_accuracy: Sequence[float],
    test_accuracy: Sequence[float],
    *,
    title: str = "Loss and accuracy after each epoch",
) -> Figure:
    """Draw loss and accuracy against the epoch, on the training set and on the test set.

    Args:
        train_loss: Mean cross-entropy on the training set, in nats, one number an epoch.
        test_loss: The same on the test set.
        train_accuracy: Fraction of the training set read correctly, from 0 to 1, one an epoch.
        test_accuracy: The same on the test set.
        title: Title of the figure.

    Returns:
        The figure; accuracies are drawn in percent, and the first epoch is 1.

    Raises:
        ValueError: If a sequence is empty, they differ in length, or an accuracy is not in [0, 1].

    Examples:
        >>> from mnistlesson import plots
        >>> figure = plots.training_curves(
        ...     train_loss=[2.3, 0.4, 0.2],
        ...     test_loss=[2.3, 0.5, 0.4],
        ...     train_accuracy=[0.10, 0.92, 0.98],
        ...     test_accuracy=[0.10, 0.88, 0.91],
        ... )
        >>> [axes.get_ylabel() for axes in figure.axes]
        ['cross-entropy loss (nats)', 'accuracy (%)']
    """
    losses = {"train_loss": train_loss, "test_loss": test_loss}
    accuracies = {"train_accuracy": train_accuracy, "test_accuracy": test_accuracy}
    count = len(_arrays.vector("train_loss", train_loss))
    nats = [_arrays.vector(name, sequence, count) for name, sequence in losses.items()]
    fractions = [_arrays.vector(name, sequence, count) for name, sequence in accuracies.items()]
    for name, fraction in zip(accuracies, fractions, strict=True):
        if (fraction < 0).any() or (fraction > 1).any():
            raise ValueError(
                f"{name} of shape {fraction.shape} has values from {fraction.min():.4g} to "
                f"{fraction.max():.4g}, expected fractions from 0 to 1, not percentages"
            )

    figure = new_figure(title, 2.8)
    left, right = figure.subplots(1, 2)
    _train_and_test(left, *nats)
    _train_and_test(right, *(100 * fraction for fraction in fractions))
    left.set_ylabel("cross-entropy loss (nats)")
    right.set_ylabel("accuracy (%)")
    legend_below(figure, left)
    (first_loss, last_loss), (first_share, last_share) = (
        [(train[at], test[at]) for at in (0, -1)] for train, test in (nats, fractions)
    )
    describe(
        figure,
        f"After epoch 1 the loss is {first_loss[0]:.2f} on the training set and "
        f"{first_loss[1]:.2f} on the test set; after epoch {count}, {last_loss[0]:.2f} and "
        f"{last_loss[1]:.2f}.",
        f"The accuracy is {first_share[0]:.0%} and {first_share[1]:.0%}, then "
        f"{last_share[0]:.0%} and {last_share[1]:.0%}.",
    )
    return figure


@styled
def scale_curves(
    scales: Tensor,
    measures: Mapping[str, Tensor],
    *,
    xlabel: str = "standard deviation of the weights",
    log_y: Collection[str] = (),
    title: str = "What depends on the scale of the initial weights",
) -> Figure:
    """Draw each measure in a panel of its own against a scale on a logarithmic axis.

    Args:
        scales: Where the measures were taken, of shape (n,), all positive.
        measures: The name of each measure, with its unit if it has one, and its values of shape
            (n,).
        xlabel: What the scale is.
        log_y: The names of those measures whose own axis is logarithmic too.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If `scales` is not a vector of positive numbers, there is no measure, one has
            another shape, or `log_y` names none of them or one that is not positive.

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
    arrays = _arrays.groups("measures", measures, positions.shape)
    for name in log_y:
        if name not in arrays:
            raise ValueError(f"log_y has {name!r}, expected names among {[*arrays]}")
        if not (arrays[name] > 0).all():
            raise ValueError(
                f"measures[{name!r}] of shape {positions.shape} has the value "
                f"{arrays[name].min():.4g}, expected positive numbers, as log_y names it"
            )

    columns = columns_for(len(arrays), 4)
    figure = new_figure(title, 0.5 + 1.9 * ceil(len(arrays) / columns))
    panels = zip(grid(figure, len(arrays), columns), arrays.items(), strict=True)
    for index, (axes, (name, measure)) in enumerate(panels):
        axes.plot(positions, measure, color=CYCLE[index % len(CYCLE)], marker="o")
        axes.set_xscale("log")
        plain_ticks(axes.xaxis)
        if name in log_y:
            axes.set_yscale("log")
            plain_ticks(axes.yaxis)
        axes.set_title(wrapped(name, columns))
        open_frame(axes)
    figure.supxlabel(xlabel, color=SOFT)
    courses = [f"{name} {course(y, positions, 'at')}" for name, y in arrays.items()]
    ends = f"{number(positions[0])} to {number(positions[-1])}"
    describe(figure, f"As the {xlabel} goes from {ends}: {'; '.join(courses)}.")
    return figure


def _train_and_test(axes: Axes, train: Array, test: Array) -> None:
    epochs = np.arange(1, len(train) + 1)
    axes.plot(epochs, train, color=BLUE, linestyle="-", marker="o", label="training set")
    axes.plot(epochs, test, color=VERMILLION, linestyle="--", marker="s", label="test set")
    axes.set_xlabel("epoch")
    axes.set_xlim(0.5, len(train) + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    open_frame(axes)
