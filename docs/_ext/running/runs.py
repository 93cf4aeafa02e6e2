"""What is executed for the site, and what is known of it from earlier builds.

A run is a call of a function. Its record holds the result, and all that the result depends on: the
files of the project that the run has read or imported. As long as none of them has changed, the
result holds.
"""

import hashlib
import pickle
import sys
from pathlib import Path
from typing import Any, NamedTuple

from mnistlesson._digits import in_use


class Run(NamedTuple):
    """A call of a function, in a process of its own."""

    name: str
    """Its own, and the same in each build."""
    page: str
    """The page that shows what it returns."""
    function: str
    """``module:function``, so that only the process of the run imports it."""
    arguments: tuple[Any, ...] = ()
    decides: str = ""
    """What the result depends on besides files, in words."""
    after: str = ""
    """The name of a run that makes files which this one reads."""


class Outcome(NamedTuple):
    """What has come of a run."""

    result: Any
    error: str
    """What went wrong, in a line; empty if nothing did."""
    details: str
    """The traceback, then."""
    read: frozenset[str]
    """Files of the project that the result depends on."""
    written: frozenset[str]
    """Files of the project that the run has made."""
    logged: tuple[tuple[int, str], ...]
    """Level and text of what was logged for Sphinx."""
    began: float
    """Time of day, in seconds."""
    seconds: float
    server: int = 0
    """The process from which that of the run was forked."""


class FailedError(Exception):
    """A run that failed, and says itself where and how."""


class Record(NamedTuple):
    """What an earlier build has kept of a run."""

    decided: str
    read: dict[str, str]
    """Digests of the files that the result depends on."""
    written: frozenset[str]
    seconds: float
    result: Any


def surroundings() -> str:
    """Return what every run depends on: the digits, and the version of whatever is installed."""
    installed = {
        place.name
        for folder in sys.path
        if Path(folder).is_dir()
        for place in Path(folder).glob("*.dist-info")
    }
    return "\n".join([sys.version, str(in_use()), *sorted(installed)])


class Records:
    """The records of one tree of pages, in a folder.

    Args:
        folder: Where they are kept.
        root: The folder of the project, from which the names of files count.
    """

    def __init__(self, folder: Path, root: Path) -> None:
        """Know nothing yet."""
        self._folder, self._root = folder, root
        self._surroundings = surroundings()
        self._digests: dict[str, str] = {}

    def _digest(self, file: str) -> str:
        if file not in self._digests:
            path = self._root / file
            content = path.read_bytes() if path.is_file() else b"missing"
            self._digests[file] = hashlib.sha256(content).hexdigest()
        return self._digests[file]

    def _decided(self, run: Run) -> str:
        text = f"{self._surroundings}\n{run.function}\n{run.decides}"
        return hashlib.sha256(text.encode()).hexdigest()

    def _path(self, name: str) -> Path:
        return self._folder / f"{name.replace('/', '-')}.pickle"

    def find(self, name: str) -> Record | None:
        """Return the record of a run, if there is one that can be read."""
        try:
            record: Record = pickle.loads(self._path(name).read_bytes())  # noqa: S301 - our own, below build/
        except Exception:  # noqa: BLE001 - whatever is wrong with it, it is of no use
            return None
        return record

    def holds(self, run: Run) -> bool:
        """Tell whether what an earlier build has kept of a run is what it would be now."""
        record = self.find(run.name)
        return (
            record is not None and record.decided == self._decided(run) and self._unchanged(record)
        )

    def _unchanged(self, record: Record) -> bool:
        return all(self._digest(file) == digest for file, digest in record.read.items()) and all(
            (self._root / file).is_file() for file in record.written
        )

    def outdated(self) -> bool:
        """Tell whether there is no record, or a file has changed since one was kept."""
        records = [self.find(path.stem) for path in self._folder.glob("*.pickle")]
        return not records or not all(record and self._unchanged(record) for record in records)

    def keep(self, run: Run, outcome: Outcome) -> None:
        """Keep what has come of a run, in one step.

        Where a file has changed meanwhile, this build shows it, and the next one does not.
        """
        self._digests.clear()
        files = [self._root / file for file in outcome.read]
        changed = any(not f.exists() or f.stat().st_mtime > outcome.began for f in files)
        decided = "a file changed meanwhile" if changed else self._decided(run)
        read = {file: self._digest(file) for file in sorted(outcome.read)}
        record = Record(decided, read, outcome.written, outcome.seconds, outcome.result)
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(run.name)
        part = path.with_suffix(".part")
        part.write_bytes(pickle.dumps(record))
        part.replace(path)

    def drop(self, name: str) -> None:
        """Forget a run."""
        self._path(name).unlink(missing_ok=True)
