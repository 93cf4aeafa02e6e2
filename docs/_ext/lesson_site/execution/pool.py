"""A pool of processes: each task in one of its own, forked from one that has imported PyTorch.

Importing PyTorch and torchvision takes two seconds. A fork server of :mod:`multiprocessing` does it
once, and each task begins in a copy of it: with everything imported, and nothing of another task.
"""

import gc
import importlib
import logging
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from multiprocessing import connection, get_all_start_methods, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from lesson_site.execution.dependencies import Dependencies
from lesson_site.execution.task import Outcome, Task, TaskError

LIMIT_SECONDS = 600
"""A task that takes longer is ended: it would never end, or no one would wait for it."""

PRELOAD = ["lesson_site.execution.compute_preload"]  # what the server imports
_FORKS = "forkserver" in get_all_start_methods()  # on Windows, each task imports everything anew
_context: Any = get_context("forkserver" if _FORKS else "spawn")  # of two classes, used alike


def start() -> None:
    """Let the server begin to import, while this process does something else."""
    # One thread each: there are several processes, and the last digit of a sum depends on it.
    os.environ |= {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "MPLBACKEND": "agg"}
    # What is imported must be what this process would import.
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    if _FORKS:
        from multiprocessing import forkserver  # noqa: PLC0415 - not for Windows

        _context.set_forkserver_preload(PRELOAD)
        forkserver.ensure_running()


class WarningCollector(logging.Handler):
    """Collects the level and text of warnings and errors."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.logged: list[tuple[int, str]] = []

    def emit(self, record: logging.LogRecord) -> None:  # noqa: D102
        self.logged.append((record.levelno, record.getMessage()))


def _execute(task: Task, root: Path, sender: Connection) -> None:
    """Execute a task in this process, made for it, and send what has come of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever waits for this process will end it
    gc.freeze()  # what was imported before the fork is not garbage: looking through it takes long
    dependencies, collector, began = Dependencies(root), WarningCollector(), time.time()
    logging.getLogger("sphinx").addHandler(collector)
    logging.getLogger("sphinx").propagate = False
    result, error = None, ""
    try:
        importlib.import_module("matplotlib").rcdefaults()  # whatever the builder has set
        module, _, function = task.function.partition(":")
        result = getattr(importlib.import_module(module), function)(*task.arguments)
    except TaskError as raised:
        result, error = raised.result, str(raised)
    except Exception as raised:  # noqa: BLE001 - sent to the process that waits
        error = f"{task.name}: {type(raised).__name__}: {raised}\n{traceback.format_exc()}"
    read, written = dependencies.read(), dependencies.written()
    sender.send(Outcome(result, error, read, written, collector.logged, began, os.getppid()))


class _Worker:
    """A process that executes a task."""

    def __init__(self, task: Task, root: Path) -> None:
        self.task = task
        self.receiver, sender = _context.Pipe(duplex=False)
        self._process = _context.Process(target=_execute, args=(task, root, sender))
        self._process.start()
        sender.close()
        self.deadline = time.monotonic() + LIMIT_SECONDS

    def outcome(self) -> Outcome:
        """Return what the process has sent, or how it ended without a word."""
        if not self.receiver.poll():
            return Outcome(error=f"{self.task.name}: not finished after {LIMIT_SECONDS} seconds")
        try:
            outcome: Outcome = self.receiver.recv()
        except EOFError:
            self._process.join()
            status = self._process.exitcode
            return Outcome(error=f"{self.task.name}: its process ended with status {status}")
        return outcome

    def end(self) -> None:
        self._process.kill()
        self._process.join()


def run(tasks: Sequence[Task], root: Path, at_once: int) -> Iterator[tuple[Task, Outcome]]:
    """Execute tasks, so many at once, and yield each with its outcome as it ends."""
    waiting, working, server = [*tasks], list[_Worker](), 0
    if tasks:
        start()
    try:
        while waiting or working:
            unfinished = {task.name for task in waiting} | {one.task.name for one in working}
            for task in [task for task in waiting if unfinished.isdisjoint(task.after)]:
                if len(working) < max(at_once, 1):
                    waiting.remove(task)
                    working.append(_Worker(task, root))
            ready = connection.wait([worker.receiver for worker in working], timeout=1)
            now = time.monotonic()
            for worker in [w for w in working if w.receiver in ready or now > w.deadline]:
                outcome = worker.outcome()
                worker.end()
                working.remove(worker)
                server = server or outcome.server
                yield worker.task, outcome
    finally:  # also when interrupted
        for worker in working:
            worker.end()
        # The server would take a second to end by itself, and this process would wait for it.
        if _FORKS and server:
            os.kill(server, signal.SIGKILL)
            os.waitid(os.P_PID, server, os.WEXITED | os.WNOWAIT)
