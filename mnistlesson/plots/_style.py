"""What all figures share: colours, sizes, a figure with its title, and a digit drawn in white."""

import functools
from collections.abc import Callable
from math import ceil
from textwrap import fill
from typing import Any, ParamSpec

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator, NullFormatter
from mnistlesson.plots._arrays import Array

# After M. Okabe and K. Ito, "Color Universal Design" (2008): told apart with any kind of colour
# vision. These are the colours of the site's light pages; it knows them by these, and has others
# for dark pages: docs/_static/tokens.css.
BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#00825F", "#A84C80"
INK, SOFT, EDGE, LINE, PAPER = "#1A1E24", "#57606B", "#7D8794", "#E1E5EA", "#FFFFFF"
ZERO = "#EEF0F3"  # what stands for the number 0
# What is written on the pixels of a digit is the same on any page.
ON_DARK, ON_BRIGHT = "#FEFEFE", "#010101"
CYCLE = (BLUE, VERMILLION, GREEN, PURPLE)
# Curves differ in these too, for a reader or a printer without colours.
LINE_STYLES = ("-", "--", "-.", ":")

WIDTH = 5.2  # inches: narrow, so that its letters can be read on a phone
DPI = 130  # 676 pixels across in a window or a notebook

STYLE: dict[Any, Any] = {  # whose names matplotlib's own types list
    "font.size": 9.5,
    "axes.titlesize": 9.5,
    "axes.labelsize": 9.5,
    "axes.labelpad": 5,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "figure.titlesize": 10.5,
    "figure.labelsize": 9.5,
    "legend.fontsize": 9.5,
    "text.color": INK,
    "axes.titlecolor": INK,
    "axes.labelcolor": SOFT,
    "xtick.color": EDGE,
    "ytick.color": EDGE,
    "xtick.labelcolor": SOFT,
    "ytick.labelcolor": SOFT,
    "axes.edgecolor": EDGE,
    "axes.linewidth": 0.6,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.size": 0,
    "lines.linewidth": 1.75,
    "lines.markersize": 4,
    "legend.frameon": False,
}

P = ParamSpec("P")


def styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Let a function draw in this style, and leave matplotlib's options as they were."""

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with mpl.rc_context(STYLE):
            return draw(*args, **kwargs)

    return drawn


def new_figure(title: str, height: float, *, gap: float = 0.02) -> Figure:
    """Open a white figure as wide as all others, `height` inches high, under its title.

    Between its columns a `gap` is left, as a fraction of the width of all the columns.
    """
    layout = ConstrainedLayoutEngine(w_pad=0.06, h_pad=0.06, wspace=gap)  # pads in inches
    figure = plt.figure(figsize=(WIDTH, height), dpi=DPI, layout=layout, facecolor=PAPER)
    figure.suptitle(fill(title, 58))
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
    return fill(text, 64 // columns)


def draw_digit(axes: Axes, pixels: Array) -> None:
    """Draw white ink on black paper, as MNIST is usually shown, without ticks."""
    axes.imshow(pixels, cmap="Greys_r", vmin=-1, vmax=1, interpolation="nearest")
    axes.set(xticks=[], yticks=[])
    axes.grid(visible=False)


def open_frame(axes: Axes) -> None:
    """Keep only the side on which the data stand: light lines carry the other scale."""
    axes.spines[["top", "right", "left"]].set_visible(False)


def round_ticks(at_most: int) -> MaxNLocator:
    """Place a few ticks at numbers that are easy to read: 1, 2 or 5 times a power of ten."""
    return MaxNLocator(at_most, steps=[1, 2, 5, 10])


def plain_ticks(axis: Axis) -> None:
    """Write ticks as briefly as they can be, and on a logarithmic scale powers of ten only."""
    axis.set_major_formatter("{x:g}")
    axis.set_minor_formatter(NullFormatter())


def legend_below(figure: Figure, axes: Axes) -> None:
    """Explain the curves of `axes` under the figure, where they hide no curve."""
    handles, names = axes.get_legend_handles_labels()
    columns = min(len(names), 4)
    figure.legend(handles, names, loc="outside lower center", ncols=columns)


def zero_lines(axes: Axes, *, vertical: bool = False) -> None:
    """Draw a thin line at zero, behind the data."""
    axes.axhline(0, color=EDGE, linewidth=0.6, zorder=1)
    if vertical:
        axes.axvline(0, color=EDGE, linewidth=0.6, zorder=1)
