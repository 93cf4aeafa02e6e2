"""Show what can be downloaded, and from where the package is installed.

``offers`` lists the downloads with their sizes; ``install`` is the line that installs the package.
Both name what ``pack`` makes.
"""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from lesson_site.downloads import pack


def _size(file: Path) -> str:
    """Return a file's size in decimal units, as browsers show it."""
    size = file.stat().st_size
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"


class Offers(SphinxDirective):
    """List the archives and the wheel. For pages beside the home page: the links are relative."""

    def run(self) -> list[nodes.Node]:
        """Make the list."""
        folder = Path(self.env.srcdir, "downloads")
        wheel = pack.wheel(folder)
        offered = {
            folder / pack.LESSON: "all steps and exercises, as scripts and as notebooks, "
            "with the package that they import",
            wheel: "the package alone, as a wheel",
        }
        items = []
        for file, text in offered.items():
            self.env.note_dependency(str(file))
            items.append(self._item(file.name, f": {text} ({_size(file)})"))
        whole = ": this site, to read without a network; open index.html in it"
        items.append(self._item(pack.SITE, whole))
        items[-1]["classes"].append(pack.WHOLE)
        return [nodes.bullet_list("", *items)]

    @staticmethod
    def _item(name: str, text: str) -> nodes.list_item:
        link = nodes.reference("", name, refuri=name, internal=True)
        return nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(text)))


class Install(SphinxDirective):
    """Show the one line that installs the package."""

    def run(self) -> list[nodes.Node]:
        """Name the site, where its address is known; else the file, once it is downloaded."""
        wheel = pack.wheel(Path(self.env.srcdir, "downloads")).name
        line = f"$ pip install {self.config.offered_at}{wheel}"
        if not self.config.offered_at:
            said = "Download the wheel below. Then, in the folder in which it lies:"
        else:
            said = "Install it from this site:"
        code = nodes.literal_block(line, line, language="console")
        return [nodes.paragraph("", said), code]


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("offers", Offers)
    app.add_directive("install", Install)
