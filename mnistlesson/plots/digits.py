"""Digits as a reader sees them: many at once, one with its probabilities, those misread."""

from collections.abc import Sequence
from math import ceil

import numpy as np
from matplotlib.figure import Figure
from mnistlesson.plots import _arrays
from mnistlesson.plots._arrays import Array
from mnistlesson.plots._style import (
    BLUE,
    EDGE,
    WIDTH,
    draw_digit,
    grid,
    new_figure,
    open_frame,
    styled,
)
from mnistlesson.plots._words import describe, listed
from torch import Tensor


@styled
def digit_grid(
    images: Tensor,
    labels: Tensor | Sequence[int] | None = None,
    *,
    columns: int = 8,
    title: str = "Handwritten digits",
) -> Figure:
    """Draw a batch of digits in a grid, each under its label.

    Args:
        images: Batch of shape (N, 1, 28, 28) or (N, 784), from -1 (paper) to 1 (ink).
        labels: The N digits that were meant, of shape (N,); without them, none are written.
        columns: How many digits stand side by side.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If `images` is no such batch, `labels` are not N whole numbers, or `columns`
            is less than 1.

    Examples:
        >>> from mnistlesson import data, plots
        >>> images, labels = data.first_batch()
        >>> figure = plots.digit_grid(images[:8], labels[:8], title="Eight digits")
        >>> figure.get_suptitle()
        'Eight digits'
    """
    pixels = _arrays.images("images", images)
    captions = (
        [""] * len(pixels)
        if labels is None
        else [str(label) for label in _arrays.digits("labels", labels, len(pixels))]
    )
    figure = _captioned(pixels, captions, _arrays.positive("columns", columns), title)
    order = "" if labels is None else f", row by row: {', '.join(captions)}"
    describe(figure, f"White on black, {len(pixels)} in all{order}.")
    return figure


@styled
def misread_digits(  # noqa: PLR0913 - what was drawn, meant and read; the rest are options
    images: Tensor,
    labels: Tensor | Sequence[int],
    predictions: Tensor | Sequence[int],
    *,
    probabilities: Tensor | Sequence[float] | None = None,
    columns: int = 4,
    title: str = "Digits that the network misreads",
) -> Figure:
    """Draw a batch of digits in a grid, each under what it is and what it was read as.

    Args:
        images: Batch of shape (N, 1, 28, 28) or (N, 784), from -1 (paper) to 1 (ink).
        labels: The N digits that were meant, of shape (N,).
        predictions: The N digits that the network read, of shape (N,).
        probabilities: The probability that the network gave to each of its N predictions, of
            shape (N,), from 0 to 1; written as a percentage.
        columns: How many digits stand side by side.
        title: Title of the figure.

    Returns:
        The figure.

    Raises:
        ValueError: If `images` is no such batch, the other tensors do not have N entries of their
            kind, or `columns` is less than 1.

    Examples:
        >>> import torch
        >>> from mnistlesson import plots
        >>> figure = plots.misread_digits(-torch.ones(2, 784), labels=[4, 7], predictions=[9, 1])
        >>> [axes.get_title() for axes in figure.axes]
        ['4 read as 9', '7 read as 1']
    """
    pixels = _arrays.images("images", images)
    meant = _arrays.digits("labels", labels, len(pixels))
    read = _arrays.digits("predictions", predictions, len(pixels))
    captions = [f"{a} read as {b}" for a, b in zip(meant, read, strict=True)]
    if probabilities is not None:
        sure = _arrays.vector("probabilities", probabilities, len(pixels))
        _check_probabilities(sure)
        captions = [f"{text}\n{p:.0%}" for text, p in zip(captions, sure, strict=True)]
    figure = _captioned(pixels, captions, _arrays.positive("columns", columns), title)
    words = ", ".join(caption.replace("\n", " with ") for caption in captions)
    describe(figure, f"White on black, {len(pixels)} in all: {words}.")
    return figure


