"""A template filter that replaces a string of the theme, and fails where it is not there once."""

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.errors import ExtensionError


def replace_once(text: str, old: str, new: str) -> str:
    """Replace a string that a text has once: a newer theme may have another in its place."""
    if (count := text.count(old)) != 1:
        raise ExtensionError(f"the theme has this string {count} times, not once: {old}")
    return text.replace(old, new)


def _add_filter(app: Sphinx) -> None:
    if isinstance(app.builder, StandaloneHTMLBuilder):
        app.builder.templates.environment.filters["replace_once"] = replace_once


def setup(app: Sphinx) -> None:
    """Give the templates the filter."""
    app.connect("builder-inited", _add_filter)
