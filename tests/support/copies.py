"""Copies of the project in other folders, to build and to change."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from support.programs import start
from support.site import ROOT, STEPS

_LEFT_OUT = re.compile(r"(build|dist|docs/downloads|docs/lesson|\.[^/]+|.*__pycache__.*)(/.*)?")
OPTIONS = "-c . -d build/doctrees -j auto -W -n --keep-going docs build/html"


class Built(NamedTuple):
    """What a build did."""

    status: int
    said: str
    """All that it printed."""

    @property
    def executed(self) -> set[str]:
        """The names of the tasks that it executed."""
        return set(re.findall(r"^executed (\S+) in", self.said, re.MULTILINE))

    @property
    def steps(self) -> set[str]:
        """The numbers of the steps that it executed."""
        return {name[7:9] for name in self.executed if name.startswith("lesson/")}


def importing(module: str) -> set[str]:
    """Return the numbers of the steps that import a module, by their source."""
    steps = set()
    for step in STEPS:
        for node in ast.walk(ast.parse(step.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                names = {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
                if module in names:
                    steps.add(step.name[:2])
    return steps


class Copy:
    """The files that are under version control, or would be, in a folder of their own."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.site = folder / "build" / "html"
        self.environment = os.environ | environment
        digits = Path(self.environment.get("MNISTLESSON_DATA", "")).absolute()
        if digits.is_relative_to(ROOT / "mnistlesson"):  # those that the copy has, too
            inside = folder / digits.relative_to(ROOT)
            self.environment["MNISTLESSON_DATA"] = str(inside)
        for path in ROOT.rglob("*"):
            name = path.relative_to(ROOT).as_posix()
            if path.is_file() and not _LEFT_OUT.fullmatch(name):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(path.read_bytes())

    def clean(self) -> None:
        """Remove all that a build has made."""
        for name in ("build", "docs/downloads", "docs/lesson"):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def start(self, module: str = "sphinx") -> subprocess.Popen[str]:
        """Start a build by a module that takes Sphinx's options, in a process group of its own."""
        places = [str(ROOT / "tests"), self.environment.get("PYTHONPATH", "")]
        return start(
            [sys.executable, "-m", module, *OPTIONS.split()],
            cwd=self.folder,
            env=self.environment | {"PYTHONPATH": os.pathsep.join(filter(None, places))},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def build(self, module: str = "sphinx") -> Built:
        """Build, as ``make html`` does."""
        process = self.start(module)
        said, _ = process.communicate()
        return Built(process.returncode, said)

    def change(self, name: str, old: str, new: str) -> None:
        """Replace the first such text in a file."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def pages(self) -> dict[str, bytes]:
        """Return what would be published: all files of the site, but for hidden ones."""
        return {
            path.relative_to(self.site).as_posix(): path.read_bytes()
            for path in self.site.rglob("*")
            if path.is_file() and not path.name.startswith(".")
        }
