"""A small site of steps and pages, built by Sphinx: what it executes, shows, and says of failures.

Each build is a process, as ``make html`` starts one. ``test_builds`` does the same to the lesson.
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.programs import Python, interrupt, start
from support.watched import observed

pytestmark = pytest.mark.slow  # each build is a process, and starts another

ROOT = Path(__file__).parents[1]

CONF = f"""
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "docs" / "_ext")!r}]
HERE = Path(__file__).parent

from lesson_site.execution import pool
# No step needs PyTorch.
pool.PRELOAD = ["matplotlib", "myst_nb.core.read", "sphinx_gallery.gen_rst"]

extensions = ["lesson_site.preconditions", "lesson_site.execution.extension",
              "lesson_site.steps.gallery_setup", "lesson_site.html.leftovers", "myst_nb",
              "sphinx_gallery.gen_gallery"]
source_suffix = {{".rst": "restructuredtext", ".md": "myst-nb"}}
exclude_patterns = [".*", "**/.*", "lesson/*.ipynb", "lesson/sg_execution_times.rst"]
suppress_warnings = ["sphinx_gallery.space_in_filename"]
sphinx_gallery_conf = {{
    "plot_gallery": False,
    "copyfile_regex": r"index\\.rst",
    "examples_dirs": str(HERE / "gallery"),
    "gallery_dirs": str(HERE / "docs" / "lesson"),
    "filename_pattern": r"\\d\\d_\\w+\\.py$",
    "ignore_pattern": r"^\\.",
    "image_scrapers": (),
    "write_computation_times": False,
}}
nb_execution_mode = "cache"
nb_execution_cache_path = "build/jupyter_cache"
"""
OPTIONS = "-c . -d build/doctrees -W -n --keep-going docs build/html"
STEP = '"""\n{title}\n{line}\n\nA step.\n"""\n\n# %%\n# It prints.\n\nprint({prints})\n'
PAGE = """\
---
file_format: mystnb
kernelspec:
  name: python3
---

# A page

```{code-cell} python3
print(6 * 7)
```
"""


class Site:
    """A site of two steps and a page with a cell."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("gallery", "docs"):
            (folder / name).mkdir(parents=True)
        self.one, self.two = (folder / "gallery" / f"0{n}_step.py" for n in (1, 2))
        self.page = folder / "docs" / "page.md"
        (folder / "conf.py").write_text(CONF)
        (folder / "gallery" / "index.rst").write_text(
            "Steps\n=====\n\n.. toctree::\n   :glob:\n\n   0*\n"
        )
        index = "Home\n====\n\n.. toctree::\n\n   lesson/index\n   page\n"
        (folder / "docs" / "index.rst").write_text(index)
        self.page.write_text(PAGE)
        for step, prints in ((self.one, "1 + 1"), (self.two, "2 + 2")):
            step.write_text(STEP.format(title=step.stem, line="=" * len(step.stem), prints=prints))

    def start(self, *under: str, **environment: str) -> subprocess.Popen[str]:
        """Start a build, after the command ``under``."""
        return start(
            [*under, sys.executable, "-m", "support.watched", *OPTIONS.split()],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parent)} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def build(self, *under: str, **environment: str) -> tuple[int, str]:
        """Build, and return the status and what was printed, without colours."""
        process = self.start(*under, **environment)
        printed, _ = process.communicate()
        return process.returncode, re.sub(r"\x1b\[[\d;]*m", "", printed)

    def files(self) -> set[str]:
        """Return the names of the files of the built site, but for hidden ones."""
        built = self.folder / "build" / "html"
        files = (path for path in built.rglob("*") if path.is_file() and path.name[0] != ".")
        return {file.relative_to(built).as_posix() for file in files}

    def html(self, page: str) -> str:
        """Return a page as it was built."""
        return (self.folder / "build" / "html" / f"{page}.html").read_text(encoding="utf-8")


