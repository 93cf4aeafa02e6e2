"""Processes that execute: each run in one of its own, forked from one that has imported PyTorch.

Importing PyTorch and torchvision takes two seconds. A server of :mod:`multiprocessing` does it
once, and each run begins in a copy of it: with everything imported, and nothing of another run.
"""

import gc
import importlib
import logging
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import connection, get_all_start_methods, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from running.runs import FailedError, Outcome, Run
from running.watch import Watch

LIMIT_SECONDS = 600
"""A run that takes longer is ended: it would never end, or no one would wait for it."""

# What takes long to import, and is not the project's: of that, each run shows what it uses.
_PRELOADED = [
    "torch",
    "mnistlesson._torchvision",  # torchvision, repaired
    "matplotlib.pyplot",
    "matplotlib.backends.backend_svg",
    "matplotlib_inline.backend_inline",
    "PIL.WebPImagePlugin",
    "IPython.core.interactiveshell",
    "myst_nb.core.read",
    "sphinx.cmd.build",
    "sphinx_gallery.gen_rst",
]
# Windows cannot fork. There, each run imports everything anew.
_FORKS = "forkserver" in get_all_start_methods()
_context: Any = get_context("forkserver" if _FORKS else "spawn")  # of two classes, used alike


def start() -> None:
    """Let the server begin to import, while this process does something else."""
    # One thread each: there are several processes, and the last digit of a sum depends on it.
    os.environ["OMP_NUM_THREADS"] = "1"
    # What is imported must be what this process would import.
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    if _FORKS:
        from multiprocessing import forkserver  # noqa: PLC0415 - not for Windows

        _context.set_forkserver_preload(_PRELOADED)
        forkserver.ensure_running()


class _Collected(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[tuple[int, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append((record.levelno, record.getMessage()))


def _work(run: Run, root: Path, sender: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever waits for this process will end it
    gc.freeze()  # what was imported before the fork is not garbage: looking through it takes long
    watch, collected, began = Watch(root), _Collected(), time.time()
    logging.getLogger("sphinx").addHandler(collected)
    logging.getLogger("sphinx").propagate = False
    result, error, details = None, "", ""
    try:
        module, _, function = run.function.partition(":")
        result = getattr(importlib.import_module(module), function)(*run.arguments)
    except Exception as raised:  # noqa: BLE001 - handed to the process that waits
        told = isinstance(raised, FailedError)
        error = str(raised) if told else f"{run.name}: {type(raised).__name__}: {raised}"
        details = traceback.format_exc()
    sender.send(
        Outcome(
            result,
            error,
            details,
            frozenset(watch.read()),
            frozenset(watch.written()),
            tuple(collected.said),
            began,
            time.time() - began,
            os.getppid(),
        )
    )


def _lost(error: str) -> Outcome:
    return Outcome(None, error, "", frozenset(), frozenset(), (), 0, 0)


class _Worker:
    """A run that is going on."""

    def __init__(self, run: Run, root: Path) -> None:
        self.run = run
        self.receiver, sender = _context.Pipe(duplex=False)
        self.process = _context.Process(target=_work, args=(run, root, sender))
        self.process.start()
        sender.close()
        self.deadline = time.monotonic() + LIMIT_SECONDS

    def outcome(self) -> Outcome:
        """Return what the process has sent, or how it ended without a word."""
        try:
            outcome: Outcome = self.receiver.recv()
        except EOFError:
            self.process.join()
            return _lost(f"{self.run.name}: its process ended with status {self.process.exitcode}")
        self.end()
        return outcome

    def end(self) -> None:
        self.process.kill()
        self.process.join()


def work(
    runs: Sequence[Run], root: Path, at_once: int, ready: Callable[[Run], bool]
) -> Iterator[tuple[Run, Outcome]]:
    """Execute the runs, so many at once, and yield each with what has come of it as it ends.

    Args:
        runs: What to execute, what takes long first.
        root: The folder of the project.
        at_once: How many processes may work at the same time; one at least.
        ready: Tells of a run that waits for another, whether that one has ended.
    """
    start()
    waiting, working, server = [*runs], list[_Worker](), 0
    try:
        while waiting or working:
            for run in [run for run in waiting if ready(run)]:
                if len(working) < max(at_once, 1):
                    waiting.remove(run)
                    working.append(_Worker(run, root))
            ended = connection.wait([w.receiver for w in working], timeout=1)
            for worker in [*working]:
                late = time.monotonic() > worker.deadline
                if worker.receiver in ended or late:
                    working.remove(worker)
                    said = f"{worker.run.name}: not finished after {LIMIT_SECONDS} seconds"
                    outcome = _lost(said) if late else worker.outcome()
                    worker.end()
                    server = server or outcome.server
                    yield worker.run, outcome
    finally:  # also when interrupted
        for worker in working:
            worker.end()
        # The server would take a second to end by itself, and this process would wait for it.
        if _FORKS and server:
            os.kill(server, signal.SIGKILL)
            os.waitid(os.P_PID, server, os.WEXITED | os.WNOWAIT)
