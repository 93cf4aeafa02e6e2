"""Zip archives whose bytes depend on what is in them, and on nothing else."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

PACKED = {".png", ".whl", ".woff2", ".zip"}
"""What does not become smaller."""


def keep(path: Path, content: bytes) -> None:
    """Write a file unless it is there already: its time decides which pages are read again."""
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def pack(archive: Path, files: Mapping[str, bytes]) -> None:
    """Write an archive of these files, in the order of their names."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name)  # of 1980, the first year that an archive knows
            entry.external_attr = 0o644 << 16
            stored = Path(name).suffix in PACKED
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    keep(archive, made.getvalue())


def folder(root: Path) -> dict[str, bytes]:
    """Return the files below a folder, by their names in it, but for hidden and compiled ones."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
        and not any(part.startswith((".", "__pycache__")) for part in path.relative_to(root).parts)
    }
