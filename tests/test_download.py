"""Downloads: from the first mirror that delivers, with a progress bar on a terminal alone."""

import contextlib
import os
import pty
import shutil
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from mnistlesson._download import Download, _Transfer

from support.server import Dataset, Server

Serve = Callable[[Path, str], Server]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "fault",
    [
        *("missing", "cut_off", "wrong_bytes", "endless"),
        *(pytest.param(f, marks=pytest.mark.slow) for f in ("stall", "stall_midway", "drip_head")),
    ],
)
def test_the_next_mirror_delivers(tmp_path: Path, small: Dataset, serve: Serve, fault: str) -> None:
    faulty, good = serve(small.packed, fault), serve(small.packed, "serve")
    fetched = Download([faulty.url, good.url])(small.files, tmp_path)
    for file, path in zip(small.files, fetched, strict=True):
        assert path == tmp_path / file.packed
        assert path.read_bytes() == (small.packed / file.packed).read_bytes()
    assert faulty.asked == [small.files[0].packed], "a mirror that failed is not asked again"


@pytest.mark.slow
@pytest.mark.usefixtures("impatient")
def test_a_mirror_that_was_given_up_and_wakes_spoils_nothing(
    tmp_path: Path, small: Dataset, serve: Serve
) -> None:
    first, second = serve(small.packed, "drip_head"), serve(small.packed, "stall_midway")

    def wake() -> None:
        second.half_sent.wait()
        transfers = [t for t in threading.enumerate() if isinstance(t, _Transfer)]
        given_up = next(t for t in transfers if t._url.startswith(first.url))  # noqa: SLF001
        first.go_on.set()
        given_up.join()
        second.go_on.set()

    threading.Thread(target=wake, daemon=True).start()
    file = small.files[0]
    next(Download([first.url, second.url])([file], tmp_path))
    assert (tmp_path / file.packed).read_bytes() == (small.packed / file.packed).read_bytes()


def test_every_mirrors_failure_is_told(
    tmp_path: Path, small: Dataset, serve: Serve, closed: str
) -> None:
    missing = serve(small.packed, "missing").url
    download = Download([missing, closed, "nonsense"])
    told = rf"{missing}: .*404.*; {closed}: .*refused.*; nonsense: .*unknown url type"
    for file in small.files[:2]:
        with pytest.raises(OSError, match=told):
            next(download([file], tmp_path))


def test_a_folder_is_a_mirror(tmp_path: Path, small: Dataset) -> None:
    folder = tmp_path / "with a blank"
    shutil.copytree(small.packed, folder)
    file = small.files[0]
    next(Download([folder.as_uri()])([file], tmp_path))
    assert (tmp_path / file.packed).read_bytes() == (small.packed / file.packed).read_bytes()


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_one_line_and_shown_on_a_terminal_alone(
    tmp_path: Path,
    small: Dataset,
    serve: Serve,
    monkeypatch: pytest.MonkeyPatch,
    *,
    terminal: bool,
) -> None:
    mirror = serve(small.packed, "stall_midway")
    ours, theirs = pty.openpty() if terminal else os.pipe()
    # A terminal whose writers are all gone may drop what nobody has read yet.
    writer = os.dup(theirs)
    seen = bytearray()

    def look() -> None:
        if not terminal:
            mirror.go_on.set()
        with os.fdopen(ours, "rb", buffering=0) as screen, contextlib.suppress(OSError):  # its end
            while part := screen.read(1000):
                seen.extend(part)
                if b"%" in seen:
                    mirror.go_on.set()

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    with os.fdopen(theirs, "w") as stderr, monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", stderr)
        assert len([*Download([mirror.url])(small.files, tmp_path)]) == len(small.files)
    deadline = time.monotonic() + 60
    while terminal and not seen.endswith(b"\n") and time.monotonic() < deadline:
        time.sleep(0.01)
    os.close(writer)
    looking.join()
    shown = seen.decode().replace("\r\n", "\n")
    if terminal:
        size = sum(file.packed_size for file in small.files)
        half = small.files[0].packed_size / 2 / size
        assert f"MNIST [{'#' * round(20 * half):<20}] {half:4.0%} of {size / 1e6:.1f} MB" in shown
        assert shown.endswith(f"\rMNIST [{'#' * 20}] 100% of {size / 1e6:.1f} MB\n")
        assert shown.count("\n") == 1
    else:
        assert not shown


def test_without_a_stream_nothing_is_shown(
    tmp_path: Path, small: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows's ``pythonw`` has none."""
    monkeypatch.setattr(sys, "stderr", None)
    fetched = Download([small.packed.as_uri()])(small.files, tmp_path)
    assert [path.name for path in fetched] == [file.packed for file in small.files]
