"""Units: what they look for in an image, and what one of them answers."""

from collections.abc import Mapping

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from mnistlesson.plots import _arrays
from mnistlesson.plots._arrays import Array
from mnistlesson.plots._style import (
    BLUE,
    EDGE,
    VERMILLION,
    ZERO,
    draw_digit,
    new_figure,
    open_frame,
    styled,
    zero_lines,
)
from mnistlesson.plots._words import describe, span
from torch import Tensor


@styled
def one_unit(
    image: Tensor,
    weights: Tensor,
    bias: Tensor | float,
    *,
    title: str = "What one unit makes of an image",
) -> Figure:
    """Draw an image, a unit's weights as a picture, their products, and the sigmoid of the sum.

    Args:
        image: One image of shape (1, 28, 28), (28, 28) or (784,), from -1 (paper) to 1 (ink).
        weights: The unit's weight for each pixel, of shape (784,).
        bias: The unit's bias, a single number.
        title: Title of the figure.

    Returns:
        The figure. Weights and products are blue above 0, orange below, the stronger the further
        from it. The weighted sum is the sum of the products, plus the bias.

    Raises:
        ValueError: If `image` is no such image, `weights` are not 784 finite numbers, or `bias` is
            not a single finite number.

    Examples:
        >>> import torch
        >>> from mnistlesson import plots
        >>> figure = plots.one_unit(torch.ones(784), torch.full((784,), 0.01), bias=-7.84)
        >>> [text.get_text() for text in figure.axes[3].texts[1::2]]
        ['7.84', '-7.84', '0.00', '0.50']
    """
    pixels = _arrays.image("image", image)
    looked_for = _arrays.finite("weights", _arrays.vector("weights", weights, 784))
    (leaning,) = _arrays.finite("bias", _arrays.vector("bias", torch.as_tensor(bias).view(-1), 1))
    products = looked_for * pixels.ravel()
    total = products.sum()
    balance = total + leaning

    figure = new_figure(title, 3.9)
    layout = figure.add_gridspec(2, 6, height_ratios=(1.25, 1), hspace=0.08)
    seen, sought, found = (figure.add_subplot(layout[0, at : at + 2]) for at in (0, 2, 4))
    draw_digit(seen, pixels)
    seen.set(title="image", xlabel=span(pixels).removeprefix("from "))
    for axes, name, values in ((sought, "weights", looked_for), (found, "products", products)):
        _signed(axes, values, np.abs(values).max())
        axes.set(title=name, xlabel=span(values).removeprefix("from "))
    for axes, sign in ((seen, "\N{MULTIPLICATION SIGN}"), (found, "=")):
        side = 1.12 if axes is seen else -0.12
        text = axes.text(side, 0.5, sign, transform=axes.transAxes, ha="center", va="center")
        text.set(fontsize="x-large", in_layout=False)
    answer = float(np.exp(-np.logaddexp(0, -balance)))  # the sigmoid, without overflow
    account = {
        "sum of the products": total,
        "+ bias": leaning,
        "= weighted sum": balance,
        "sigmoid of that": answer,
    }
    _account(figure.add_subplot(layout[1, :3]), account)
    _sigmoid(figure.add_subplot(layout[1, 3:]), balance, answer)
    describe(
        figure,
        f"The image, times weights {span(looked_for)}, gives products {span(products)}.",
        f"Their sum is {total:.2f}, the bias {leaning:.2f}, the weighted sum {balance:.2f}. "
        f"The sigmoid of that is {answer:.2f}.",
    )
    return figure


@styled
def unit_weights(groups: Mapping[str, Tensor], *, title: str = "What the units look for") -> Figure:
    """Draw the weights of units as pictures, a row of them for each group.

    Args:
        groups: The name of each group, and its weights of shape (units, 784), as a layer of images
            has them; the same number of units, at most ten, in each.
        title: Title of the figure.

    Returns:
        The figure. Weights are blue above 0, orange below, the stronger the further from it; the
        strongest weight of a group has the full colour.

    Raises:
        ValueError: If there is no group, or its weights are not that many times 784 finite numbers.

    Examples:
        >>> import torch
        >>> from mnistlesson import plots
        >>> weights = torch.linspace(-1, 1, 784).expand(4, 784)
        >>> figure = plots.unit_weights({"at first": weights, "in the end": -weights})
        >>> len(figure.axes)
        8
    """
    arrays = _arrays.groups("groups", groups)
    for name, array in arrays.items():
        _arrays.finite(f"groups[{name!r}]", array)
    first = next(iter(arrays.values()))
    if first.ndim != 2 or first.shape[1] != 784 or not 1 <= len(first) <= 10:
        raise ValueError(
            f"groups has weights of the shape {first.shape}, expected (units, 784), 1 to 10 units"
        )
    arrays = _arrays.groups("groups", groups, first.shape)

    figure = new_figure(title, 0.4 + len(arrays) * (0.1 + 5.0 / len(first)))
    rows = figure.subfigures(len(arrays), 1, squeeze=False)[:, 0]
    for row, (name, array) in zip(rows, arrays.items(), strict=True):
        row.supylabel(name)
        for axes, values in zip(row.subplots(1, len(array), squeeze=False)[0], array, strict=True):
            _signed(axes, values, np.abs(array).max())
    describe(
        figure,
        f"{len(first)} pictures of 28 by 28 weights in each row, blue above 0 and orange below.",
        *(f"{name}: weights {span(array)}." for name, array in arrays.items()),
    )
    return figure


def _signed(axes: Axes, values: Array, strongest: float) -> None:
    """Draw each of 784 numbers as a pixel: blue above 0, orange below, the page's zero at 0."""
    picture = np.empty((28, 28, 4))
    square = values.reshape(28, 28)
    picture[..., :3] = np.where(square[..., None] > 0, to_rgb(BLUE), to_rgb(VERMILLION))
    picture[..., 3] = np.abs(square) / (strongest or 1.0)  # all may be 0
    axes.add_patch(Rectangle((-0.5, -0.5), 28, 28, facecolor=ZERO, zorder=-1))
    axes.imshow(picture, interpolation="nearest")
    axes.set(xticks=[], yticks=[])
    axes.grid(visible=False)


def _account(axes: Axes, lines: dict[str, float]) -> None:
    """Write what is added up: a name and a number in each line."""
    for line, (name, value) in enumerate(lines.items()):
        height = 0.9 - 0.24 * line
        figures = f"{round(value, 2) + 0.0:.2f}"  # adding 0.0 turns -0.0 into 0.0
        axes.text(0.0, height, name, va="center", transform=axes.transAxes)
        axes.text(0.85, height, figures, va="center", ha="right", transform=axes.transAxes)
    axes.axis("off")


def _sigmoid(axes: Axes, balance: float, answer: float) -> None:
    """Draw the sigmoid, and the unit's answer as a point on it."""
    limit = max(6.0, 1.2 * abs(balance))
    x = np.linspace(-limit, limit, 201)
    axes.plot(x, np.exp(-np.logaddexp(0, -x)), color=EDGE)
    axes.plot(balance, answer, "o", color=BLUE if balance > 0 else VERMILLION, markersize=7)
    axes.set(title="sigmoid", xlabel="weighted sum", ylim=(-0.08, 1.08), yticks=[0, 0.5, 1])
    zero_lines(axes, vertical=True)
    open_frame(axes)
