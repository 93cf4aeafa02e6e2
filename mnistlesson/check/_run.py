"""Run a learner's code: watched, bounded, and without a trace in the program around it."""

import builtins
import contextlib
import ctypes
import io
import linecache
import os
import random
import sys
import sysconfig
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from types import FrameType
from typing import Any, NoReturn

import numpy as np
import torch

LIMIT_SECONDS = 2.0
"""A call that takes longer is ended: no exercise needs a hundredth of it."""

LIMIT_CHARACTERS = 10_000
"""What code prints beyond this is dropped."""


class OutOfTime(BaseException):
    """Raised inside code that runs too long; `except Exception` does not catch it."""


_LIBRARIES = {
    *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    str(Path(torch.__file__).parent),
    str(Path(__file__).parents[1]),
}


def _is_own(frame: traceback.FrameSummary) -> bool:
    """Tell whether a line is the learner's: not a library's, nor one that has no text."""
    name = frame.filename
    if not frame.line or {"site-packages", "dist-packages"} & {*PurePath(name).parts}:
        return False
    return not any(name.startswith(folder + os.sep) for folder in _LIBRARIES)


@dataclass(frozen=True)
class Outcome:
    """What a call gave: a value, or an error; and what Python warned of."""

    value: object = None
    error: BaseException | None = None
    warnings: tuple[str, ...] = ()

    @property
    def line(self) -> traceback.FrameSummary | None:
        """The last line in the learner's own files that led to the error."""
        if self.error is None:
            return None
        linecache.checkcache()
        frames = traceback.extract_tb(self.error.__traceback__)
        return next((frame for frame in reversed(frames) if _is_own(frame)), None)

    def warning(self, words: str) -> str:
        """Return the warning that begins with some words; "" where there was none."""
        return next((text for text in self.warnings if text.startswith(words)), "")

    def passes(self, package: str) -> bool:
        """Tell whether the error came by way of a package."""
        trace = self.error.__traceback__ if self.error else None
        return any(
            package in PurePath(frame.filename).parts for frame in traceback.extract_tb(trace)
        )

    @property
    def text(self) -> str:
        """The error in a line."""
        if self.error is None:
            return ""
        if isinstance(self.error, OutOfTime):
            return f"nothing after {LIMIT_SECONDS:.0f} seconds"
        said = str(self.error).strip().split("\n")[0][:200]
        return f"{type(self.error).__name__}: {said}".rstrip(": ")

    @property
    def message(self) -> str:
        """The error in a line, with the line of the learner's code that raised it."""
        if self.line is None or isinstance(self.error, OutOfTime):
            return self.text
        return f"{self.text} (line {self.line.lineno}: {(self.line.line or '')[:80]})"


def _device_states() -> list[tuple[Callable[[Any], None], Any]]:
    """Return the random state of each device in use, with what sets it."""
    states: list[tuple[Callable[[Any], None], Any]] = []
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        states.append((torch.cuda.set_rng_state_all, torch.cuda.get_rng_state_all()))
    if torch.backends.mps.is_built() and torch.backends.mps.is_available():
        states.append((torch.mps.set_rng_state, torch.mps.get_rng_state()))
    # Before CUDA is in use, its seeds wait in a queue.
    if queue := getattr(torch.cuda, "_lazy_seed_tracker", None):
        held = {name: [*x] if isinstance(x, list) else x for name, x in vars(queue).items()}
        states.append((vars(queue).update, held))
    return states


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Give back what programs share as it was; within, compute on the CPU, with gradients."""
    dtype, grad = torch.get_default_dtype(), torch.is_grad_enabled()
    states = torch.get_rng_state(), random.getstate(), np.random.get_state()  # noqa: NPY002 - the learner's may be used
    devices = _device_states()
    try:
        with torch.device("cpu"), torch.inference_mode(mode=False), torch.enable_grad():
            yield
    finally:
        torch.set_default_dtype(dtype)
        torch.set_grad_enabled(grad)
        torch.set_rng_state(states[0])
        random.setstate(states[1])
        np.random.set_state(states[2])  # noqa: NPY002
        for give_back, state in devices:
            give_back(state)


class _Bounded(io.StringIO):
    def write(self, text: str) -> int:
        return super().write(text[: max(0, LIMIT_CHARACTERS - self.tell())])


def _nobody_types(*_: object) -> NoReturn:
    raise EOFError("a check cannot be asked for input")


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Keep code from the terminal: what it prints is kept from view, and nobody types."""
    stdin, ask = sys.stdin, builtins.input
    sys.stdin, builtins.input = io.StringIO(), _nobody_types
    try:
        with contextlib.redirect_stdout(_Bounded()):
            yield
    finally:
        sys.stdin, builtins.input = stdin, ask


