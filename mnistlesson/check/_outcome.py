"""What a call of a learner's code gave."""

import functools
import linecache
import os
import sysconfig
import traceback
from dataclasses import dataclass
from pathlib import Path, PurePath

import torch

LIMIT_SECONDS = 2.0
"""A call that takes longer is ended: no exercise needs a hundredth of it."""


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

    @functools.cached_property
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