@styled
def view_classify(
    image: Tensor,
    probabilities: Tensor,
    *,
    title: str = "A digit, and the probability of each class",
) -> Figure:
    """Draw a digit beside the probability that a network gives to each of the ten classes.

    After the function of this name in the helper module of Udacity's "Intro to Deep Learning with
    PyTorch".

    Args:
        image: One image of shape (1, 28, 28), (28, 28) or (784,), from -1 (paper) to 1 (ink).
        probabilities: The ten probabilities, of shape (10,) or (1, 10); their sum is 1.
        title: Title of the figure.

    Returns:
        The figure; the bar of the largest probability has a colour of its own.

    Raises:
        ValueError: If `image` is no such image, or `probabilities` are not ten numbers from 0 to 1
            whose sum is 1 within 0.001; the message says what to apply to logits and to
            log-probabilities.

    Examples:
        >>> import torch
        >>> from mnistlesson import data, plots
        >>> images, labels = data.first_batch()
        >>> figure = plots.view_classify(images[0], torch.full((10,), 0.1))
        >>> figure.get_suptitle()
        'A digit, and the probability of each class'

        Logits are refused, with the cure:

        >>> try:
        ...     plots.view_classify(images[0], torch.arange(10.0))
        ... except ValueError as error:
        ...     print(str(error).split("; ")[-1])
        if these are logits, apply softmax first
    """
    pixels = _arrays.image("image", image)
    if tuple(probabilities.shape) not in {(10,), (1, 10)}:
        raise ValueError(
            f"probabilities has the shape {tuple(probabilities.shape)}, expected (10,) or (1, 10)"
        )
    bars = _arrays.to_array(probabilities).reshape(10)
    _check_distribution(bars)

    figure = new_figure(title, 2.7)
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.2))
    draw_digit(left, pixels)
    best = bars == bars.max()
    right.barh(range(10), bars, height=0.72, color=[BLUE if top else EDGE for top in best])
    right.grid(visible=False)
    for digit, probability in enumerate(bars):
        right.annotate(
            f"{probability:.2f}",
            (probability, digit),
            xytext=(4, 0),
            textcoords="offset points",
            verticalalignment="center",
        )
    right.set(xlim=(0, 1), yticks=range(10), ylabel="digit", xlabel="probability")
    right.invert_yaxis()  # 0 above 9, as one reads
    right.tick_params(axis="y", labelsize="medium")
    open_frame(right)
    describe(figure, "On the left the digit, on the right a bar for each class.", _ranking(bars))
    return figure


def _ranking(bars: Array) -> str:
    """Name the longest bars as far as two digits tell them apart, and the one that follows."""
    heights = [f"{bar:.2f}" for bar in bars]
    top, *others = sorted(set(heights), reverse=True)
    longest = [str(digit) for digit, height in enumerate(heights) if height == top]
    if not others:
        return f"All bars are equally long: {top}."
    rest = [str(digit) for digit, height in enumerate(heights) if height == others[0]]
    verb = "bar is that" if len(longest) == 1 else "bars are those"
    after = "all others" if len(longest) + len(rest) == 10 else f"next {listed(rest)}"
    return f"The longest {verb} of {listed(longest)}: {top}; {after}: {others[0]}."


def _captioned(pixels: Array, captions: Sequence[str], columns: int, title: str) -> Figure:
    columns = min(columns, len(pixels))
    lines = max(caption.count("\n") + 1 if caption else 0 for caption in captions)
    side = min(WIDTH / columns, 1.3)
    rows = ceil(len(pixels) / columns)
    figure = new_figure(title, 0.4 + rows * (side + 0.16 * lines))
    for axes, digit, caption in zip(
        grid(figure, len(pixels), columns), pixels, captions, strict=True
    ):
        draw_digit(axes, digit)
        axes.set_title(caption, pad=3)
    return figure


def _check_probabilities(values: Array) -> None:
    if not ((values >= -1e-6) & (values <= 1 + 1e-6)).all():  # NaN fails as well
        raise ValueError(
            f"probabilities of shape {values.shape} has values from {values.min():.4g} "
            f"to {values.max():.4g}, expected 0 to 1"
        )


def _check_distribution(values: Array) -> None:
    if (values <= 0).all() and abs(np.exp(values).sum() - 1) < 1e-3:
        raise ValueError(
            "probabilities of shape (10,) are not in [0, 1]: these look like log-probabilities; "
            "apply torch.exp first"
        )
    total = values.sum()
    inside = ((values >= -1e-6) & (values <= 1 + 1e-6)).all()
    if not (inside and abs(total - 1) <= 1e-3):
        raise ValueError(
            f"probabilities of shape (10,) go from {values.min():.4g} to {values.max():.4g} with "
            f"the sum {total:.4g}, expected [0, 1] with the sum 1; if these are logits, apply "
            "softmax first"
        )
