"""Execute the cells of a notebook with IPython, in this process, and record what they show.

A kernel for each page would cost seconds: a process, five sockets, PyTorch imported once more.
"""

import base64
import contextlib
import io
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode
from nbformat.v4 import new_output
from traitlets import Type
from traitlets.config import Config

from lesson_site.execution.notebooks import read
from lesson_site.execution.task import TaskError
from lesson_site.figures.compute_formatter import FigureFormatter


class _Result(DisplayHook):
    """Records the value of a cell's last expression."""

    shell: "_Shell"

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:  # noqa: ANN401 - as IPython has it
        self.shell.add("execute_result", format_dict, md_dict, execution_count=self.prompt_count)

    def finish_displayhook(self) -> None:
        pass


class _Display(DisplayPublisher):
    """Records what ``display`` is given, figures too."""

    def publish(self, data: Mapping[str, Any], metadata: Any = None, *_: Any, **__: Any) -> None:  # noqa: ANN401
        self.shell.add("display_data", data, metadata)


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
    figures: FigureFormatter
    outputs: list[dict[str, Any]]

    def enable_gui(self, gui: str | None = None) -> None:
        pass  # figures stay in the page

    def add(self, kind: str, data: Mapping[str, Any], metadata: Any, **more: object) -> None:  # noqa: ANN401
        # A notebook holds images as text.
        text = {
            mime: base64.b64encode(content).decode() if isinstance(content, bytes) else content
            for mime, content in data.items()
        }
        self.outputs.append(new_output(kind, text, metadata=metadata or {}, **more))

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        name, value = etype.__name__, str(evalue)
        self.outputs.append(new_output("error", ename=name, evalue=value, traceback=stb))


def execute(path: str, text: str, name: str) -> NotebookNode:
    """Execute the cells of a page, in its folder, and return it as a notebook with outputs.

    The file is not read here, or any change of its text would make the outputs stale.

    Raises:
        TaskError: A cell raises an error, and may not. Says where, by the given name. Its result is
            the notebook with the outputs until then.
    """
    notebook = read(path, text)
    with TemporaryDirectory() as home, contextlib.chdir(Path(path).parent):
        no_history = Config({"HistoryManager": {"enabled": False}})
        shell = _Shell.instance(config=no_history, ipython_dir=home)
        shell.display_formatter = shell.figures = FigureFormatter(parent=shell)
        shell.enable_matplotlib("inline")
        for cell, line in zip(notebook.cells, notebook.metadata["source_map"], strict=True):
            if cell.cell_type != "code":
                continue
            error = _run(shell, cell)
            if error and "raises-exception" not in cell.metadata.get("tags", []):
                where = f"{name}, the cell in line {line + 1}"
                raise TaskError(f"{where}: {type(error).__name__}: {error}", notebook)
    return notebook


def _run(shell: _Shell, cell: NotebookNode) -> BaseException | None:
    """Execute a cell, fill in its outputs, and return the error that ended it, if one did."""
    shell.outputs = cell.outputs = []
    shell.figures.alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt")
    with (
        contextlib.redirect_stdout(_Stream("stdout", shell.outputs)),
        contextlib.redirect_stderr(_Stream("stderr", shell.outputs)),
    ):
        result = shell.run_cell(cell.source, store_history=True)
    error: BaseException | None = result.error_in_exec or result.error_before_exec
    return error
