"""Change a figure's colours for a dark page.

Colours without a hue, such as those of text, axes and frames, change places: what was black becomes
the theme's own light text, and white its dark page. Colours with a hue
are chosen to be seen on both. Images keep theirs, and so does the text that stands on them.
"""

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.colors import to_rgba, to_rgba_array
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text
from matplotlib.typing import ColorType

# Furo's, in its dark colours: --color-background-primary and --color-foreground-primary.
PAGE, TEXT = "#131416", "#cfd0d0"


def dark(colour: ColorType) -> tuple[float, float, float, float]:
    """Return the colour that stands for this one on a dark page."""
    red, green, blue, alpha = to_rgba(colour)
    if max(red, green, blue) - min(red, green, blue) > 0.02:
        return red, green, blue, alpha
    ends = zip(to_rgba(TEXT)[:3], to_rgba(PAGE)[:3], strict=True)
    red, green, blue = (text + red * (page - text) for text, page in ends)
    return red, green, blue, alpha


def recolour(figure: Figure) -> None:
    """Change a figure that has been drawn, and let the page show through it."""
    kept = _on_images(figure)
    for artist in figure.findobj():
        if artist not in kept:
            _recolour(artist)
    figure.set_facecolor("none")
    for axes in figure.findobj(Axes):
        axes.set_facecolor("none")


def _on_images(figure: Figure) -> set[Artist]:
    return {
        text
        for axes in figure.findobj(Axes)
        if axes.images
        for text in axes.texts
        # Of an annotation, its text alone and not its arrow.
        if axes.bbox.overlaps(Text.get_window_extent(text))
    }


def _recolour(artist: Artist) -> None:
    if isinstance(artist, Text):
        artist.set_color(dark(artist.get_color()))
    elif isinstance(artist, Line2D):
        edge, face = artist.get_markeredgecolor(), artist.get_markerfacecolor()
        artist.set_color(dark(artist.get_color()))
        artist.set_markeredgecolor(dark(edge))
        artist.set_markerfacecolor(dark(face))
    elif isinstance(artist, Patch):
        edge, face = artist.get_edgecolor(), artist.get_facecolor()
        artist.set_edgecolor(dark(edge))
        artist.set_facecolor(dark(face))
    elif isinstance(artist, Collection) and artist.get_array() is None:
        edges, faces = map(to_rgba_array, (artist.get_edgecolor(), artist.get_facecolor()))
        artist.set_edgecolor([dark(edge) for edge in edges])
        artist.set_facecolor([dark(face) for face in faces])
