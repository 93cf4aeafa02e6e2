"""No page loads a style or a script that it does not use."""

from pathlib import Path

from myst_nb.sphinx_ext import add_global_html_resources
from sphinx.application import Sphinx
from sphinx.builders import Builder


def _used(file: str, page: str, *, cells: bool) -> bool:
    """Tell whether a page uses a file, by the beginning of the file's name."""
    name = file.removeprefix("_static/")
    if name.startswith("sg_gallery.css"):
        return page.startswith("lesson/") and page != "lesson/index"
    if name.startswith("mystnb"):
        return cells
    # The rest is for badges, data frames and tags: the lesson has none.
    return not name.startswith(("sg_", "sg-"))


def _drop(
    _app: Sphinx, page: str, _template: str, context: dict[str, list[object]], _: object
) -> None:
    cells = '<div class="cell ' in str(context.get("body", ""))
    for kind in ("css_files", "script_files"):
        context[kind] = [
            file
            for file in context[kind]
            if _used(str(getattr(file, "filename", file)), page, cells=cells)
        ]


def _place_first(app: Sphinx, _builder: Builder) -> None:
    """Place MyST-NB's styles before the pages are written, which name them with their checksum.

    MyST-NB does it at the end: the pages of a first build would differ from those of later ones.
    """
    Path(app.outdir, "_static").mkdir(parents=True, exist_ok=True)
    add_global_html_resources(app, None)


def setup(app: Sphinx) -> None:
    """Drop them after all other extensions have added theirs."""
    app.connect("write-started", _place_first)
    app.connect("html-page-context", _drop, priority=900)
