"""Where MNIST cannot be had, a build says so once, and makes the site of the embedded digits."""

import functools
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from mnistlesson import _digits, _files, data

from lesson_site import digits
from support.copies import Copy
from support.programs import Python
from support.server import Dataset, Server
from support.site import SITE

Serve = Callable[[Path, str], Server]
SAID = "MNIST could not be had"


@pytest.mark.slow
def test_a_build_without_a_network(tmp_path: Path, serve: Serve, python: Python) -> None:
    mirror = serve(tmp_path, "missing")
    environment = {**python.environment, "MNISTLESSON_DATA": "", "MNISTLESSON_MIRROR": mirror.url}
    copy = Copy(tmp_path / "copy", **environment)
    first = copy.build()
    assert first.status == 0, first.said
    assert first.said.count(SAID) == 1
    assert "put MNIST's four .gz files into ~/.pytorch/MNIST_data/MNIST/raw" in first.said
    assert len(mirror.asked) == 1

    pages = copy.pages()
    for place in map(os.fsencode, (copy.folder, python.home, Path.home(), data.EMBEDDED)):
        assert [name for name, content in pages.items() if place in content] == []
    for name, content in pages.items():
        assert SAID.encode() not in content, name
        assert not re.search(rb"^.*\.py:\d+: \w*Warning: ", content, re.MULTILINE), name
    if data.root() == data.EMBEDDED:
        assert pages == {name: (SITE / name).read_bytes() for name in pages}

    again = copy.build()
    assert (again.status, again.executed) == (0, set())
    assert SAID not in again.said
    assert len(mirror.asked) == 1, "not asked where nothing has to be executed"

    copy.change("gallery/01_digits.py", "MNIST is a set", "MNIST is one set")
    changed = copy.build()
    assert (changed.status, changed.steps) == (0, {"01"})
    assert len(mirror.asked) == 2


@pytest.fixture
def small_at_home(tmp_path: Path, small: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the small data set stand in for MNIST, and lie where MNIST is downloaded to."""
    for module in (_digits, digits):
        complete = functools.partial(_files.complete, files=small.files)
        monkeypatch.setattr(module, "complete", complete)
    monkeypatch.setenv("HOME", str(tmp_path))
    raw = tmp_path / ".pytorch" / "MNIST_data" / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for file in small.files:
        (raw / file.packed).write_bytes((small.packed / file.packed).read_bytes())


@pytest.mark.usefixtures("small_at_home")
@pytest.mark.parametrize("stale", [True, False])
def test_what_was_put_into_the_home_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, stale: bool
) -> None:
    monkeypatch.delenv("MNISTLESSON_DATA")
    monkeypatch.setenv("MNISTLESSON_MIRROR", f"none, for {tmp_path}")  # nothing that is cached
    (tmp_path / "no-mnist").touch()
    digits.settle(tmp_path, stale=stale)
    assert Path(os.environ["MNISTLESSON_DATA"]) == tmp_path / ".pytorch" / "MNIST_data"


@pytest.mark.parametrize(
    "step", ["01_digits.py", pytest.param("02_flatten.py", marks=pytest.mark.slow)]
)
def test_a_script_says_it_once_in_two_lines(python: Python, step: str) -> None:
    script = Path(__file__).parents[1] / "gallery" / step
    done = python.run(script, MPLBACKEND="agg")
    assert done.returncode == 0, done.stderr
    said, remedy = done.stderr.splitlines()
    assert said.startswith(SAID)
    assert remedy.endswith("~/.pytorch/MNIST_data/MNIST/raw")
    assert "sample of MNIST" in done.stdout
