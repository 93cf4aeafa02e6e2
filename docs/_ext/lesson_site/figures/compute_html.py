"""A figure as a part of its page: one SVG in the page's own letters and colours.

Text stays text. The colours that ``mnistlesson.plots`` draws with become the variables of
``tokens.css``, so that a figure follows its page into the dark. Its title is the caption. The bytes
depend on the figure alone.
"""

import io
from html import escape

import matplotlib as mpl
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.text import Text
from mnistlesson.plots._style import WIDTH

from lesson_site.figures import compute_svg

CARD = (
    1.6,
    1.0,
)  # inches: about the size at which a card shows it, so that a line is as wide as it is drawn


def alt(figure: Figure) -> str:
    """Return what the figure says of itself: its label, or else its titles."""
    titles = [figure.get_suptitle(), *(axes.get_title() for axes in figure.axes)]
    return " ".join((str(figure.get_label()) or ", ".join(filter(None, titles))).split())


def html(figure: Figure) -> str:
    """Return a figure for a page. It cannot be used any more after this, but for a thumbnail."""
    label, title = alt(figure), _take_title(figure)
    width, height = figure.get_size_inches()
    if width > WIDTH:  # one that a page draws itself: its letters would be too small on a phone
        figure.set_size_inches(WIDTH, height * WIDTH / width)
    drawing = _svg(figure, label, {"role": "img", "aria-label": label})
    caption = f"<figcaption>{escape(title)}</figcaption>" if title else ""
    return f'<figure class="figure">{drawing}{caption}</figure>'


def thumbnail(figure: Figure) -> str:
    """Return what a card shows of a figure: its first axes, drawn for the card, without letters."""
    for axes in figure.axes[3:]:
        axes.remove()
    for text in figure.findobj(Text):
        text.set_visible(False)
    for legend in figure.legends:
        legend.remove()
    for axes in figure.axes:
        axes.tick_params(which="both", length=0, labelbottom=False, labelleft=False)
        axes.tick_params(labelright=False)
        axes.set(xlabel="", ylabel="", title="")
        axes.grid(visible=False)
    for dots in figure.findobj(PathCollection):
        dots.set_sizes(dots.get_sizes() / 4)
    for line in figure.findobj(Line2D):
        line.set(marker="", linewidth=1.25)
    figure.set_size_inches(CARD)
    salt = f"thumbnail: {alt(figure)}"
    return _svg(figure, salt, {"class": "thumbnail", "aria-hidden": "true"})


def _take_title(figure: Figure) -> str:
    """Take the title off a figure, with the room it has, and return it."""
    title = figure.get_suptitle()
    if title:
        figure.suptitle("")
        lines = title.count("\n") + 1
        figure.set_figheight(figure.get_figheight() - 0.1 - 0.16 * lines)
    elif len(figure.axes) == 1:
        title = figure.axes[0].get_title()
        figure.axes[0].set_title("")
    return " ".join(title.split())


def _svg(figure: Figure, salt: str, attributes: dict[str, str]) -> str:
    for image in figure.findobj(AxesImage):
        image.set_interpolation("none")  # the browser draws each pixel as a square
    content = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    # The names of the parts depend on the salt: two figures of a page have no name in common.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": salt}):
        figure.savefig(
            content,
            format="svg",
            metadata=nothing,
            transparent=True,
            bbox_inches="tight",
            pad_inches=0.02,
        )
    return compute_svg.compact(content.getvalue(), attributes)
