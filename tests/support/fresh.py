"""A fresh environment: what the lesson needs is installed, the lesson's own package is not."""

import os
import subprocess
import sysconfig
import venv
from pathlib import Path

import nbformat
import pytest

LIMIT_SECONDS = 300

_EXECUTE = """
import sys
import nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=300, resources={"metadata": {"path": "."}}).execute()
nbformat.write(notebook, sys.argv[2])
"""


class Fresh:
    """A virtual environment, offline, in a home of its own in which no digits lie.

    Every package of the tests' own environment is linked into it, but for one.
    """

    def __init__(self, folder: Path, closed: str) -> None:
        self._folder = folder
        self.home = folder / "home"
        self.home.mkdir(parents=True)
        venv.create(folder / "venv", symlinks=True)
        self.python = folder / "venv" / "bin" / "python"
        self.packages = next((folder / "venv").glob("lib/python*/site-packages"))
        for place in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
            for entry in Path(place).iterdir():
                link = self.packages / entry.name
                if "mnistlesson" not in entry.name and not link.exists():
                    link.symlink_to(entry)
        ours = ("MNISTLESSON_", "PIP_", "PYTHON", "MPL")
        self._environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(ours)},
            "HOME": str(self.home),
            "http_proxy": closed,
            "https_proxy": closed,
            "no_proxy": "127.0.0.1",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PYTHONDONTWRITEBYTECODE": "1",  # the linked packages are not ours to write into
            "OMP_NUM_THREADS": "1",
        }

    def run(self, *arguments: object, cwd: Path, **environment: str) -> str:
        """Run its Python, and return what that prints; it has to succeed."""
        result = subprocess.run(
            [self.python, *map(str, arguments)],
            cwd=cwd,
            env=self._environment | environment,
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        return result.stdout

    def execute(self, notebook: nbformat.NotebookNode | Path, cwd: Path) -> nbformat.NotebookNode:
        """Execute a notebook in a folder, and return it with its outputs."""
        if isinstance(notebook, nbformat.NotebookNode):
            nbformat.write(notebook, self._folder / "given.ipynb")
            notebook = self._folder / "given.ipynb"
        executed = self._folder / "executed.ipynb"
        self.run("-c", _EXECUTE, notebook, executed, cwd=cwd)
        result: nbformat.NotebookNode = nbformat.read(executed, as_version=4)
        return result


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory, closed: str) -> Fresh:
    """Return a fresh environment."""
    return Fresh(tmp_path_factory.mktemp("fresh"), closed)


@pytest.fixture(scope="module")
def fresh_once(tmp_path_factory: pytest.TempPathFactory, closed: str) -> Fresh:
    """Return an environment that is fresh for the first test of a module; the others share it."""
    return Fresh(tmp_path_factory.mktemp("fresh"), closed)
