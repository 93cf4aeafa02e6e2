"""A build executes what it has to and nothing else, and makes the same bytes wherever it is done.

The site under test is one build, from nothing. Here is another, in another folder and another
environment, without a network, in an empty home and with faults, which is then mended, changed and
interrupted. The tests stand in the order in which they use it, and each leaves its sources as they
were.
"""

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from mnistlesson import data

from support.copies import Built, Copy
from support.programs import Python, interrupt, start
from support.server import Server, serving
from support.site import SITE, STEPS
from support.watched import observed

# What may be set where a build is made.
ANOTHER = {
    "COLUMNS": "40",
    "LC_ALL": "C",
    "MKL_NUM_THREADS": "4",
    "MPLBACKEND": "TkAgg",
    "OMP_NUM_THREADS": "4",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONHASHSEED": "1",
    "PYTHONUTF8": "0",
    "PYTHONWARNINGS": "error",
    "TZ": "Asia/Tokyo",
}

# A step whose results others read, a step whose process ends, a part that cannot be read, and a
# question with two answers.
FAULTS = {
    "gallery/12_training.py": ("import pickle", "assert 1 == 2, 'not so'"),
    "gallery/06_functional.py": ("plt.show()", "__import__('os')._exit(3)"),
    "mnistlesson/check/mistakes/init.toml": ("code = ", "kode = "),
    "docs/practice/predict/08_sequential.toml": (r"'64, 10.*\n.*: True'", "'64'"),
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve nothing in the place of MNIST's mirror."""
    with serving() as start_server:
        yield start_server(tmp_path_factory.mktemp("mirror"), "missing")


class First(NamedTuple):
    """A copy, and its first build, in which something fails."""

    copy: Copy
    built: Built
    line: int
    """Where step 12 fails."""
    pages: dict[str, bytes]
    asked: list[str]
    """The files that it asked the mirror for."""


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, mirror: Server, closed: str) -> First:
    """Build a copy from nothing, as a newcomer does, where two steps and a part fail."""
    folder = tmp_path_factory.mktemp("copy") / "my copy #1, 100%20 [e]? & 'more'"
    home = Python(tmp_path_factory.mktemp("home"), closed).environment
    environment = home | ANOTHER
    if data.root() == data.EMBEDDED:
        environment |= {"MNISTLESSON_DATA": "", "MNISTLESSON_MIRROR": mirror.url}
    copy = Copy(folder, **environment)
    (folder / "matplotlibrc").write_text("font.size: 22\naxes.facecolor: red\n")
    for file in [path for path in folder.rglob("*") if path.is_file()]:
        file.with_name(f"._{file.name}").write_bytes(b"\x00\x05\x16\x07\xff")  # as macOS does
        if {"_templates", "templates"}.isdisjoint(file.parts):  # there, Sphinx looks at each
            file.with_name(f".#{file.name}").symlink_to("who@where.1234:5678")  # as Emacs does
    script = (folder / "gallery" / "12_training.py").read_text().splitlines()
    for name, (old, new) in FAULTS.items():
        copy.change(name, old, new)
    built = copy.build()
    return First(copy, built, script.index("import pickle") + 1, copy.pages(), [*mirror.asked])


@pytest.fixture(scope="module")
def copy(first: First) -> Copy:
    """Return the copy, mended and built."""
    for name, (old, new) in FAULTS.items():
        first.copy.change(name, new, old)
    built = first.copy.build("support.watched")
    assert built.status == 0, built.said
    assert built.steps == {"06", "12"}
    assert observed(built.said)["replaced"] == []
    return first.copy


@pytest.fixture(scope="module")
def pages(copy: Copy) -> dict[str, bytes]:
    """Return the pages of the copy before anything was changed."""
    return copy.pages()


def differing(copy: Copy, pages: dict[str, bytes]) -> list[str]:
    """Return the names of the pages that are not what they were."""
    now = copy.pages()
    return [name for name in sorted(now | pages) if now.get(name) != pages.get(name)]


def test_steps_and_parts_that_fail_in_a_first_build_leave_the_rest(first: First) -> None:
    assert first.built.status != 0
    for told in (
        f"gallery/12_training.py, line {first.line}: AssertionError: not so",
        "lesson/06_functional: its process ended with status 3",
        "exercises/mistakes/init: KeyError: 'code'",
        "08_sequential.toml, question 1: let one `when` match",
    ):
        assert told in first.built.said
    assert b"Those of all five, 0 to 4." in first.pages["lesson/08_sequential.html"]
    assert len(first.built.steps) == len(STEPS) - 2


def test_where_mnist_cannot_be_had_a_build_says_so_once(first: First) -> None:
    missing = data.root() == data.EMBEDDED
    assert first.built.said.count("MNIST could not be had") == missing
    assert len(first.asked) == missing
    assert ("put MNIST's four .gz files into ~/.pytorch" in first.built.said) == missing


def test_what_is_mended_makes_the_same_bytes_as_a_build_elsewhere(
    first: First, pages: dict[str, bytes], mirror: Server
) -> None:
    assert len(mirror.asked) == 2 * len(first.asked), "once a build that executes something"
    names = {p.relative_to(SITE).as_posix() for p in SITE.rglob("*") if p.is_file()}
    here = {n: (SITE / n).read_bytes() for n in names if not Path(n).name.startswith(".")}
    assert pages.keys() == here.keys()
    assert [name for name in pages if pages[name] != here[name]] == []
    assert {name for name in pages if name.endswith(".html")} <= first.pages.keys()
    for page in ("lesson/05_module.html", "exercises/mlp.html"):
        assert first.pages[page] == pages[page]


