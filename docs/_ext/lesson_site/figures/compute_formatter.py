"""A figure in a cell of a page: shown as a part of the page, whichever format the cell asks for."""

from typing import Any

from IPython.core.formatters import DisplayFormatter


class FigureFormatter(DisplayFormatter):
    """Gives a figure as HTML, and all else in IPython's formats."""

    alt: str | None = None
    """What the cell says that is to be seen; a figure's own words come before it."""

    def format(self, obj: Any, include: Any = None, exclude: Any = None) -> Any:  # noqa: ANN401
        """Return the data of an object by format, and their metadata."""
        if type(obj).__name__ != "Figure":
            return super().format(obj, include, exclude)  # type: ignore[no-untyped-call]
        from lesson_site.figures import compute_html  # noqa: PLC0415 - most pages draw nothing

        if not compute_html.alt(obj):
            obj.set_label(self.alt or "")
        return {"text/html": compute_html.html(obj)}, {}
