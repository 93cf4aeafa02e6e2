"""``python -m mnistlesson`` says what a report of a problem must say."""

import platform
from importlib import metadata
from pathlib import Path

import pytest
import torch
from mnistlesson import _torchvision, data

from support.programs import Python

NAMES = [
    *("mnistlesson", "python", "torch", "torchvision", "numpy", "matplotlib"),
    *("operators", "device", "digits", "folder"),
]


@pytest.mark.slow
@pytest.mark.digits
def test_it_says_what_is_installed(python: Python) -> None:
    done = python.run("-m", "mnistlesson", MNISTLESSON_DATA=str(data.root()))
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert {line[12] for line in lines} == {" "}, "aligned"
    said = {line[:12].strip(): line[13:] for line in lines}
    assert list(said) == NAMES
    installed = {each.name for each in metadata.distributions()}
    here = metadata.version("mnistlesson") if "mnistlesson" in installed else "not installed"
    assert said["mnistlesson"] == here
    assert said["python"].startswith(f"{platform.python_version()} on ")
    for package in ("torch", "torchvision", "numpy", "matplotlib"):
        assert said[package] == metadata.version(package)
    assert ("declared here" in said["operators"]) == _torchvision.DECLARED
    assert said["device"].split(",")[0] in {"cpu", "cuda", "mps"}
    assert torch.cuda.is_available() == said["device"].startswith("cuda")
    assert said["digits"] == str(data.in_use())
    assert said["folder"] == str(data.root())


def test_where_no_digits_are_it_says_the_rest_and_fails(tmp_path: Path, python: Python) -> None:
    done = python.run("-m", "mnistlesson", MNISTLESSON_DATA=str(tmp_path / "nothing"))
    assert done.returncode == 1
    assert [line.split()[0] for line in done.stdout.splitlines()] == NAMES[:-2]
    (message,) = done.stderr.splitlines()
    assert message.startswith(f"MNISTLESSON_DATA names {tmp_path / 'nothing'}")


@pytest.mark.slow
def test_where_mnist_cannot_be_had_it_says_why_and_what_to_do(python: Python, closed: str) -> None:
    done = python.run("-m", "mnistlesson", MNISTLESSON_MIRROR=closed)
    assert done.returncode == 0
    *known, why, remedy = done.stdout.splitlines()
    assert [line.split()[0] for line in known] == NAMES
    assert why.startswith(f"no MNIST     {closed}: ")
    assert remedy == f"To use these digits unasked, set MNISTLESSON_DATA={data.EMBEDDED}"
    assert "put MNIST's four .gz files into" in done.stderr


def test_where_torch_cannot_be_imported_the_versions_are_there(
    tmp_path: Path, python: Python
) -> None:
    (tmp_path / "torch.py").write_text("raise ImportError('broken')")
    done = python.run("-m", "mnistlesson", path=[tmp_path])
    assert done.returncode == 1
    assert [line.split()[0] for line in done.stdout.splitlines()] == NAMES[:6]
    assert done.stderr.splitlines()[-1] == "ImportError: broken"


def test_an_argument_that_it_does_not_know_is_an_error(python: Python) -> None:
    done = python.run("-m", "mnistlesson", "chekc")
    assert (done.returncode, done.stdout) == (2, "")
    assert "invalid choice: 'chekc'" in done.stderr