def test_no_page_tells_where_it_was_built(copy: Copy, pages: dict[str, bytes]) -> None:
    home = Path(copy.environment["HOME"])
    for place in map(os.fsencode, (copy.folder, home, Path.home(), data.EMBEDDED)):
        assert [name for name, content in pages.items() if place in content] == []
    for name, content in pages.items():
        assert b"MNIST could not be had" not in content, name
        assert not re.search(rb"^.*\.py:\d+: \w*Warning: ", content, re.MULTILINE), name


def test_nothing_changed_and_nothing_is_done(
    copy: Copy, pages: dict[str, bytes], mirror: Server
) -> None:
    asked = len(mirror.asked)
    built = copy.build("support.watched")
    assert (built.status, built.executed) == (0, set())
    assert observed(built.said) == {"replaced": [], "imported": []}
    assert len(mirror.asked) == asked
    assert "MNIST could not be had" not in built.said
    assert "0 added, 0 changed, 0 removed" in built.said
    assert differing(copy, pages) == []


def test_what_changed_is_executed_alone(copy: Copy, pages: dict[str, bytes]) -> None:
    """A step, a part drawn from other steps, and a check; not what a page or a question says.

    The next test builds what is changed back.
    """
    pad = "docs/_ext/lesson_site/interactive/digit_pad/compute_digit_pad.py"
    changes = {
        "gallery/05_module.py": ("plt.show()", "print('quite new')\nplt.show()"),
        pad: ('layers["hidden1"].argmax()', 'layers["hidden1"].argmin()'),
        "mnistlesson/check/_flatten.py": ('"""', '# changed\n"""'),
        "docs/questions.md": ("in a few sentences", "in a few new sentences"),
        "docs/practice/predict/06_functional.toml": ('"Nothing."', '"Nothing new."'),
    }
    for name, (old, new) in changes.items():
        copy.change(name, old, new)
    built = copy.build()
    for name, (old, new) in changes.items():
        copy.change(name, new, old)
    of_flatten = {"exercises/flatten", "exercises/mistakes/flatten", "gaps/flatten", "wheel"}
    assert built.status == 0, built.said
    assert built.executed == {"lesson/05_module", "digit-pad", *of_flatten}
    differ = [name for name in differing(copy, pages) if name.endswith((".html", ".ipynb"))]
    assert {Path(name).stem for name in differ} == {
        *("05_module", "06_functional", "draw", "questions")
    }
    now = copy.pages()
    assert b"quite new" in now["lesson/05_module.html"]
    assert b"Nothing new." in now["lesson/06_functional.html"]
    assert b"in a few new sentences" in now["questions.html"]


@pytest.mark.usefixtures("in_background")
def test_after_interruptions_the_next_build_is_right(copy: Copy, pages: dict[str, bytes]) -> None:
    """While it reads and while it writes.

    The site of ``test_small_site`` is interrupted while a step is executed.
    """
    changes = {
        "gallery/05_module.py": ("plt.show()", "print('quite new')\nplt.show()"),
        "gallery/06_functional.py": ("plt.show()", "print('new, too')\nplt.show()"),
        "docs/index.md": ("# ", "# Changed: "),
        "LICENSE": ("MIT", "Changed: MIT"),  # it is in the package, and nothing imports it
    }
    for name, (old, new) in changes.items():
        copy.change(name, old, new)
    for until in ("reading sources", "writing output"):
        with copy.start() as process:
            assert process.stdout is not None
            for printed in process.stdout:
                if until in printed:
                    break
            interrupt(process)
        assert process.returncode != 0, until
    assert copy.build().status == 0
    now = copy.pages()
    assert b"quite new" in now["lesson/05_module.html"]
    assert b"<h1>Changed: " in now["index.html"]
    assert now["lesson.zip"] != pages["lesson.zip"], "it has the package"
    for name, (old, new) in changes.items():
        copy.change(name, new, old)
    assert copy.build().status == 0
    assert differing(copy, pages) == []


@pytest.fixture
def address(copy: Copy, in_background: None) -> Iterator[str]:  # noqa: ARG001 - it is ended, too
    """Start ``make serve`` in the copy, and return the address of its site."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    # In the environment of the tests, which is there already.
    command = ["make", "-o", f"{sys.prefix}/.docs", "serve", f"VENV={sys.prefix}", f"PORT={port}"]
    process = start(
        command,
        cwd=copy.folder,
        env=copy.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    yield f"http://127.0.0.1:{port}/"
    interrupt(process)


def served(address: str, text: str) -> str:
    """Return a page once it is served with a text, which the guard of each test limits."""
    not_yet = contextlib.suppress(OSError, http.client.IncompleteRead)  # it is being written
    while True:
        with not_yet, urllib.request.urlopen(address) as answer:  # noqa: S310 - our own
            page = str(answer.read(), "utf-8")
            if text in page:
                return page
        time.sleep(0.1)


def test_a_page_is_served_anew_when_its_source_has_changed(copy: Copy, address: str) -> None:
    page = served(f"{address}install.html", "<title>")
    assert "new WebSocket" in page, "it reloads itself"
    copy.change("docs/install.md", "# ", "# Changed: ")
    served(f"{address}install.html", "<title>Changed: ")
    copy.change("gallery/05_module.py", "plt.show()", "print('quite new')\nplt.show()")
    served(f"{address}lesson/05_module.html", "quite new")
    copy.change("docs/install.md", "# Changed: ", "# ")
    copy.change("gallery/05_module.py", "print('quite new')\nplt.show()", "plt.show()")
