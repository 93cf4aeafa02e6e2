"""The notebooks that the site offers: what is in them besides the text and code of a page."""

import ast
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx.application import Sphinx
from sphinx.config import Config

from lesson_site.html import site_urls
from lesson_site.templates import render


def first_cell(wheel: str, places: Sequence[str]) -> str:
    """Return the code that installs a wheel: beside the notebook, or else at the first place."""
    return render("downloads/first_cell.py.txt", wheel=wheel, place=places[0] if places else "")


def exercises(source: str, first: str) -> Iterator[tuple[str, nbformat.NotebookNode]]:
    """Make a notebook of each function or class in the text of ``exercises.py``, which checks it.

    ``first`` is the code of the first cell. The name of an exercise is its answer's, in lower case.
    """
    tree = ast.parse(source)
    imports = [ast.unparse(n) for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
    for stub in tree.body:
        if isinstance(stub, ast.FunctionDef | ast.ClassDef):
            name = stub.name.lower()
            cells = [
                new_code_cell(first),
                new_markdown_cell(f"# Exercise: {name}\n\n{ast.get_docstring(stub)}"),
                new_code_cell("\n".join([*imports, "from mnistlesson import check"])),
                new_code_cell(ast.get_source_segment(source, stub)),
                new_code_cell(f'verdict = check.judge("{name}", {stub.name})\nverdict'),
                new_markdown_cell("For a hint, run the next cell; for another, run it again."),
                new_code_cell("print(verdict.hint())"),
            ]
            for number, cell in enumerate(cells):
                cell["id"] = f"{name}-{number}"  # nbformat's own are random
            kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
            yield name, new_notebook(cells=cells, metadata={"kernelspec": kernel})


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
