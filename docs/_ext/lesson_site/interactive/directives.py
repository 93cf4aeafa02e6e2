"""Parts of a page that compute or answer in the reader's browser.

Each part is a directive, and has a folder: the task ``compute_*.py`` fills ``template.html``, and
the part's page, no other, loads the scripts and styles that it needs. They are classic scripts,
which share the one global ``lesson``: a page on disk may not load modules.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder

from lesson_site.execution.directive import ResultDirective
from lesson_site.execution.task import Task

FOLDER = Path(__file__).parent


class Needs(NamedTuple):
    """What a part needs."""

    page: str
    """The page that has it; of a part with an argument, ``{}`` stands for that."""
    files: str
    """Scripts, in the order in which they call one another, and styles."""
    after: tuple[str, ...] = ()
    """The tasks that make what it shows."""
    each: str = ""
    """Where a part has TOML files: its argument names one, and each is a task of its own."""


_DRAWING = "network.js preprocessing.js ink.js drawing.js render.js weights.js"
PARTS = {
    "network-demo": Needs(
        "index",
        f"{_DRAWING} network_demo.js numbers.css network_demo.css",
        after=("lesson/12_training",),
    ),
    "digit-pad": Needs(
        "draw",
        f"{_DRAWING} samples.js views.js pad.js"
        " numbers.css choices.css pad.css pad_layout.css views.css",
        after=("lesson/09_init", "lesson/10_forward", "lesson/12_training"),
    ),
    "init-lab": Needs("lesson/09_init", "render.js init_lab.js numbers.css panel.css lab.css"),
    "softmax-bench": Needs("lesson/04_softmax", "softmax_bench.js choices.css panel.css bench.css"),
    "gaps": Needs("exercises/{}", "gaps.js gaps.css", each="practice/gaps"),
}


class Interactive(ResultDirective):
    """Place a part."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Take the part from its task, and note the files for the page."""
        self.env.metadata[self.env.docname]["interactive"] = PARTS[self.name].files
        html = self.result("/".join([self.name, *self.arguments]))
        return [nodes.raw("", html, format="html")]


def _tasks(app: Sphinx) -> Iterator[Task]:
    gallery = app.config.sphinx_gallery_conf["gallery_dirs"]
    for name, part in PARTS.items():
        module = name.replace("-", "_")
        function = f"lesson_site.interactive.{module}.compute_{module}:make"
        if part.each:
            for file in sorted(Path(app.srcdir, part.each).glob("[!.]*.toml")):
                page = part.page.format(file.stem)
                yield Task(f"{name}/{file.stem}", page, function, (str(file),))
        else:
            # One that reads what steps have made is told where they leave it.
            arguments = (gallery,) if part.after else ()
            yield Task(name, part.page, function, arguments, gallery, part.after)


def _copy_files(app: Sphinx, _builder: Builder) -> None:
    """Copy the files before the pages are written, which name them with their checksum."""
    folder = Path(app.outdir, "_static", "interactive")
    folder.mkdir(parents=True, exist_ok=True)
    exported = Path(app.config.sphinx_gallery_conf["gallery_dirs"], "static")
    parts = (f"{at}/[!.]*.{end}" for at in ("interactive/*", "practice") for end in ("js", "css"))
    own = (file for part in parts for file in FOLDER.parent.glob(part))
    for file in (*own, *exported.glob("*.js")):
        shutil.copyfile(file, folder / file.name)


def _add_files(
    app: Sphinx, _page: str, _template: str, context: dict[str, object], _: object
) -> None:
    notes = context.get("meta")
    files = str(notes.get("interactive", "")) if isinstance(notes, dict) else ""
    for file in files.split():
        if file.endswith(".js"):
            app.add_js_file(f"interactive/{file}", loading_method="defer")
        else:
            app.add_css_file(f"interactive/{file}")


def setup(app: Sphinx) -> None:
    """Register the directives, and add a page's files to the page."""
    for name in PARTS:
        app.add_directive(name, Interactive)
    app.connect("collect-tasks", _tasks)
    app.connect("write-started", _copy_files)
    app.connect("html-page-context", _add_files)
