"""Load a file of answers as ``python FILE`` does."""

import contextlib
import io
import re
import sys
import tokenize
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from mnistlesson.check._call import Call, silence
from mnistlesson.check._catalogue import error_anchor
from mnistlesson.check._outcome import Outcome, OutOfTime
from mnistlesson.check._run import alone, undisturbed

LIMIT_SECONDS = 10.0
"""Code of the file's own that runs longer is stopped. Imports do not count: a first one is slow."""

MODULE = "__answers__"
"""The name of the file as a module: no other file is called so."""

_NOTEBOOK = """{file} is a notebook. Check an answer in the notebook itself:
    from mnistlesson import check
    check.judge("softmax", softmax)
Or make a script of it, and check that: jupyter nbconvert --to script {file}"""

_STOPPED = """{file}, line {line} was still running after {seconds:.0f} seconds, and was stopped.
Checked is what is defined above it. Put code that takes long under: if __name__ == "__main__":
"""


class UnusableFileError(Exception):
    """The file cannot be read, or not be run; says why."""


@dataclass(frozen=True)
class Answers:
    """What a file defines."""

    names: dict[str, Any]
    note: str = ""
    """What there is to say about how the file ran."""


class _NoNotebook:
    """Stands for IPython where there is none: commands to it are passed over."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any command
        del name
        return lambda *_arguments, **_options: None


@contextlib.contextmanager
def loaded(file: Path) -> Iterator[Answers]:
    """Load a file; what its folder holds can be imported for as long as the answers are judged."""
    path, arguments = sys.path, sys.argv
    folder = file.resolve().parent
    sys.path, sys.argv = [str(folder), *path], [str(file)]
    before = {*sys.modules}
    try:
        yield _load(file)
    finally:
        sys.path, sys.argv = path, arguments
        # So that they are read anew when the file is checked again.
        for name in {*sys.modules} - before:
            origin = getattr(sys.modules[name], "__file__", None)
            if origin and folder in {Path(origin).parent, Path(origin).parent.parent}:
                del sys.modules[name]


def _load(file: Path) -> Answers:
    code = _compiled(file)
    module = ModuleType(MODULE)
    sys.modules[MODULE] = module
    names = vars(module)
    names["__file__"] = str(file)
    if "get_ipython" in code.co_names:
        names["get_ipython"] = _NoNotebook
    outcome, line = _run(code, names, str(file))
    if isinstance(outcome.error, OutOfTime):
        note = _STOPPED.format(file=file.name, line=line, seconds=LIMIT_SECONDS)
        return Answers(names, note)
    if outcome.error is not None:
        frames = traceback.extract_tb(outcome.error.__traceback__)
        lines = [frame.lineno for frame in frames if frame.filename == str(file)]
        place = f"{file.name}, line {lines[-1]}" if lines else file.name
        see = f"\n    See errors.html#{anchor}" if (anchor := error_anchor(outcome.text)) else ""
        raise UnusableFileError(f"{place}: {outcome.text}{see}")
    return Answers(names)


def _compiled(file: Path) -> CodeType:
    """Compile a file, byte-order mark, coding line and all."""
    if file.suffix == ".ipynb":
        raise UnusableFileError(_NOTEBOOK.format(file=file.name))
    try:
        source = file.read_bytes()
    except OSError as error:
        raise UnusableFileError(f"{file} cannot be read: {error}") from error
    try:
        return compile(_without_magic(source, str(file)), str(file), "exec")
    except SyntaxError as error:
        line = f"{file.name}, line {error.lineno}: SyntaxError: {error.msg}"
        raise UnusableFileError(f"{line}\n    {(error.text or '').strip()}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise UnusableFileError(f"{file} cannot be read: {error}") from error


def _without_magic(source: bytes, name: str) -> bytes | str:
    """Return the source without the lines that only a notebook understands: ``%magic``, ``!ls``."""
    try:
        compile(source, name, "exec")
    except SyntaxError:
        with contextlib.suppress(SyntaxError, UnicodeDecodeError):
            encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
            return re.sub(r"(?m)^([ \t]*)[%!].*$", r"\1pass", source.decode(encoding))
    return source


def _run(code: CodeType, names: dict[str, Any], name: str) -> tuple[Outcome, int]:
    """Run the file's code, and return the line at which it was stopped, if it was."""
    call = Call(exec, code, names)
    with undisturbed(), alone():
        call.start()
        call.wait(LIMIT_SECONDS)
        lines = [frame.f_lineno for frame in call.frames() if frame.f_code.co_filename == name]
        outcome = call.end()
        if not call.finished.is_set():
            silence(call)
    return outcome, lines[0] if lines else 0
