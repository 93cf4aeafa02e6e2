"""Whatever goes wrong while a folder is completed, it then holds the files whole, or as before."""

import json
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from mnistlesson._download import Download
from mnistlesson._files import MNIST, complete
from torchvision import datasets

from support.programs import Python
from support.server import GUARD_SECONDS, Dataset, Server

Serve = Callable[[Path, str], Server]

# Completes a folder from a mirror in a process of its own, and prints which files lie there then.
COMPLETE = """
import json, sys
from pathlib import Path
from mnistlesson._download import Download
from mnistlesson._files import File, complete

folder, mirror, files = sys.argv[1:]
try:
    complete(Path(folder), Download([mirror]), [File(*file) for file in json.loads(files)])
finally:
    print(*(path.name for path in Path(folder).rglob("*") if path.is_file()))
"""

FAULTS = {
    "refused": "refused",
    "missing": "404",
    "garbage": "not HTTP",
    "stall": "timed out|sent nothing",
    "stall_midway": "timed out|sent nothing",
    "drip": "not finished after 10 seconds",
    "drip_head": "sent nothing",
    "cut_off": r"ended after [\d,]+ of [\d,]+ bytes",
    "wrong_bytes": "another checksum",
    "endless": "another checksum",
}
WAITED_FOR = {"stall", "stall_midway", "drip", "drip_head"}


def raw(folder: Path) -> Path:
    path = folder / "MNIST" / "raw"
    path.mkdir(parents=True, exist_ok=True)
    return path


def one_bit_wrong(content: bytes) -> bytes:
    half = len(content) // 2
    return content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :]


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_checksums_are_torchvisions() -> None:
    assert [(file.packed, file.packed_md5) for file in MNIST] == datasets.MNIST.resources


def test_a_mirror_fills_an_empty_folder_once(
    tmp_path: Path, dataset: Dataset, serve: Serve
) -> None:
    mirror = serve(dataset.packed, "serve")
    for _ in range(2):
        complete(tmp_path, Download([mirror.url]), dataset.files)
        assert dataset.is_whole_in(tmp_path)
    assert mirror.asked == [file.packed for file in dataset.files]


