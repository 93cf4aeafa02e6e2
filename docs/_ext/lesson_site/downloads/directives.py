"""Show what can be downloaded, and from where the package is installed.

``downloads`` lists them with their sizes; ``install`` is the line that installs the package.
Both name what ``pack`` makes.
"""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from lesson_site.downloads import pack
from lesson_site.templates import render


def _size(file: Path) -> str:
    """Return a file's size in decimal units, as browsers show it."""
    size = file.stat().st_size
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"


class Downloads(SphinxDirective):
    """List the archives and the wheel. For pages beside the home page: the links are relative."""

    def run(self) -> list[nodes.Node]:
        """Make the list."""
        folder = Path(self.env.srcdir, "downloads")
        lesson, wheel = folder / pack.LESSON, pack.wheel(folder)
        for file in (lesson, wheel):
            self.env.note_dependency(str(file))
        sizes = {"lesson": _size(lesson), "wheel": wheel.name, "wheel_size": _size(wheel)}
        return [nodes.raw("", render("downloads/list.html", **sizes), format="html")]


class Install(SphinxDirective):
    """Show the one line that installs the package."""

    def run(self) -> list[nodes.Node]:
        """Name the site, where its address is known; else the file, once it is downloaded."""
        wheel = pack.wheel(Path(self.env.srcdir, "downloads")).name
        line = f"$ pip install {self.config.wheel_folder}{wheel}"
        said = "Install it from this site:"
        if not self.config.wheel_folder:
            said = "Download the wheel below. Then, in the folder in which it lies:"
        code = nodes.literal_block(line, line, language="console")
        return [nodes.paragraph("", said), code]


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("downloads", Downloads)
    app.add_directive("install", Install)
