"""The pages that are notebooks: their cells as a run, and MyST-NB shown what came of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from myst_nb import sphinx_
from myst_nb.core.execute import NotebookClientBase
from myst_nb.core.read import is_myst_markdown_notebook
from nbformat import NotebookNode, from_dict
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.matching import get_matching_files

from running.fences import CELL
from running.runs import Records, Run

LANGUAGE = {"name": "python", "pygments_lexer": "ipython3"}
"""What a kernel would say of the language of its cells."""


def runs(app: Sphinx) -> Iterator[Run]:
    """Find the pages with cells to execute. Text between the cells decides nothing."""
    for name in sorted(get_matching_files(app.srcdir, ["**.md"], app.config.exclude_patterns)):
        path = Path(app.srcdir, name)
        text = path.read_text(encoding="utf-8")
        if is_myst_markdown_notebook(text):
            page = name.removesuffix(".md")
            cells = "\n".join(match[0] for match in CELL.finditer(text))
            shown = f"{Path(app.srcdir).name}/{name}"
            yield Run(page, page, "running.cells:execute", (str(path), text, shown), cells)


class Executed(NotebookClientBase):  # type: ignore[misc] # it has no types
    """What MyST-NB asks for outputs: gives those of the page's run, and executes nothing."""

    records: ClassVar[Records]
    pages: ClassVar[Path]

    def start_client(self) -> None:
        """Fill in the outputs. Of a page whose run has failed there are none.

        Raises:
            ExtensionError: The cells are not those that were executed.
        """
        self.notebook.metadata["language_info"] = LANGUAGE
        record = self.records.find(self.path.relative_to(self.pages).with_suffix("").as_posix())
        if record is None:
            return
        cells = [cell for cell in self.notebook.cells if cell.cell_type == "code"]
        if [cell.source for cell in cells] != [source for source, _ in record.result]:
            raise ExtensionError(f"{self.path}: its cells are not those that were executed")
        for cell, (_, outputs) in zip(cells, record.result, strict=True):
            cell.outputs = from_dict({"cells": [], "nbformat": 4, "outputs": outputs}).outputs


def show(app: Sphinx, records: Records) -> None:
    """Let MyST-NB take the outputs from the records."""
    Executed.records, Executed.pages = records, Path(app.srcdir)

    def client(notebook: NotebookNode, source: str, *arguments: object, **_: object) -> Executed:
        return Executed(notebook, Path(source), *arguments[:2])

    sphinx_.create_client = client
