"""Place what only the site has into the pages of the steps.

A step is a script and a notebook, too, so its text cannot hold a directive. ``inserts`` in
``conf.py`` names, for such a page, a file and the heading before which it stands.
"""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError


def _insert(app: Sphinx, page: str, source: list[str]) -> None:
    if page not in app.config.inserts:
        return
    heading, name = app.config.inserts[page]
    line = f"\n{heading}\n{'-' * len(heading)}\n"
    if source[0].count(line) != 1:
        raise ExtensionError(f"{page} has no heading {heading!r}, before which {name} belongs")
    path = Path(app.srcdir, "_inserts", name)
    app.env.note_dependency(str(path))
    source[0] = source[0].replace(line, f"\n{path.read_text(encoding='utf-8')}\n{line}")


def setup(app: Sphinx) -> None:
    """Insert it as text, so that it is read as the page is."""
    app.add_config_value("inserts", {}, "env", dict)
    app.connect("source-read", _insert)
