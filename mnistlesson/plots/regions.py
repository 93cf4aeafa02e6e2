"""Regions: which answer a network gives to each point of a plane."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from mnistlesson.plots import _arrays
from mnistlesson.plots._style import (
    BLUE,
    CYCLE,
    SOFT,
    columns_for,
    grid,
    new_figure,
    styled,
    wrapped,
)
from mnistlesson.plots._words import describe
from torch import Tensor


@styled
def decision_regions(
    points: Tensor,
    classes: Tensor,
    scores: Mapping[str, Tensor],
    *,
    limit: float,
    title: str = "Which points get a score above 0",
) -> Figure:
    """Draw points of two classes, and the region in which each network's score is above 0.

    Args:
        points: The points, of shape (N, 2).
        classes: The class of each point, 0 or 1, of shape (N,).
        scores: The name of each network, and its scores on a square lattice from ``-limit`` to
            ``limit`` along both axes, of shape (n, n): row i, column j is the score of the point
            with the second coordinate i and the first coordinate j.
        limit: Where the picture ends, to all four sides.
        title: Title of the figure.

    Returns:
        The figure, with a panel for each network, in which the region is blue. Points of class 1
        are filled, those of class 0 hollow.

    Raises:
        ValueError: If `points` or `classes` have another shape, a class is neither 0 nor 1, there
            is no network, its scores are no square of numbers, or `limit` is not positive.

    Examples:
        >>> import torch
        >>> from mnistlesson import plots
        >>> axis = torch.linspace(-2, 2, 41)
        >>> scores = {"x > 1": (axis - 1).expand(41, 41)}
        >>> points, classes = torch.tensor([[1.5, 0.0], [-1.0, 0.0]]), torch.tensor([1, 0])
        >>> figure = plots.decision_regions(points, classes, scores, limit=2)
        >>> figure.axes[0].get_title()
        'x > 1'
    """
    places = _arrays.finite("points", _arrays.to_array(points))
    if places.ndim != 2 or places.shape[1] != 2 or not places.size:
        raise ValueError(f"points has the shape {places.shape}, expected (N, 2) with N >= 1")
    kinds = np.array(_arrays.digits("classes", classes, len(places)))
    if not np.isin(kinds, (0, 1)).all():
        raise ValueError(f"classes of shape {kinds.shape} has {kinds.max()}, expected 0 or 1")
    if limit <= 0:
        raise ValueError(f"limit is {limit}, expected a positive number")
    squares = _arrays.groups("scores", scores)
    for name, square in squares.items():
        _arrays.finite(f"scores[{name!r}]", square)
        if square.ndim != 2 or square.shape[0] != square.shape[1] or len(square) < 2:
            raise ValueError(
                f"scores[{name!r}] has the shape {square.shape}, expected (n, n) with n >= 2"
            )

    columns = columns_for(len(squares), 3)
    figure = new_figure(title, 0.6 + 2.0 * -(-len(squares) // columns))
    told = []
    for axes, (name, square) in zip(
        grid(figure, len(squares), columns), squares.items(), strict=True
    ):
        axis = np.linspace(-limit, limit, len(square))
        if square.max() > 0:
            axes.contourf(axis, axis, square, (0, square.max()), colors=[BLUE], alpha=0.25)
        for kind, fill in ((0, "none"), (1, CYCLE[1])):
            x, y = places[kinds == kind].T
            axes.plot(x, y, "o", markersize=3.5, markerfacecolor=fill, markeredgecolor=CYCLE[1])
        axes.set(title=wrapped(name, columns), aspect="equal", xticks=[], yticks=[])
        axes.set(xlim=(-limit, limit), ylim=(-limit, limit))
        axes.grid(visible=False)
        told.append(f"{name}: {(square > 0).mean():.0%} of the plane")
    figure.supxlabel("filled: class 1; hollow: class 0", color=SOFT)
    describe(
        figure,
        f"{len(places)} points, {kinds.sum()} of them of class 1.",
        f"The share of the square with a score above 0: {'; '.join(told)}.",
    )
    return figure
