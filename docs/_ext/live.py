"""Parts of a page that compute or answer in the reader's browser.

Such a part is a directive: a template of ``_templates/``, filled when the page is read, and the
files of ``_static/live/`` that it needs. They are loaded by the pages that have such a part, and by
no other.
"""

import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

import figures

TEMPLATES = Path(__file__).parents[1] / "_templates"
_templates = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


class Live(SphinxDirective):
    """The base of these directives."""

    template: ClassVar[str]
    """Name of the template."""
    files: ClassVar[tuple[str, ...]]
    """Scripts, in the order in which they call one another, and styles."""

    def figure(self) -> tuple[Figure, str]:
        """Draw what stands there for a reader without scripts, and say what it shows."""
        raise NotImplementedError

    def context(self) -> Mapping[str, object]:
        """Return what the template is filled with."""
        return {}

    def run(self) -> list[nodes.Node]:
        """Fill the template, draw the figure, and note the files for the page."""
        for source in (TEMPLATES / self.template, inspect.getfile(type(self))):
            self.env.note_dependency(str(source))
        notes = self.env.metadata[self.env.docname]
        notes["live"] = " ".join(self.files)
        filled = _templates.get_template(self.template).render(self.context())
        return [*self._unscripted(), nodes.raw("", filled, format="html")]

    def _unscripted(self) -> list[nodes.Node]:
        figure, says = self.figure()
        gallery = self.config.sphinx_gallery_conf["gallery_dirs"]
        saved = figures.save(figure, Path(gallery, "images", self.name))
        plt.close(figure)
        sentence = "This part needs scripts, and your browser runs none. Here is a picture of it:"
        return [
            nodes.raw("", "<noscript>", format="html"),
            nodes.paragraph("", sentence),
            *(
                nodes.image(
                    uri=f"/{image.path.relative_to(self.env.srcdir).as_posix()}",
                    alt=says,
                    classes=["figure", f"only-{image.scheme}"],
                    width=str(image.width),
                    height=str(image.height),
                )
                for image in saved
            ),
            nodes.raw("", "</noscript>", format="html"),
        ]


def _add_files(
    app: Sphinx, _page: str, _template: str, context: dict[str, object], _: object
) -> None:
    notes = context.get("meta")
    files = str(notes.get("live", "")) if isinstance(notes, dict) else ""
    for file in files.split():
        if file.endswith(".js"):
            app.add_js_file(f"live/{file}", loading_method="defer")
        else:
            app.add_css_file(f"live/{file}")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add a page's files to the page."""
    app.connect("html-page-context", _add_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
