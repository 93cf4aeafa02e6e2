"""What the exercises offer for download: the package as a wheel, and a notebook for each.

They are made in ``docs/downloads/``, from the package and from ``exercises.py``. A notebook holds
what the file holds of one exercise, and a cell that checks it.
"""

import ast
import subprocess
import sys
from pathlib import Path

import nbformat
from mnistlesson.check import EXERCISES
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


def _wheel(root: Path, folder: Path) -> Path:
    """Build the package's wheel, without a network."""
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--no-index")
    subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", folder, root], check=True
    )
    return next(folder.glob("mnistlesson-*.whl"))


def _notebook(source: str, name: str, answer: str, wheel: str) -> nbformat.NotebookNode:
    tree = ast.parse(source)
    imports = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
    stub = next(
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == answer
    )
    lines = [ast.unparse(node) for node in imports] + ["from mnistlesson import check"]
    cells = [
        new_markdown_cell(f"# Exercise: {name}\n\n{ast.get_docstring(stub)}"),
        new_code_cell(f"%pip install --quiet {wheel}"),
        new_code_cell("\n".join(lines)),
        new_code_cell(ast.get_source_segment(source, stub)),
        new_code_cell(f'verdict = check.judge("{name}", {answer})\nverdict'),
        new_markdown_cell("For a hint, run the next cell; for another hint, run it again."),
        new_code_cell("print(verdict.hint())"),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"{name}-{number}"  # nbformat's own are random
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook: nbformat.NotebookNode = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    return notebook


def _make(app: Sphinx) -> None:
    docs = Path(app.srcdir)
    folder = docs / "downloads"
    folder.mkdir(exist_ok=True)
    wheel = _wheel(docs.parent, folder).name
    # A notebook finds the wheel in the folder in which both lie.
    place = f"./{wheel}"
    source = (docs / "exercises" / "exercises.py").read_text(encoding="utf-8")
    for name, answer in EXERCISES.items():
        nbformat.write(_notebook(source, name, answer, place), folder / f"{name}.ipynb")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Make them before the pages are read, which link to them."""
    app.connect("builder-inited", _make)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
