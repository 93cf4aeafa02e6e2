"""Execute the cells of a notebook as Jupyter does, in this process.

A kernel for each page would cost a second or more: a process, five sockets, and PyTorch imported
once more. Here IPython itself executes the cells, and what it shows is noted in the notebook's own
format.
"""

import base64
import contextlib
import io
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader
from myst_parser.config.main import MdParserConfig
from nbformat.v4 import new_output
from traitlets import Type
from traitlets.config import Config

from running.runs import FailedError


class Cell(NamedTuple):
    """A cell to execute."""

    source: str
    line: int
    """Where it starts in the page."""
    may_fail: bool
    """Whether an error is what the page wants to show."""


def _in_text(data: Mapping[str, Any]) -> dict[str, Any]:
    """Encode images, which a notebook holds as text."""
    return {
        kind: base64.b64encode(content).decode() if isinstance(content, bytes) else content
        for kind, content in data.items()
    }


class _Result(DisplayHook):
    """Notes the value of a cell's last expression."""

    shell: "_Shell"

    def write_output_prompt(self) -> None:
        """Write none."""

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        count = self.prompt_count
        self.shell.note("execute_result", _in_text(format_dict), md_dict, execution_count=count)

    def finish_displayhook(self) -> None:
        """Write nothing after it."""


class _Display(DisplayPublisher):
    """Notes what ``display`` is given, figures too."""

    shell: "_Shell"

    def publish(
        self,
        data: Mapping[str, Any],
        metadata: dict[str, Any] | None = None,
        *_: object,
        **__: object,
    ) -> None:
        self.shell.note("display_data", _in_text(data), metadata)


class _Stream(io.TextIOBase):
    def __init__(self, name: str, outputs: list[dict[str, Any]]) -> None:
        self._name, self._outputs = name, outputs

    def write(self, text: str) -> int:
        last = self._outputs[-1] if self._outputs else {}
        if last.get("name") == self._name:
            last["text"] += text
        elif text:
            self._outputs.append(new_output("stream", name=self._name, text=text))
        return len(text)


class _Shell(InteractiveShell):
    displayhook_class = Type(_Result)
    display_pub_class = Type(_Display)
    outputs: list[dict[str, Any]]

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: figures stay in the page."""

    def note(
        self,
        kind: str,
        data: Mapping[str, Any],
        metadata: dict[str, Any] | None,
        **more: object,
    ) -> None:
        """Add an output to those of the cell."""
        self.outputs.append(new_output(kind, data, metadata=metadata or {}, **more))

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        said = {"ename": etype.__name__, "evalue": str(evalue), "traceback": stb}
        self.outputs.append(new_output("error", **said))


@contextlib.contextmanager
def _in_folder(folder: str) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _cells(path: str, text: str) -> list[Cell]:
    reader = create_nb_reader(path, MdParserConfig(), NbParserConfig(), text)
    notebook = reader.read(text)
    return [
        Cell(cell.source, line + 1, "raises-exception" in cell.metadata.get("tags", []))
        for cell, line in zip(notebook.cells, notebook.metadata["source_map"], strict=True)
        if cell.cell_type == "code"
    ]


def execute(path: str, text: str, name: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """Execute the cells of a page, one after another, in the page's folder.

    Args:
        path: Where the page lies.
        text: What is in it. It is not read here: only the cells decide what is shown.
        name: What it is called where a cell fails.

    Returns:
        For each cell its source and its outputs, as nbformat has them.

    Raises:
        FailedError: A cell raises an error, and may not. Says where and which.
    """
    cells = _cells(path, text)
    with TemporaryDirectory() as home, _in_folder(str(Path(path).parent)):
        nothing_kept = Config({"HistoryManager": {"enabled": False}})
        shell = _Shell.instance(config=nothing_kept, ipython_dir=home)
        shell.enable_matplotlib("inline")
        return [(cell.source, _run(shell, name, cell)) for cell in cells]


def _run(shell: _Shell, page: str, cell: Cell) -> list[dict[str, Any]]:
    shell.outputs = []
    with (
        contextlib.redirect_stdout(_Stream("stdout", shell.outputs)),
        contextlib.redirect_stderr(_Stream("stderr", shell.outputs)),
    ):
        result = shell.run_cell(cell.source, store_history=True)
    if not result.success and not cell.may_fail:
        error = result.error_in_exec or result.error_before_exec
        raise FailedError(f"{page}, the cell in line {cell.line}: {type(error).__name__}: {error}")
    return shell.outputs
