"""The cache of results: each holds as long as the files that it depends on are the same."""

import functools
import hashlib
import pickle
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple

from mnistlesson._digits import in_use

from lesson_site.execution.task import Outcome, Task


class Record(NamedTuple):
    """What an earlier build has cached of a task."""

    key: str
    read: dict[str, str]
    """Digests of the files that the result depends on."""
    written: Collection[str]
    result: Any


class Cache:
    """The records that lie beside a build's doctrees. Names of files count from the root."""

    def __init__(self, doctrees: Path, root: Path) -> None:
        self._folder, self._root = Path(doctrees, "tasks"), root
        self._digests: dict[str, str] = {}

    @functools.cached_property
    def _environment(self) -> str:
        """What every task depends on: the version of whatever is installed."""
        folders = [Path(folder) for folder in sys.path if Path(folder).is_dir()]
        installed = {place.name for folder in folders for place in folder.glob("*.dist-info")}
        return "\n".join([sys.version, *sorted(installed)])

    def _digest(self, file: str) -> str:
        if file not in self._digests:
            path = self._root / file
            content = path.read_bytes() if path.is_file() else b"missing"
            self._digests[file] = hashlib.sha256(content).hexdigest()
        return self._digests[file]

    def _key(self, task: Task, done: Record | Outcome) -> str:
        digits = in_use() if "mnistlesson/data.py" in done.read else ""  # it loads them
        text = f"{self._environment}\n{digits}\n{task.function}\n{task.key}"
        return hashlib.sha256(text.encode()).hexdigest()

    def _path(self, name: str) -> Path:
        return self._folder / f"{name.replace('/', '-')}.pickle"

    def find(self, name: str) -> Record | None:
        """Return the record of a task, if there is one that can be read."""
        try:
            record: Record = pickle.loads(self._path(name).read_bytes())  # noqa: S301 - our own, below build/
        except Exception:  # noqa: BLE001 - whatever is wrong with it, it is of no use
            return None
        return record

    def is_fresh(self, task: Task) -> bool:
        """Tell whether the cached result of a task is what it would be now."""
        record = self.find(task.name)
        return bool(record and record.key == self._key(task, record) and self._unchanged(record))

    def _unchanged(self, record: Record) -> bool:
        return all(self._digest(file) == digest for file, digest in record.read.items()) and all(
            (self._root / file).is_file() for file in record.written
        )

    def any_stale(self) -> bool:
        """Tell whether a file has changed since a result was cached, or none is cached."""
        records = [self.find(path.stem) for path in self._folder.glob("*.pickle")]
        return not records or not all(record and self._unchanged(record) for record in records)

    def keep(self, task: Task, outcome: Outcome) -> None:
        """Cache what has come of a task: for this build only where a file changed meanwhile."""
        path = self._path(task.name)
        if outcome.error:  # nothing to keep
            path.unlink(missing_ok=True)
            return
        self._digests.clear()
        files = [self._root / file for file in outcome.read]
        changed = any(not f.exists() or f.stat().st_mtime > outcome.began for f in files)
        key = "a file changed meanwhile" if changed else self._key(task, outcome)
        read = {file: self._digest(file) for file in sorted(outcome.read)}
        self._folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(pickle.dumps(Record(key, read, outcome.written, outcome.result)))
        part.replace(path)
