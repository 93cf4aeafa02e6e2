"""The notebooks that the site offers: what is in them besides the text and code of a page."""

import ast
import json
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import archives

INSTALL = "install"
"""The tag of the first cell, which installs the package."""

# Installed already, it stays as it is, even where it is another version: it may be a checkout.
_FIRST = """\
# Install the lesson's package, unless it is installed.
from importlib.util import find_spec
from pathlib import Path

wheel = "{wheel}"  # beside this notebook{or_at}
if find_spec("mnistlesson") is None:
    {choice}%pip install --quiet {{wheel}}"""


def first_cell(wheel: str, places: Sequence[str]) -> str:
    """Return the code that installs the wheel which lies beside the notebook, or else at a place.

    Args:
        wheel: The wheel's file name.
        places: Addresses of folders that hold it; the first one is used. There may be none.
    """
    or_at, choice = "", ""
    if places:
        or_at = ", or at the lesson's address"
        choice = f'if not Path(wheel).exists():\n        wheel = "{places[0]}" + wheel\n    '
    code = _FIRST.format(wheel=wheel, or_at=or_at, choice=choice)
    return code if places else code.replace("from pathlib import Path\n", "")


def with_first_cell(path: Path, code: str) -> None:
    """Put a first cell into the notebook of a step, in place of the one that it may have.

    sphinx-gallery writes a notebook where its script has changed; an address changes without it.
    """
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {"tags": [INSTALL]},
        "outputs": [],
        "source": [code],
    }
    others = [c for c in notebook["cells"] if INSTALL not in c["metadata"].get("tags", [])]
    notebook["cells"] = [cell, *others]
    archives.keep(path, (json.dumps(notebook, indent=1) + "\n").encode())


def exercise(source: str, name: str, answer: str, first: str) -> nbformat.NotebookNode:
    """Make the notebook of an exercise: what ``exercises.py`` holds of it, and cells that check it.

    Args:
        source: The text of ``exercises.py``.
        name: The exercise.
        answer: The name of the function or class that answers it.
        first: The code of the first cell.
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
        new_code_cell(first, metadata={"tags": [INSTALL]}),
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
