"""What all figures share: colours, sizes, a figure with its title, and a digit drawn in white."""

from math import ceil
from textwrap import fill

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator
from mnistlesson.plots._arrays import Array

# M. Okabe and K. Ito, "Color Universal Design" (2008): told apart with any kind of colour vision.
BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
ORANGE, SKY, BLACK = "#E69F00", "#56B4E9", "#000000"
CYCLE = (BLUE, VERMILLION, GREEN, PURPLE, BLACK, ORANGE, SKY)
# Curves differ in these too, for a reader or a printer without colours.
LINE_STYLES = ("-", "--", "-.", ":")
LIGHT = "#BBBBBB"

WIDTH = 7.0  # inches: 700 pixels at 100 dots per inch, the width of the page's text


def new_figure(title: str, height: float, *, gap: float = 0.02) -> Figure:
    """Open a white figure as wide as the page, `height` inches high, under its title.

    Between its columns a `gap` is left, as a fraction of the width of all the columns.
    """
    layout = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08, wspace=gap)  # pads in inches
    figure = plt.figure(figsize=(WIDTH, height), layout=layout, facecolor="white")
    figure.suptitle(fill(title, 62), fontsize=13)
    return figure


def grid(figure: Figure, count: int, columns: int) -> list[Axes]:
    """Lay out `count` axes in rows of `columns`; the last row may be shorter."""
    axes = figure.subplots(ceil(count / columns), columns, squeeze=False).ravel().tolist()
    for unused in axes[count:]:
        unused.remove()
    return list(axes[:count])


def columns_for(count: int, at_most: int) -> int:
    """Spread `count` panels evenly over as few rows as hold `at_most` panels each."""
    return ceil(count / ceil(count / at_most))


def wrapped(text: str, columns: int) -> str:
    """Break a text into lines that fit above one of several panels side by side."""
    return fill(text, 72 // columns)


def draw_digit(axes: Axes, pixels: Array) -> None:
    """Draw white ink on black paper, as MNIST is usually shown, without ticks."""
    axes.imshow(pixels, cmap="Greys_r", vmin=-1, vmax=1, interpolation="nearest")
    axes.set(xticks=[], yticks=[])


def open_frame(axes: Axes) -> None:
    """Keep only the two sides of the frame that carry a scale."""
    axes.spines[["top", "right"]].set_visible(False)


def round_ticks(at_most: int) -> MaxNLocator:
    """Place a few ticks at numbers that are easy to read: 1, 2 or 5 times a power of ten."""
    return MaxNLocator(at_most, steps=[1, 2, 5, 10])


def legend_below(figure: Figure, axes: Axes) -> None:
    """Explain the curves of `axes` under the figure, where they hide no curve."""
    handles, names = axes.get_legend_handles_labels()
    columns = min(len(names), 4)
    figure.legend(
        handles, names, loc="outside lower center", ncols=columns, frameon=False, fontsize=11
    )


def zero_lines(axes: Axes, *, vertical: bool = False) -> None:
    """Draw a light line at zero, behind the data."""
    axes.axhline(0, color=LIGHT, linewidth=0.8, zorder=0)
    if vertical:
        axes.axvline(0, color=LIGHT, linewidth=0.8, zorder=0)
