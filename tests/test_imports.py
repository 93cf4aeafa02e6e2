"""Who may import whom."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.site import ROOT, STEPS

PACKAGE = ROOT / "mnistlesson"
LIBRARIES = {"matplotlib", "numpy", "torch", "torchvision"}


def imported(source: Path) -> set[str]:
    """Return the full names of what a file imports; of a relative import, nothing but a failure."""
    names = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None
            assert node.level == 0
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def foreign(names: set[str]) -> set[str]:
    """Return the top-level names that do not belong to Python itself."""
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names


@pytest.mark.parametrize("source", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.stem)
def test_the_package_stands_on_four_libraries(source: Path) -> None:
    assert foreign(imported(source)) <= LIBRARIES | {"mnistlesson"}


@pytest.mark.parametrize("source", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.stem)
def test_leaves_do_not_import_one_another(source: Path) -> None:
    leaf = source.relative_to(PACKAGE).parts[0].removesuffix(".py")
    inside = {n.split(".")[1] for n in imported(source) if n.startswith("mnistlesson.")}
    others = {name for name in inside if name != leaf and not name.startswith("_")}
    # The command reports what the others know, and an exercise asks for a network of the lesson.
    assert not others or leaf == "__main__" or (leaf, others) == ("check", {"models"})


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.stem)
def test_a_step_needs_nothing_but_the_package(step: Path) -> None:
    names = imported(step)
    assert foreign(names) <= {"matplotlib", "torch", "torchvision", "mnistlesson"}
    assert not [name for name in names if name.startswith("mnistlesson._")]


def loaded(module: str) -> set[str]:
    """Return the top-level names of all that Python has loaded when it has imported a module."""
    result = subprocess.run(
        [sys.executable, "-c", f"import sys, {module}; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": "docs/_ext"},
    )
    return {name.partition(".")[0] for name in result.stdout.split()}


def test_importing_the_package_imports_nothing_else() -> None:
    names = loaded("mnistlesson")
    assert "mnistlesson" in names
    assert not names & LIBRARIES


def test_the_process_of_a_page_imports_no_database() -> None:
    """jupyter-cache's takes longer to import than the cells of most pages to execute."""
    names = loaded("lesson_site.execution.compute_cells")
    assert "IPython" in names
    assert "sqlalchemy" not in names
