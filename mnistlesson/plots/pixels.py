"""A digit as a network gets it: numbers in cells, and rows laid end to end."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch, Rectangle
from mnistlesson.plots import _arrays
from mnistlesson.plots._arrays import Array
from mnistlesson.plots._style import (
    BLUE,
    GREEN,
    ON_BRIGHT,
    ON_DARK,
    SOFT,
    VERMILLION,
    draw_digit,
    new_figure,
    styled,
)
from mnistlesson.plots._words import describe, listed
from torch import Tensor

WINDOW = 7  # pixels a side: as many as have room for their numbers


@styled
def digit_values(image: Tensor, *, title: str = "One digit as numbers") -> Figure:
    """Draw a digit, and beside it a window of 7 by 7 pixels with the number of each pixel.

    The window is the one whose numbers vary most, so that it shows paper, ink and the edge between.

    Args:
        image: One image of shape (1, 28, 28), (28, 28) or (784,), from -1 (paper) to 1 (ink).
        title: Title of the figure.

    Returns:
        The figure; the scales of both parts count rows and columns of the image from 0.

    Raises:
        ValueError: If `image` is no such image.

    Examples:
        >>> from mnistlesson import data, plots
        >>> images, labels = data.first_batch()
        >>> figure = plots.digit_values(images[0])
        >>> figure.get_suptitle()
        'One digit as numbers'
    """
    pixels = _arrays.image("image", image)
    row, column = _window(pixels)

    figure = new_figure(title, 3.2)
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.55))
    for axes in (left, right):
        draw_digit(axes, pixels)
        axes.set(xlabel="column", ylabel="row")
    left.set(xticks=[0, 5, 10, 15, 20, 27], yticks=[0, 5, 10, 15, 20, 27])
    left.add_patch(_outline(column, row, WINDOW, WINDOW, VERMILLION))

    rows, columns = range(row, row + WINDOW), range(column, column + WINDOW)
    right.set(xticks=columns, yticks=rows)
    right.yaxis.tick_right()  # the lines from the window come from the left
    right.yaxis.set_label_position("right")
    right.yaxis.labelpad = 8
    right.set_xlim(column - 0.5, column + WINDOW - 0.5)
    right.set_ylim(row + WINDOW - 0.5, row - 0.5)
    right.spines[:].set(color=VERMILLION, linewidth=1.5)
    for r in rows:
        for c in columns:
            value = pixels[r, c]
            ink = ON_BRIGHT if value > -0.1 else ON_DARK  # the two are equally clear at -0.1
            text = f"{round(value, 1) + 0.0:.1f}"  # adding 0.0 turns -0.0 into 0.0
            right.text(c, r, text, color=ink, ha="center", va="center")
    for edge in (row - 0.5, row + WINDOW - 0.5):
        _connect(figure, left, (column + WINDOW - 0.5, edge), right, (column - 0.5, edge))
    numbers = pixels[row : row + WINDOW, column : column + WINDOW]
    describe(
        figure,
        f"On the left the digit, with a square around rows {row} to {rows[-1]} and columns "
        f"{column} to {columns[-1]}. On the right the square's {numbers.size} numbers, from "
        f"{numbers.min() + 0.0:.1f} to {numbers.max() + 0.0:.1f}.",
    )
    return figure


@styled
def rows_end_to_end(
    image: Tensor, *, title: str = "Flattening lays the 28 rows of an image end to end"
) -> Figure:
    """Draw where three neighbouring rows of a digit come to lie in its vector of 784 numbers.

    Args:
        image: One image of shape (1, 28, 28), (28, 28) or (784,), from -1 (paper) to 1 (ink).
        title: Title of the figure.

    Returns:
        The figure; from top to bottom the image, the vector, and the vector's part with the three
        rows enlarged. Positions count from 0.

    Raises:
        ValueError: If `image` is no such image.

    Examples:
        >>> from mnistlesson import data, plots
        >>> images, labels = data.first_batch()
        >>> figure = plots.rows_end_to_end(images[0])
        >>> figure.axes[1].get_title()
        'The image as a vector of 28 x 28 = 784 numbers'
    """
    pixels = _arrays.image("image", image)
    middle = _middle_row(pixels)
    marked = dict(zip(range(middle - 1, middle + 2), (BLUE, VERMILLION, GREEN), strict=True))
    first, last = 28 * (middle - 1), 28 * (middle + 2) - 1

    figure = new_figure(title, 4.9)
    layout = figure.add_gridspec(3, 2, height_ratios=(6, 1, 1.4), width_ratios=(1, 1))
    square = figure.add_subplot(layout[0, 0])
    strip = figure.add_subplot(layout[1, :])
    zoom = figure.add_subplot(layout[2, :])

    draw_digit(square, pixels)
    square.set(xticks=[0, 27], yticks=[0, 27], xlabel="column", ylabel="row")
    for axes in (strip, zoom):
        draw_digit(axes, pixels.reshape(1, 784))
        axes.set_aspect("auto")
        axes.set_yticks([])
    strip.set_title("The image as a vector of 28 x 28 = 784 numbers")
    strip.set_xticks([0, first, last, 783])
    strip.tick_params(axis="x", length=0, pad=9)
    zoom.set_title("Its part with the three marked rows, enlarged")
    zoom.set_xlim(first - 0.5, last + 0.5)
    zoom.set_xticks([28 * row + 13.5 for row in marked])
    zoom.set_xticklabels([f"row {row}: {28 * row} to {28 * row + 27}" for row in marked])
    zoom.tick_params(axis="x", length=0, pad=11)
    zoom.set_xlabel("position in the vector")

    for place, (row, colour) in enumerate(marked.items()):
        square.add_patch(_outline(0, row, 28, 1, colour))
        for axes in (strip, zoom):  # under its numbers, so as not to hide any
            start = (28 * row - 0.5, 0.54)
            axes.add_patch(Rectangle(start, 28, 0.14, facecolor=colour, clip_on=False))
        note = square.annotate(
            f"row {row}: {row} x 28 = {28 * row},\nso positions {28 * row} to {28 * row + 27}",
            xy=(27.5, row),
            xytext=(31, row + 6 * (place - 1)),
            va="center",
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 1.5, "relpos": (0, 0.5)},
            annotation_clip=False,
        )
        note.set_in_layout(False)  # the empty cell beside the image is its room
    for edge in (first - 0.5, last + 0.5):
        _connect(figure, strip, (edge, 0.68), zoom, (edge, -0.5))
    describe(
        figure,
        f"In the image, rows {listed(map(str, marked))} are marked. In the vector of 784 numbers "
        f"below it they lie side by side, at positions {first} to {last}, and are enlarged.",
    )
    return figure


def _window(pixels: Array) -> tuple[int, int]:
    windows = np.lib.stride_tricks.sliding_window_view(pixels, (WINDOW, WINDOW))
    row, column = np.unravel_index(windows.var(axis=(2, 3)).argmax(), windows.shape[:2])
    return int(row), int(column)


def _middle_row(pixels: Array) -> int:
    ink = (pixels + 1).sum(axis=1)
    middle = round(float(ink @ np.arange(28) / ink.sum())) if ink.sum() > 0 else 14
    return min(max(middle, 1), 26)


def _outline(column: int, row: int, width: int, height: int, colour: str) -> Rectangle:
    corner = (column - 0.5, row - 0.5)
    return Rectangle(
        corner, width, height, fill=False, edgecolor=colour, linewidth=1.5, clip_on=False
    )


def _connect(
    figure: Figure,
    source: Axes,
    start: tuple[float, float],
    target: Axes,
    end: tuple[float, float],
) -> None:
    line = ConnectionPatch(
        start, end, "data", "data", axesA=source, axesB=target, color=SOFT, linestyle=":"
    )
    line.set_annotation_clip(False)  # the ends lie just outside of the axes
    line.set_in_layout(False)
    figure.add_artist(line)
