"""Tasks: calls of functions that the site needs, and what comes of them."""

from collections.abc import Collection
from typing import Any, NamedTuple


class Task(NamedTuple):
    """A call of a function, in a process of its own."""

    name: str
    """Unique, and the same in each build."""
    page: str
    """The page that shows the result; empty where none does."""
    function: str
    """``module:function``, so that only the process of the task imports it."""
    arguments: tuple[Any, ...] = ()
    key: str = ""
    """What the result depends on besides files."""
    after: tuple[str, ...] = ()
    """The names of tasks that make files which this one reads."""


class TaskError(Exception):
    """A failure whose message says where it is. What the task made until then is its result."""

    def __init__(self, message: str, result: object = None) -> None:
        super().__init__(message)
        self.result = result


class Outcome(NamedTuple):
    """What has come of a task."""

    result: Any = None
    error: str = ""
    """What went wrong, in its first line, and the traceback; empty if nothing did."""
    read: Collection[str] = ()
    """Files of the project that the result depends on."""
    written: Collection[str] = ()
    """Files of the project that the task has made."""
    logged: Collection[tuple[int, str]] = ()
    """Level and text of what was logged for Sphinx."""
    began: float = 0
    """Time of day, in seconds."""
    server: int = 0
    """The process from which that of the task was forked."""
