"""Parts of a page that compute or answer in the reader's browser.

Each part is a directive: a template of ``_templates/``, filled by a run of ``computed``, and the
files of ``_static/live/`` that it needs. They are loaded by the pages that have such a part, and by
no other.
"""

from typing import NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.typing import ExtensionMetadata

from running import results
from running.runs import Run
from saved import Saved


class Needs(NamedTuple):
    """What a part needs."""

    page: str
    """The page that has it."""
    files: str
    """Scripts, in the order in which they call one another, and styles."""
    after: str = ""
    """The run that makes what it shows."""


class Part(NamedTuple):
    """A part, ready for its page."""

    html: str
    images: list[Saved]
    says: str
    """What the image shows."""


PARTS = {
    "digit-pad": Needs(
        "draw",
        "network.js prepare.js drawing.js views.js data.js catalogue.js samples.js pad.js"
        " numbers.css pad.css",
        after="lesson/11_training",
    ),
    "init-lab": Needs("lesson/09_init", "views.js init_lab.js numbers.css bench.css"),
    "softmax-bench": Needs("lesson/04_softmax", "softmax_bench.js bench.css"),
}


class Live(results.Showing):
    """Place a part."""

    def run(self) -> list[nodes.Node]:
        """Take the part from its run, and note the files for the page."""
        self.env.metadata[self.env.docname]["live"] = PARTS[self.name].files
        part: Part = self.result(self.name)
        sentence = "This part needs scripts, and your browser runs none. Here is a picture of it:"
        return [
            nodes.raw("", "<noscript>", format="html"),
            nodes.paragraph("", sentence),
            *(
                nodes.image(
                    uri=f"/{image.path.relative_to(self.env.srcdir).as_posix()}",
                    alt=part.says,
                    classes=["figure", f"only-{image.scheme}"],
                    width=str(image.width),
                    height=str(image.height),
                )
                for image in part.images
            ),
            nodes.raw("", "</noscript>", format="html"),
            nodes.raw("", part.html, format="html"),
        ]


def _add_runs(_app: Sphinx, config: Config) -> None:
    gallery = config.sphinx_gallery_conf["gallery_dirs"]
    for name, part in PARTS.items():
        function = f"computed.{name.replace('-', '_')}:make"
        results.add(Run(name, part.page, function, (gallery,), gallery, part.after))


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
    """Register the directives, and add a page's files to the page."""
    for name in PARTS:
        app.add_directive(name, Live)
    app.connect("config-inited", _add_runs)
    app.connect("html-page-context", _add_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
