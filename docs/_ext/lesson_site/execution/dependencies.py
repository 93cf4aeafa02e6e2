"""Dependencies of a task: which files of the project its process has read, and which written.

Python tells of each import and each file that is opened (``sys.addaudithook``), but not of what
other programs do that a process starts, nor of what PyTorch writes: a ``.pt`` file is left out.
"""

import os
import sys
from pathlib import Path

FOLDERS = ("docs", "gallery", "mnistlesson")  # what belongs to the project, and can change a result


class Dependencies:
    """Records them from now on until the process ends: an audit hook cannot be removed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folders = tuple(f"{root / folder}{os.sep}" for folder in FOLDERS)
        self._read: set[str] = set()
        self._written: set[str] = set()
        sys.addaudithook(self._note)

    def _note(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "os.rename":
            self._written.add(os.path.abspath(os.fsdecode(arguments[1])))  # type: ignore[arg-type]  # noqa: PTH100 - a hook calls as little as it can
        elif event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
            path = os.path.abspath(os.fsdecode(arguments[0]))  # noqa: PTH100
            mode, flags = str(arguments[1]), arguments[2]
            writes = set(mode) & set("wax+") or (
                isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)
            )
            (self._written if writes else self._read).add(path)

    def _of_the_project(self, paths: set[str]) -> set[str]:
        places = [Path(path) for path in paths if path.startswith(self._folders)]
        return {
            place.relative_to(self._root).as_posix()
            for place in places
            if place.is_file() and "__pycache__" not in place.parts and place.suffix != ".pt"
        }

    def written(self) -> set[str]:
        """Return the files of the project that were written and are there, from the root."""
        return self._of_the_project(self._written)

    def read(self) -> set[str]:
        """Return the files of the project that were read or imported, but for those written."""
        imported = {str(m.__file__) for m in [*sys.modules.values()] if getattr(m, "__file__", "")}
        return self._of_the_project(self._read | imported) - self.written()