def test_files_that_an_interruption_left_are_replaced(
    tmp_path: Path, dataset: Dataset, serve: Serve
) -> None:
    mirror = serve(dataset.packed, "serve")
    cut, wrong, cut_packed, wrong_packed = dataset.files
    content = {file: dataset.content(file) for file in (cut, wrong)}
    packed = {file: (dataset.packed / file.packed).read_bytes() for file in dataset.files}
    # One bit in the middle: the length is right, and a gzip file's head and end.
    left = {
        cut.name: content[cut][: len(content[cut]) // 2],
        wrong.name: one_bit_wrong(content[wrong]),
        cut_packed.packed: packed[cut_packed][: len(packed[cut_packed]) // 2],
        wrong_packed.packed: one_bit_wrong(packed[wrong_packed]),
    }
    for name, what in left.items():
        (raw(tmp_path) / name).write_bytes(what)

    complete(tmp_path, Download([mirror.url]), dataset.files)

    assert dataset.is_whole_in(tmp_path)
    assert mirror.asked == [file.packed for file in dataset.files]


def test_packed_files_in_the_folder_are_enough(tmp_path: Path, dataset: Dataset) -> None:
    shutil.copytree(dataset.packed, raw(tmp_path), dirs_exist_ok=True)
    for file in dataset.files:
        (raw(tmp_path) / file.name).write_bytes(dataset.content(file)[:1_000_000])
    (raw(tmp_path) / dataset.files[1].name).unlink()
    complete(tmp_path, None, dataset.files)
    assert dataset.is_whole_in(tmp_path)


def test_without_a_mirror_what_is_missing_is_named(tmp_path: Path, small: Dataset) -> None:
    shutil.copytree(small.packed, raw(tmp_path), dirs_exist_ok=True)
    packed = raw(tmp_path) / small.files[2].packed
    packed.write_bytes(packed.read_bytes()[:-1])
    with pytest.raises(FileNotFoundError, match=small.files[2].packed):
        complete(tmp_path, None, small.files)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "fault",
    [pytest.param(f, marks=[pytest.mark.slow] if f in WAITED_FOR else []) for f in FAULTS],
)
def test_a_mirror_that_fails_changes_nothing(
    tmp_path: Path, small: Dataset, serve: Serve, closed: str, fault: str
) -> None:
    url = closed if fault == "refused" else serve(small.packed, fault).url
    first, second, *_ = small.files
    (raw(tmp_path) / first.name).write_bytes(small.content(first))
    (raw(tmp_path) / second.name).write_bytes(small.content(second)[:100])
    before = contents(tmp_path)

    with pytest.raises(OSError, match=f"{url}: .*({FAULTS[fault]})"):
        complete(tmp_path, Download([url]), small.files)

    assert contents(tmp_path) == before
    assert not list(tmp_path.rglob(".part-*"))


@pytest.mark.usefixtures("in_background")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_download_is_not_trusted(
    tmp_path: Path, dataset: Dataset, serve: Serve, python: Python, how: signal.Signals
) -> None:
    mirror = serve(dataset.packed, "stall_midway")
    process = python.start("-c", COMPLETE, tmp_path, mirror.url, json.dumps(dataset.files))
    assert mirror.half_sent.wait(GUARD_SECONDS)
    process.send_signal(how)
    _, errors = process.communicate()
    assert process.returncode == -how, errors
    assert not [path for path in raw(tmp_path).iterdir() if not path.name.startswith(".part-")]
    if how == signal.SIGINT:  # of the two, the one that lets a process tidy up
        assert not contents(tmp_path)

    complete(tmp_path, Download([serve(dataset.packed, "serve").url]), dataset.files)

    assert all(
        (raw(tmp_path) / file.name).read_bytes() == dataset.content(file) for file in dataset.files
    )


def test_two_processes_at_once(
    tmp_path: Path, dataset: Dataset, serve: Serve, python: Python
) -> None:
    mirror = serve(dataset.packed, "serve_both")
    both = [
        python.start("-c", COMPLETE, tmp_path, mirror.url, json.dumps(dataset.files))
        for _ in range(2)
    ]
    assert [process.communicate()[1] for process in both] == ["", ""]
    assert [process.returncode for process in both] == [0, 0]
    assert dataset.is_whole_in(tmp_path)
    assert sorted(mirror.asked) == sorted([file.packed for file in dataset.files] * 2)


@pytest.mark.parametrize("mount", ["read-only", "64 kB", "1500 kB"])
def test_a_folder_that_cannot_be_written(
    tmp_path: Path, small: Dataset, serve: Serve, python: Python, mount: str
) -> None:
    # 64 kB are too little for the download; 1500 kB are enough for it, and too little to unpack it.
    reason = "Read-only file system" if mount == "read-only" else "No space left on device"
    mirror = serve(small.packed, "serve")
    done = python.run(
        *("-c", COMPLETE, tmp_path, mirror.url, json.dumps(small.files)),
        under=python.where(tmp_path, mount),
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("OSError: ")
    assert reason in done.stderr.splitlines()[-1]
    assert not done.stdout.split()
    assert bool(mirror.asked) == (mount != "read-only")


def test_a_file_gets_its_name_by_a_rename(
    tmp_path: Path, small: Dataset, serve: Serve, python: Python
) -> None:
    # Room for each file once. A copy, which others could see half done, would need more.
    done = python.run(
        *("-c", COMPLETE, tmp_path, serve(small.packed, "serve").url, json.dumps(small.files)),
        under=python.where(tmp_path, "8000 kB"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(done.stdout.split()) == sorted(file.name for file in small.files)


def test_a_whole_folder_need_not_be_written(
    tmp_path: Path, small: Dataset, closed: str, python: Python
) -> None:
    shutil.copytree(small.packed, raw(tmp_path), dirs_exist_ok=True)
    complete(tmp_path, None, small.files)
    done = python.run(
        *("-c", COMPLETE, tmp_path, closed, json.dumps(small.files)),
        under=python.where(tmp_path, "read-only"),
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_an_old_torchvisions_copy_is_not_trusted(tmp_path: Path, small: Dataset) -> None:
    shutil.copytree(small.packed, raw(tmp_path), dirs_exist_ok=True)
    processed = tmp_path / "MNIST" / "processed"
    processed.mkdir()
    with pytest.raises(FileExistsError, match=f"{processed} .* remove that folder"):
        complete(tmp_path, None, small.files)
