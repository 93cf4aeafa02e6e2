"""Where MNIST cannot be had, a build says so once, and makes the site of the embedded digits."""

import functools
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from mnistlesson import _digits, _files

from lesson_site import digits
from support.programs import Python
from support.server import Dataset, Server

Serve = Callable[[Path, str], Server]
SAID = "MNIST could not be had"


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
