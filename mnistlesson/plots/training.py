"""Training: its course, and what the network then confuses."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator
from mnistlesson.plots import _arrays
from mnistlesson.plots._arrays import Array
from mnistlesson.plots._style import (
    BLUE,
    PAPER,
    VERMILLION,
    ZERO,
    legend_below,
    new_figure,
    open_frame,
    plain_ticks,
    styled,
)
from mnistlesson.plots._words import describe, listed
from torch import Tensor


@styled
def training_curves(
    train_loss: Sequence[float],
    test_loss: Sequence[float],
    train_accuracy: Sequence[float],
    test_accuracy: Sequence[float],
    *,
    title: str = "Loss and accuracy, before training and after each epoch",
) -> Figure:
    """Draw loss and accuracy against the epoch, on the training set and on the test set.

    Args:
        train_loss: Mean cross-entropy on the training set, in nats, first before
            training, then after each epoch.
        test_loss: The same on the test set.
        train_accuracy: Fraction of the training set read correctly, from 0 to 1.
        test_accuracy: The same on the test set.
        title: Title of the figure.

    Returns:
        The figure; losses are drawn on a logarithmic axis, accuracies in percent, and epoch 0 is
        before training.

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
    if any((loss > 0).any() for loss in nats):  # they may all be lost
        left.set_yscale("log")  # or the first epoch would dwarf all others
        plain_ticks(left.yaxis)
    right.set_ylabel("accuracy (%)")
    legend_below(figure, left)
    (first_loss, last_loss), (first_share, last_share) = (
        [(train[at], test[at]) for at in (0, -1)] for train, test in (nats, fractions)
    )
    describe(
        figure,
        f"Before training the loss is {first_loss[0]:.2f} on the training set and "
        f"{first_loss[1]:.2f} on the test set; after epoch {count - 1}, {last_loss[0]:.2f} and "
        f"{last_loss[1]:.2f}.",
        f"The accuracy is {first_share[0]:.0%} and {first_share[1]:.0%}, then "
        f"{last_share[0]:.0%} and {last_share[1]:.0%}.",
    )
    return figure


@styled
def confusion_matrix(counts: Tensor, *, title: str = "Which digit was read as which") -> Figure:
    """Draw how often each class was read as each other: the darker, the more often.

    Args:
        counts: How many examples of the class of the row were read as the class of the column, of
            shape (K, K).
        title: Title of the figure.

    Returns:
        The figure. The right answers, on the diagonal, are written but not shaded, since they
        would outshine the mistakes. What never happened is left empty.

    Raises:
        ValueError: If `counts` is not a square of whole numbers of at least 0.

    Examples:
        >>> import torch
        >>> from mnistlesson import plots
        >>> figure = plots.confusion_matrix(torch.tensor([[8, 2], [1, 9]]))
        >>> [text.get_text() for text in figure.axes[0].texts]
        ['8', '2', '1', '9']
    """
    table = _arrays.to_array(counts)
    if table.ndim != 2 or table.shape[0] != table.shape[1] or not table.size:
        raise ValueError(f"counts has the shape {table.shape}, expected (K, K) with K >= 1")
    if (table < 0).any() or (table != np.round(table)).any():
        raise ValueError(
            f"counts of shape {table.shape} has others, expected whole numbers from 0 on"
        )

    wrong = table * (1 - np.eye(len(table)))
    figure = new_figure(title, 4.2)
    axes = figure.subplots()
    most = wrong.max() or 1.0  # there may be no mistake
    limits = (-0.5, len(table) - 0.5)
    axes.add_patch(Rectangle((-0.5, -0.5), len(table), len(table), facecolor=ZERO))
    for row, column in np.argwhere(table):
        if shade := wrong[row, column] / most:
            # Never so dark that the number on it could not be read.
            box = Rectangle((column - 0.5, row - 0.5), 1, 1, alpha=0.1 + 0.5 * shade)
            box.set(facecolor=VERMILLION, edgecolor=PAPER)
            axes.add_patch(box)
        count = f"{table[row, column]:.0f}"
        axes.text(column, row, count, ha="center", va="center", fontsize="small")
    axes.set(xlim=limits, ylim=limits[::-1], xlabel="read as", ylabel="digit", aspect="equal")
    axes.set(xticks=range(len(table)), yticks=range(len(table)))
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    pairs = sorted(np.ndindex(table.shape), key=lambda at: -wrong[at])[:3]
    told = [f"{a} as {b} ({table[a, b]:.0f})" for a, b in pairs if wrong[a, b]]
    describe(
        figure,
        f"A square of {len(table)} rows, one for each digit, and as many columns, one for each "
        f"answer. {np.trace(table):.0f} of {table.sum():.0f} are read right.",
        f"Most often misread: {listed(told)}." if told else "None is misread.",
    )
    return figure


def _train_and_test(axes: Axes, train: Array, test: Array) -> None:
    epochs = np.arange(len(train))
    axes.plot(epochs, train, color=BLUE, linestyle="-", marker="o", label="training set")
    axes.plot(epochs, test, color=VERMILLION, linestyle="--", marker="s", label="test set")
    axes.set_xlabel("epoch")
    axes.set_xlim(-0.5, len(train) - 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    open_frame(axes)