def executed(printed: str) -> set[str]:
    """Return the names of the tasks that a build has executed."""
    return set(re.findall(r"^executed (\S+) in", printed, re.MULTILINE))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Return the site, built once."""
    folder = tmp_path_factory.mktemp("site")
    made = Site(folder / "my lesson #1, 100%20 [è]? & 'more'")
    status, printed = made.build()
    assert status == 0, printed
    assert executed(printed) == {"lesson/01_step", "lesson/02_step", "page"}
    assert observed(printed)["replaced"] == []
    shutil.copytree(made.folder, folder / "as built")
    return made


@pytest.fixture
def site(built: Site) -> Iterator[Site]:
    """Return the site as it was built, and let it be so again: with the times of its files."""
    yield built
    shutil.rmtree(built.folder)
    shutil.copytree(built.folder.with_name("as built"), built.folder)


def test_results_are_shown_and_not_computed_again(site: Site) -> None:
    assert ">2" in site.html("lesson/01_step")
    assert ">42" in site.html("page")
    status, printed = site.build()
    assert (status, executed(printed)) == (0, set())
    assert observed(printed) == {"replaced": [], "imported": []}
    assert "0 added, 0 changed, 0 removed" in printed


def test_what_changed_is_executed_alone(site: Site) -> None:
    site.one.write_text(site.one.read_text().replace("1 + 1", "1 + 4"))
    status, printed = site.build()
    assert (status, executed(printed)) == (0, {"lesson/01_step"})
    assert ">5" in site.html("lesson/01_step")
    site.page.write_text(PAGE.replace("6 * 7", "6 * 8").replace("A page", "One page"))
    status, printed = site.build()
    assert (status, executed(printed)) == (0, {"page"})
    assert ">48" in site.html("page")


def test_the_page_of_a_step_that_is_gone_is_removed(site: Site) -> None:
    site.two.unlink()
    status, printed = site.build()
    assert (status, executed(printed)) == (0, set()), printed
    assert not list(site.folder.glob("docs/lesson/02*"))


def test_what_stands_beside_the_steps_is_named(site: Site) -> None:
    folder, script = (
        site.folder / "gallery" / ".ipynb_checkpoints",
        site.folder / "gallery" / "3 draft.py",
    )
    script.write_text(site.one.read_text())
    status, printed = site.build()
    assert status == 2
    assert f"Rename {script}: a step is a file NN_name.py, with two digits." in printed
    script.unlink()
    folder.mkdir()
    status, printed = site.build()
    assert status == 2
    assert f"Remove the folder {folder}: sphinx-gallery takes it for steps." in printed


def test_what_editors_and_systems_leave_is_ignored(site: Site) -> None:
    before = site.files()
    for source in (site.one, site.page):
        name = source.name
        source.with_name(f".#{name}").symlink_to("who@where.1234:5678")
        source.with_name(f"._{name}").write_bytes(b"\x00\x05\x16\x07\xff")
        source.with_name(f"{name}~").write_text("1 / 0\n")
        source.with_name(f"#{name}#").write_text("1 / 0\n")
        source.with_name("__pycache__").mkdir()
    checkpoints = site.page.with_name(".ipynb_checkpoints")
    checkpoints.mkdir()
    (checkpoints / "page-checkpoint.md").write_text(PAGE.replace("6 * 7", "1 / 0"))
    for _ in range(2):
        status, printed = site.build()
        assert (status, executed(printed)) == (0, set()), printed
        assert site.files() == before


def test_what_has_gone_from_the_sources_goes_from_the_site(site: Site) -> None:
    before = site.files()
    for name in ("picture.svg", "download.txt", "style.css"):
        (site.folder / "docs" / name).write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    second, third = site.page.with_name("second.md"), site.one.with_name("03_step.py")
    second.write_text(f"{PAGE}\n![](picture.svg)\n\n{{download}}`download.txt`\n")
    third.write_text(site.two.read_text().replace("02", "03"))
    index, conf = site.folder / "docs" / "index.rst", site.folder / "conf.py"
    index.write_text(index.read_text() + "   second\n")
    conf.write_text(CONF + 'html_static_path = ["docs/style.css"]\n')
    assert site.build()[0] == 0
    added = {"second.html", "lesson/03_step.html", "_images/picture.svg", "_static/style.css"}
    assert added <= site.files()
    second.unlink()
    third.unlink()
    index.write_text(index.read_text().replace("   second\n", ""))
    conf.write_text(CONF)
    status, printed = site.build()
    assert status == 0, printed
    assert site.files() == before


@contextlib.contextmanager
def held(site: Site) -> Iterator[subprocess.Popen[str]]:
    """Start a build, and hold it where its step reads a named pipe, until the end of the block."""
    pipe = site.folder / "pipe"
    os.mkfifo(pipe)
    step = site.one.read_text()
    site.one.write_text(f"{step}\nprint(open({str(pipe)!r}).read())\n")
    process = site.start()
    with pipe.open("w"):
        site.one.write_text(step)  # it has been read
        yield process
    process.communicate()


def test_a_second_build_at_once_is_refused(site: Site) -> None:
    with held(site) as first:
        status, printed = site.build()
        assert status == 1
        assert f"Another build of {site.folder} is under way: wait until it has ended." in printed
        assert "Traceback" not in printed
    assert first.returncode == 0


def test_a_build_that_was_killed_is_not_under_way(site: Site) -> None:
    with held(site) as first:
        first.kill()
        first.wait()
        status, printed = site.build()
        assert status == 0, printed


@pytest.mark.parametrize("place", ["", "docs", "build"])
def test_a_folder_that_cannot_be_written_to_is_named(
    site: Site, python: Python, place: str
) -> None:
    folder = site.folder / place
    status, printed = site.build(*python.where(folder, "read-only"))
    assert status == 1
    assert re.search(f"A build writes to {re.escape(str(folder))}.*, and may not: ", printed)
    assert "Traceback" not in printed
    assert site.build()[0] == 0


@pytest.mark.usefixtures("in_background")
def test_after_an_interruption_the_next_build_is_right(site: Site) -> None:
    """As Ctrl-C does it: every process of the build gets the signal, while a step is executed."""
    site.two.write_text(site.two.read_text().replace("2 + 2", "2 + 3"))
    site.page.write_text(PAGE.replace("6 * 7", "6 * 8"))
    with held(site) as process:
        interrupt(process)
        assert process.returncode != 0
    status, printed = site.build()
    assert status == 0, printed
    assert ">2" in site.html("lesson/01_step")
    assert ">5" in site.html("lesson/02_step")
    assert ">48" in site.html("page")


def test_a_build_without_assertions_is_refused(site: Site) -> None:
    status, printed = site.build(PYTHONOPTIMIZE="1")
    assert status == 1
    assert "build without -O and without PYTHONOPTIMIZE" in printed
    assert executed(printed) == set()


@pytest.mark.parametrize(
    ("line", "of_step", "of_page"),
    [
        (
            "raise ValueError('no such thing')",
            "gallery/01_step.py, line {}: ValueError: no such thing",
            "docs/page.md, the cell in line {}: ValueError: no such thing",
        ),
        (
            "__import__('os')._exit(3)",
            "lesson/01_step: its process ended with status 3",
            "page: its process ended with status 3",
        ),
    ],
)
def test_what_fails_is_told_each_time_and_on_its_page(
    site: Site, line: str, of_step: str, of_page: str
) -> None:
    right = site.one.read_text()
    site.one.write_text(right.replace("print(1 + 1)", line))
    site.page.write_text(PAGE.replace("print(6 * 7)", line))
    of_step = of_step.format(right.splitlines().index("print(1 + 1)") + 1)
    of_page = of_page.format(PAGE.splitlines().index("print(6 * 7)") + 1)
    for _ in range(2):
        status, printed = site.build()
        assert status != 0
        assert executed(printed) == set()
        warnings = re.findall("WARNING: (.*)", printed)
        assert {*warnings} == {of_step, of_page}
        assert len(warnings) == 2, "no kernel has tried it once more"
        assert of_step in site.html("lesson/01_step")
        assert of_page in site.html("page")
        assert ">4" in site.html("lesson/02_step")
    site.one.write_text(right)
    site.page.write_text(PAGE)
    status, printed = site.build()
    assert (status, executed(printed)) == (0, {"lesson/01_step", "page"})
    for page in ("lesson/01_step", "page"):
        assert "A result is missing" not in site.html(page)


def test_a_first_build_in_which_something_fails_leaves_the_rest(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.one.write_text(site.one.read_text().replace("1 + 1", "1 / 0"))
    site.page.write_text(PAGE.replace("print(6 * 7)", "__import__('os')._exit(3)"))
    status, printed = site.build()
    assert status != 0
    assert executed(printed) == {"lesson/02_step"}
    assert "gallery/01_step.py, line 11: ZeroDivisionError: division by zero" in printed
    assert "page: its process ended with status 3" in printed
    assert ">4" in site.html("lesson/02_step")
    assert {"index.html", "page.html", "lesson/01_step.html"} <= site.files()