def _printable(error: BaseException) -> BaseException:
    """Return the error, or a stand-in for one that raises another when it is to be shown."""
    try:
        repr(error), str(error)
    except OutOfTime:
        raise
    except BaseException:  # noqa: BLE001 - whatever the learner's code raises
        return RuntimeError(f"{type(error).__name__}, which cannot be printed")
    return error


class Call(threading.Thread):
    """A call in a thread of its own, so that it can be ended."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        """Take what is to be called, with what."""
        super().__init__(daemon=True)
        self._function, self._arguments = function, arguments
        self._begun = False
        self._released = threading.Event()
        self.finished = threading.Event()
        self.outcome: Outcome | None = None

    def run(self) -> None:
        """Call it, catch whatever it does, and stay until no exception can come any more."""
        while True:
            try:
                if not self._begun:
                    self._begun = True
                    self.outcome = self._call()
                self.finished.set()
                self._released.wait()
            except OutOfTime:
                continue
            return

    def _call(self) -> Outcome:
        try:
            return Outcome(self._function(*self._arguments))
        except OutOfTime:
            raise
        except BaseException as error:  # noqa: BLE001 - whatever the learner's code raises
            return Outcome(error=_printable(error))
        finally:
            sys.settrace(None)

    def end(self) -> Outcome:
        """End it by an exception that comes again where its code catches it."""
        deadline = time.monotonic() + LIMIT_SECONDS
        while not self.finished.is_set() and time.monotonic() < deadline:
            _raise_in(self.ident or 0)
            self.finished.wait(0.05)
        self._released.set()
        return self.outcome or Outcome(error=OutOfTime())


def _raise_in(thread: int) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(_Stop))


class _Stop(OutOfTime):
    """Comes again at every line that is run after it was caught."""

    def __init__(self) -> None:
        # Python makes the exception in the thread in which it is raised.
        frame = sys._getframe(1)  # noqa: SLF001 - documented, and the only way
        while frame is not None and frame.f_code.co_filename != __file__:
            frame.f_trace = _again
            frame = frame.f_back  # type: ignore[assignment] # None at the end
        sys.settrace(_again)


def _again(frame: FrameType, event: str, argument: object) -> Any:  # noqa: ANN401 - itself
    del frame, argument
    if event == "line":
        _raise_in(threading.get_ident())
    return _again


_SILENT: set[int | None] = set()
"""The threads that could not be ended."""


class _Stream:
    """A standard stream, but not for silent threads."""

    def __init__(self, stream: Any) -> None:  # noqa: ANN401 - whatever stands for it
        self._stream = stream

    def write(self, text: str) -> int:
        if threading.get_ident() in _SILENT:
            return len(text)
        return int(self._stream.write(text))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as the stream has it
        return getattr(self._stream, name)


def silence(thread: int | None) -> None:
    """Keep what a thread prints from view, from now on."""
    _SILENT.add(thread)
    for name in ("stdout", "stderr"):
        stream: Any = getattr(sys, name)
        if stream is not None and not isinstance(stream, _Stream):
            setattr(sys, name, _Stream(stream))


def run(
    function: Callable[..., object], *arguments: object, seconds: float | None = LIMIT_SECONDS
) -> Outcome:
    """Call a learner's function, and catch whatever it does.

    An endless loop in Python is ended after some seconds; the checks' own code has no limit.
    """
    call = Call(function, *arguments)
    # A warning would tell of a line that the learner did not run: the verdict says what matters.
    with undisturbed(), warnings.catch_warnings(record=True) as caught, alone():
        warnings.simplefilter("always")
        call.start()
        call.finished.wait(seconds)
        outcome = call.end()
    if not call.finished.is_set():
        silence(call.ident)
    return Outcome(outcome.value, outcome.error, tuple(str(one.message) for one in caught))
