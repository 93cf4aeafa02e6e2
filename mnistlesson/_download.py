"""Download the files of MNIST: verified, bounded in time, from the first mirror that delivers."""

import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

from mnistlesson._files import File, matches

STALL_SECONDS = 10.0
"""A mirror that sends nothing for so long is given up."""

DEADLINE_SECONDS = 120.0
"""The whole attempt, all files from all mirrors, ends within this time."""


class Download:
    """One attempt at the files of a data set. Call it with them and the folder to write them to.

    Args:
        mirrors: URLs of folders that hold the gzip files, best first. One that fails is not asked
            again.
    """

    def __init__(self, mirrors: Iterable[str]) -> None:
        """Start the clock."""
        self._untried = iter(mirrors)
        self._mirror: str | None = None
        self._failures: list[str] = []
        self._deadline = time.monotonic() + DEADLINE_SECONDS

    def __call__(self, files: Sequence[File], folder: Path) -> Iterator[Path]:
        """Write the gzip files into ``folder``, each with its own checksum, and yield their paths.

        Raises:
            OSError: No mirror delivers a file; says what each one did.
        """
        with _Progress(sum(file.packed_size for file in files)) as progress:
            for file in files:
                self._fetch(file, folder / file.packed, progress)
                progress.done += file.packed_size
                yield folder / file.packed

    def _fetch(self, file: File, target: Path, progress: "_Progress") -> None:
        while mirror := self._mirror or next(self._untried, None):
            self._mirror = mirror
            try:
                self._from(f"{mirror.rstrip('/')}/{file.packed}", file, target, progress)
            except OSError as error:
                self._failures.append(f"{mirror}: {error}")
                self._mirror = None
            else:
                return
        raise OSError("; ".join(self._failures))

    def _from(self, url: str, file: File, target: Path, progress: "_Progress") -> None:
        # A file of its own: a transfer that was given up may yet wake and write into its own.
        partial = target.with_name(f"{len(self._failures)}-{target.name}")
        transfer = _Transfer(url, partial, limit=file.packed_size)
        transfer.start()
        received, since = 0, time.monotonic()
        while transfer.is_alive():
            transfer.join(0.1)
            now = time.monotonic()
            if transfer.received > received:
                received, since = transfer.received, now
                progress.show(received)
            if now > self._deadline:
                raise TimeoutError(f"not finished after {DEADLINE_SECONDS:.0f} seconds")
            if now > since + STALL_SECONDS:
                raise TimeoutError(f"sent nothing for {STALL_SECONDS:.0f} seconds")
        if transfer.error is not None:
            raise OSError(str(transfer.error)) from transfer.error
        if transfer.received < file.packed_size:
            raise OSError(
                f"{file.packed} ended after {transfer.received:,} of {file.packed_size:,} bytes"
            )
        if not matches(partial, file.packed_md5):
            raise OSError(f"what it calls {file.packed} is not MNIST's (another checksum)")
        partial.replace(target)


class _Transfer(threading.Thread):
    """Copies a URL to a file, watched from outside.

    A thread of its own, because no time limit of a socket covers the look-up of a name, the
    addresses tried one after another, or a server that sends a byte now and then. One that is given
    up writes on, at most, to a file that nobody will read.
    """

    def __init__(self, url: str, target: Path, limit: int) -> None:
        super().__init__(daemon=True)
        self._url, self._target, self._limit = url, target, limit
        self.received = 0
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            with (
                self._target.open("wb") as target,
                urllib.request.urlopen(self._url, timeout=STALL_SECONDS) as response,  # noqa: S310 - the mirrors' schemes, file: for a folder
            ):
                # `read1` returns what has come; `read` would wait for a full block.
                while self.received <= self._limit and (block := response.read1(1 << 16)):
                    target.write(block)
                    self.received += len(block)
        except Exception as error:  # noqa: BLE001 - handed to the watcher, which raises it
            if isinstance(error, urllib.error.HTTPError):
                error.close()  # it holds the connection
            self.error = error


class _Progress:
    """A line on a terminal that says how much has come; nothing in a log, a notebook or a page."""

    def __init__(self, size: int) -> None:
        self.done = 0
        """Bytes of the files that are there."""
        self._size = size
        self._shown = False

    def __enter__(self) -> Self:
        return self

    def show(self, received: int) -> None:
        """Say how much has come, with so many bytes of the file that is on its way."""
        # Where a program has no terminal at all, there is no stream: Windows's pythonw.
        if sys.stderr is None or not sys.stderr.isatty():
            return
        share = min((self.done + received) / self._size, 1)
        bar = "#" * round(20 * share)
        line = f"\rMNIST [{bar:<20}] {share:4.0%} of {self._size / 1e6:.1f} MB"
        print(line, end="", file=sys.stderr, flush=True)  # noqa: T201 - the terminal is what it is for
        self._shown = True

    def __exit__(self, *_: object) -> None:
        if self._shown:
            print(file=sys.stderr)  # noqa: T201
