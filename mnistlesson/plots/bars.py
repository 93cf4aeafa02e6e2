"""Bars: a few numbers, each with its own."""

from collections.abc import Mapping

from matplotlib.figure import Figure
from mnistlesson.plots import _arrays
from mnistlesson.plots._style import BLUE, SOFT, new_figure, open_frame, styled, wrapped, zero_lines
from mnistlesson.plots._words import describe, listed, number
from torch import Tensor


@styled
def bar_charts(
    groups: Mapping[str, Tensor],
    *,
    xlabel: str,
    title: str = "The same entries, in other numbers",
) -> Figure:
    """Draw vectors as bar charts side by side, and write its number above each bar.

    Args:
        groups: The name of each vector and the vector, all of the same shape (n,).
        xlabel: What the entries are; they are counted from 0.
        title: Title of the figure.

    Returns:
        The figure; each chart has a scale of its own.

    Raises:
        ValueError: If there is no vector, or they are not vectors of n finite numbers.

    Examples:
        >>> import torch
        >>> from mnistlesson import plots
        >>> scores = torch.tensor([1.0, 2.0, 3.0])
        >>> groups = {"scores": scores, "probabilities": torch.softmax(scores, dim=0)}
        >>> figure = plots.bar_charts(groups, xlabel="class")
        >>> [text.get_text() for text in figure.axes[1].texts]
        ['0.09', '0.245', '0.665']
    """
    count = next(iter(_arrays.groups("groups", groups).values())).size
    arrays = {
        name: _arrays.finite(f"groups[{name!r}]", _arrays.vector(f"groups[{name!r}]", entry, count))
        for name, entry in groups.items()
    }

    figure = new_figure(title, 2.3, gap=0.08)
    panels = figure.subplots(1, len(arrays), squeeze=False)[0]
    for axes, (name, array) in zip(panels, arrays.items(), strict=True):
        bars = axes.bar(range(count), array, width=0.6, color=BLUE)
        axes.bar_label(bars, [number(value) for value in array], padding=2)
        axes.set(title=wrapped(name, len(arrays)), xticks=range(count), yticks=[])
        axes.margins(y=0.15)
        zero_lines(axes)
        open_frame(axes)
    figure.supxlabel(xlabel, color=SOFT)
    describe(
        figure,
        *(f"{name}: {listed(map(number, array))}." for name, array in arrays.items()),
    )
    return figure
