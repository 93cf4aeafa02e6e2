"""Run a learner's code: watched, bounded, and without a trace in the program around it."""

import contextlib
import ctypes
import io
import random
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

LIMIT_SECONDS = 2.0
"""Code that runs longer is ended: no exercise needs a hundredth of it."""

LIMIT_CHARACTERS = 10_000
"""What code prints beyond this is dropped."""


class OutOfTime(BaseException):
    """Raised inside code that runs too long; `except Exception` does not catch it."""


@dataclass(frozen=True)
class Outcome:
    """What a call gave: a value, or an error."""

    value: object = None
    error: BaseException | None = None

    @property
    def message(self) -> str:
        """The error in a line, with the line of the learner's code that raised it."""
        if self.error is None:
            return ""
        if isinstance(self.error, OutOfTime):
            return f"nothing after {LIMIT_SECONDS:.0f} seconds"
        text = str(self.error).strip().split("\n")[0][:200]
        said = f"{type(self.error).__name__}: {text}".rstrip(": ")
        frames = traceback.extract_tb(self.error.__traceback__)
        # This package's calls come first, the learner's own next, a library's last.
        others = ("site-packages", str(Path(__file__).parent))
        own = [frame for frame in frames if not any(part in frame.filename for part in others)]
        return (
            f"{said} (line {own[-1].lineno}: {own[-1].line[:80]})" if own and own[-1].line else said
        )


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Give back the random states, the default dtype and the grad mode as they were."""
    dtype, grad = torch.get_default_dtype(), torch.is_grad_enabled()
    states = torch.get_rng_state(), random.getstate(), np.random.get_state()  # noqa: NPY002 - the learner's may be used
    try:
        yield
    finally:
        torch.set_default_dtype(dtype)
        torch.set_grad_enabled(grad)
        torch.set_rng_state(states[0])
        random.setstate(states[1])
        np.random.set_state(states[2])  # noqa: NPY002


class _Bounded(io.StringIO):
    def write(self, text: str) -> int:
        return super().write(text[: max(0, LIMIT_CHARACTERS - self.tell())])


def _printable(error: BaseException) -> BaseException:
    """Return the error, or a stand-in for one that raises another when it is to be shown."""
    try:
        repr(error), str(error)
    except BaseException:  # noqa: BLE001 - whatever the learner's code raises
        return RuntimeError(f"{type(error).__name__}, which cannot be printed")
    return error


def run(function: Callable[..., object], *arguments: object) -> Outcome:
    """Call a learner's function, and catch whatever it does.

    It runs in a thread of its own: an endless loop in Python is ended after :data:`LIMIT_SECONDS`.
    """
    outcomes: list[Outcome] = []

    def call() -> None:
        try:
            outcomes.append(Outcome(value=function(*arguments)))
        except BaseException as error:  # noqa: BLE001 - whatever the learner's code raises
            outcomes.append(Outcome(error=_printable(error)))

    thread = threading.Thread(target=call, daemon=True)
    with undisturbed(), contextlib.redirect_stdout(_Bounded()):
        thread.start()
        thread.join(LIMIT_SECONDS)
        if thread.is_alive():
            identity = ctypes.c_ulong(thread.ident or 0)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(identity, ctypes.py_object(OutOfTime))
            thread.join(LIMIT_SECONDS)
    return outcomes[0] if outcomes else Outcome(error=OutOfTime())
