"""What the site offers for download, beside its pages.

The package as a wheel, a notebook for each exercise, an archive for each step and one of all; they
are made in ``docs/downloads/`` and, where sphinx-gallery has made them, in ``docs/lesson/``. Last
of all, the whole site in one archive. The wheel and the large archives have a fixed address, beside
the home page: ``pip install ADDRESS/mnistlesson-0.1.0-py3-none-any.whl``.
"""

import hashlib
import re
import shutil
import sys
import tomllib
from pathlib import Path

import nbformat
from sphinx.application import Sphinx

from lesson_site.downloads import notebooks, zip_files
from lesson_site.execution.directive import result
from lesson_site.execution.gallery import scripts
from lesson_site.execution.task import Task
from lesson_site.practice import predict

LESSON, SITE = "lesson.zip", "site.zip"
"""All steps, exercises and the package; and all pages."""


def wheel(folder: Path) -> Path:
    """Return the wheel in the folder of the downloads."""
    return next(folder.glob("mnistlesson-*.whl"))


def _tasks(app: Sphinx) -> list[Task]:
    root, digest = Path(app.srcdir).parent, hashlib.sha256()
    package = sorted(f"mnistlesson/{name}" for name in zip_files.folder(root / "mnistlesson"))
    sources = ["LICENSE", "README.md", "pyproject.toml", *package]
    for name in sources:
        digest.update(f"{name}\n".encode() + (root / name).read_bytes())
    arguments = (str(root), sources, str(Path(app.srcdir, "downloads")))
    function = "lesson_site.downloads.compute_wheel:make"
    return [Task("wheel", "", function, arguments, digest.hexdigest())]


def _requirements(root: Path) -> str:
    """Return the pins of what the package needs, with PyTorch for the processor alone."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split(r"[<>=~!]", need)[0] for need in project["dependencies"]}
    pins = [p for p in project["optional-dependencies"]["docs"] if p.split("==")[0] in needed]
    return "\n".join(["--extra-index-url https://download.pytorch.org/whl/cpu", *pins, ""])


def _make(app: Sphinx) -> None:
    docs, lesson = Path(app.srcdir), Path(app.config.sphinx_gallery_conf["gallery_dirs"])
    folder = docs / "downloads"
    package = folder / result(app.env, "wheel")
    first = app.config.sphinx_gallery_conf["first_notebook_cell"]
    every = {package.name: package.read_bytes()}

    stubs = docs / "exercises" / "exercises.py"
    every[stubs.name] = stubs.read_bytes()
    source = stubs.read_text(encoding="utf-8")
    for name, exercise in notebooks.exercises(source, first):
        path = folder / f"{name}.ipynb"
        every[path.name] = f"{nbformat.writes(exercise)}\n".encode()
        zip_files.keep(path, every[path.name])

    for script in scripts(app.config):
        path = lesson / f"{script.stem}.ipynb"
        notebook = notebooks.step(
            path.read_text(encoding="utf-8"),
            predict.read(predict.file_of(docs, script.stem)),
            page=f"lesson/{script.stem}",
            exercises=app.config.html_context["exercises"].get(f"lesson/{script.stem}", []),
            address=app.config.html_baseurl,
        )
        zip_files.keep(path, notebook.encode())
        own = {script.name: script.read_bytes(), path.name: path.read_bytes()}
        # sphinx-gallery's own archive has times in it, and lacks what the two import.
        zip_files.pack(path.with_suffix(".zip"), own | {package.name: every[package.name]})
        every |= own

    read_me = (Path(__file__).parent / "README.txt").read_text(encoding="utf-8")
    every["README.txt"] = read_me.format(wheel=package.name).encode()
    # Binder reads these two.
    every["requirements.txt"] = _requirements(docs.parent).encode()
    every["runtime.txt"] = f"python-{sys.version_info.major}.{sys.version_info.minor}\n".encode()
    zip_files.pack(folder / LESSON, {f"lesson/{name}": file for name, file in every.items()})


def _finish(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.name != "html":
        return
    folder, site = Path(app.srcdir, "downloads"), Path(app.outdir)
    for left in site.glob("*.whl"):
        left.unlink()
    for file in (wheel(folder), folder / LESSON):
        shutil.copy(file, site)
    pages = zip_files.folder(site)
    pages.pop(SITE, None)
    # The archive cannot contain itself, so its pages do not offer it.
    item = re.compile(b'<li class="whole-site">.*?</li>', re.DOTALL)
    offline = {f"site/{name}": item.sub(b"", page) for name, page in pages.items()}
    zip_files.pack(site / SITE, offline)


def setup(app: Sphinx) -> None:
    """Make them before the pages are read, which link to them, but after sphinx-gallery's."""
    app.connect("collect-tasks", _tasks)
    app.connect("builder-inited", _make, priority=900)
    app.connect("build-finished", _finish, priority=900)
