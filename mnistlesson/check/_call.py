"""Call a learner's code in a thread, so that it can be ended."""

import ctypes
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any
from weakref import WeakSet

from mnistlesson.check._outcome import LIMIT_SECONDS, Outcome, OutOfTime

LIMIT_SECONDS_IN_ALL = 60.0
"""A call that takes longer is ended, imports and all."""


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

    def wait(self, seconds: float) -> None:
        """Wait until it has finished, or has run for some seconds in which it imported nothing."""
        began, own = time.monotonic(), 0.0
        while own < seconds and time.monotonic() - began < LIMIT_SECONDS_IN_ALL:
            now = time.monotonic()
            if self.finished.wait(0.05):
                return
            files = [frame.f_code.co_filename for frame in self.frames()]
            if not any(file.startswith("<frozen importlib") for file in files):
                own += time.monotonic() - now

    def frames(self) -> Iterator[FrameType]:
        """Give the frames in which it is now, the innermost first."""
        frame = sys._current_frames().get(self.ident or 0)  # noqa: SLF001 - documented, and the only way
        while frame is not None:
            yield frame
            frame = frame.f_back

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


_SILENT: WeakSet[threading.Thread] = WeakSet()
"""The threads that could not be ended, for as long as they run on."""


class _Stream:
    """A standard stream, but not for silent threads."""

    def __init__(self, stream: Any) -> None:  # noqa: ANN401 - whatever stands for it
        self._stream = stream

    def write(self, text: str) -> int:
        if threading.current_thread() in _SILENT:
            return len(text)
        return int(self._stream.write(text))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as the stream has it
        return getattr(self._stream, name)


def silence(thread: threading.Thread) -> None:
    """Keep from view what a thread prints on streams that :func:`shielded` gives."""
    _SILENT.add(thread)


def shielded(stream: Any) -> Any:  # noqa: ANN401 - whatever stands for it
    """Return a standard stream, on which no silent thread can write."""
    open_to_all = stream is not None and not isinstance(stream, _Stream)
    return _Stream(stream) if _SILENT and open_to_all else stream
