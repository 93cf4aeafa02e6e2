"""The notebooks that the site offers: what is in them besides the text and code of a page."""

import ast
import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx.application import Sphinx
from sphinx.config import Config

from lesson_site.html import site_urls
from lesson_site.templates import render

# Installed already, it stays as it is, even where it is another version: it may be a checkout.
_FIRST = """\
# Install the lesson's package, unless it is installed.
from importlib.util import find_spec
from pathlib import Path

wheel = "{wheel}"  # beside this notebook{or_at}
if find_spec("mnistlesson") is None:
    {choice}%pip install --quiet {{wheel}}"""


def first_cell(wheel: str, places: Sequence[str]) -> str:
    """Return the code that installs a wheel: beside the notebook, or else at the first place."""
    or_at, choice = "", ""
    if places:
        or_at = ", or at the lesson's address"
        choice = f'if not Path(wheel).exists():\n        wheel = "{places[0]}" + wheel\n    '
    code = _FIRST.format(wheel=wheel, or_at=or_at, choice=choice)
    return code if places else code.replace("from pathlib import Path\n", "")


def exercise(source: str, name: str, answer: str, first: str) -> nbformat.NotebookNode:
    """Make the notebook of an exercise from the text of ``exercises.py``, and cells that check it.

    ``answer`` names the function or class that answers it, ``first`` is the code of the first cell.
    """
    tree = ast.parse(source)
    imports = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
    stub = next(
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == answer
    )
    lines = [ast.unparse(node) for node in imports] + ["from mnistlesson import check"]
    cells = [
        new_code_cell(first),
        new_markdown_cell(f"# Exercise: {name}\n\n{ast.get_docstring(stub)}"),
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


# What a text is marked with that is the site's: it is made anew in each build.
_ADDED = {"tags": ["added-by-the-site"]}


def step(text: str, questions: Sequence[Mapping[str, Any]], **end: object) -> str:
    """Return the text of a step's notebook with its questions, and ``end.md`` at its end."""
    notebook = json.loads(text)
    cells = notebook["cells"] = [c for c in notebook["cells"] if c["metadata"] != _ADDED]

    def add(index: int, template: str, context: Mapping[str, Any]) -> None:
        said = render(f"practice/{template}", **context).strip()
        if said:
            cells.insert(index, {"cell_type": "markdown", "metadata": _ADDED, "source": [said]})

    for entry in questions:
        code = ["".join(c["source"]) if c["cell_type"] == "code" else "" for c in cells]
        # One, or the page of the step has told of it.
        for at in [n for n, source in enumerate(code) if entry["at"] in source]:
            add(at, "question.md", {"unit": "", **entry})
    add(len(cells), "end.md", end)
    return f"{json.dumps(notebook, indent=2)}\n"


def _set_first_cell(app: Sphinx, config: Config) -> None:
    """Let sphinx-gallery begin each notebook of a step with the cell that installs the package."""
    project = (Path(app.confdir) / "pyproject.toml").read_text(encoding="utf-8")
    wheel = f"mnistlesson-{tomllib.loads(project)['project']['version']}-py3-none-any.whl"
    code = first_cell(wheel, site_urls.places(config))
    config.sphinx_gallery_conf["first_notebook_cell"] = code


def setup(app: Sphinx) -> None:
    """Set it once the addresses are checked, and before sphinx-gallery reads its configuration."""
    app.connect("config-inited", _set_first_cell, priority=5)
