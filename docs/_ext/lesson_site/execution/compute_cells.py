"""Execute the cells of a notebook with IPython, in this process, and record what they show.

A kernel for each page would cost seconds: a process, five sockets, PyTorch imported once more.
"""

import base64
import contextlib
import io
from pathlib import Path
from tempfile import TemporaryDirectory

from IPython.core.displayhook import CapturingDisplayHook
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode
from nbformat.v4 import new_output
from traitlets.config import Config

from lesson_site.execution.notebooks import read
from lesson_site.execution.task import TaskError
from lesson_site.figures.compute_formatter import FigureFormatter


class _Shell(InteractiveShell):
    figures: FigureFormatter
    error: list[NotebookNode]

    def enable_gui(self, gui: str | None = None) -> None:
        pass  # figures stay in the page

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        name, value = etype.__name__, str(evalue)
        self.error = [new_output("error", ename=name, evalue=value, traceback=stb)]


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
    """Execute a cell, fill in its outputs, and return the error that ended it, if one did.

    What it has printed comes first, then what it has shown, then the error.
    """
    shell.display_pub = CapturingDisplayPublisher(parent=shell)
    shown = shell.display_pub.outputs
    shell.display_trap.hook = CapturingDisplayHook(shell, shown)
    shell.figures.alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt")
    shell.error, out, err = [], io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        result = shell.run_cell(cell.source, store_history=True)
    printed = {"stdout": out.getvalue(), "stderr": err.getvalue()}
    cell.outputs = [new_output("stream", name=n, text=text) for n, text in printed.items() if text]
    for one in shown:
        # A notebook holds images as text.
        data = {
            mime: base64.b64encode(content).decode() if isinstance(content, bytes) else content
            for mime, content in one["data"].items()
        }
        cell.outputs.append(new_output("display_data", data, metadata=one["metadata"] or {}))
    cell.outputs += shell.error
    error: BaseException | None = result.error_in_exec or result.error_before_exec
    return error
