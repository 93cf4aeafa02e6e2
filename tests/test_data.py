"""The digits are MNIST, bit for bit, or the embedded ones and a message, or one clear error."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from mnistlesson import data
from mnistlesson._files import MNIST, File
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

from support.programs import Python
from support.server import Dataset, Server

Serve = Callable[[Path, str], Server]

# For each mirror: what `root` says, twice, what it logs, what was in the way, and what then lies in
# the home.
# `files` is MNIST's table, or that of the small data set that stands in for it.
ROOT = """
import functools, json, logging, os, sys
from pathlib import Path
from mnistlesson import _digits, _download, _files, data

_download.STALL_SECONDS = 3.0
messages = []
handler = logging.Handler()
handler.emit = lambda record: messages.append(record.getMessage())
logging.getLogger("mnistlesson").addHandler(handler)
files = [_files.File(*file) for file in json.loads(sys.argv[1])]
_digits.complete = functools.partial(_files.complete, files=files)
for mirror in sys.argv[2:]:
    os.environ["MNISTLESSON_MIRROR"] = mirror
    messages.clear()
    print(json.dumps({
        "roots": [str(data.root()), str(data.root())],
        "digits": data.in_use(),
        "messages": messages,
        "obstacle": _digits.obstacle(),
        "home": [path.name for path in Path(os.curdir).rglob("*") if path.is_file()],
    }))
"""
EMBEDDED = ["sample of MNIST", 6048, 1000]


def answers(
    python: Python,
    *mirrors: str,
    files: Sequence[File] = MNIST,
    under: Sequence[str] = (),
) -> list[dict[str, Any]]:
    done = python.run("-c", ROOT, json.dumps(files), *mirrors, under=under)
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def assert_embedded(answer: dict[str, Any], *reasons: str) -> None:
    assert answer["roots"] == [str(data.EMBEDDED)] * 2
    assert answer["digits"] == EMBEDDED
    (message,) = answer["messages"]
    assert message.startswith("MNIST could not be had (python -m mnistlesson says why)")
    assert "7,048 of its images" in message
    assert "put MNIST's four .gz files into ~/.pytorch/MNIST_data/MNIST/raw" in message
    assert message.count("\n") == 1
    for reason in reasons:
        assert reason in answer["obstacle"]
    assert answer["home"] == []


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """Return a folder of files of the right names and lengths, and of nothing but zeros."""
    folder = tmp_path / "zeros"
    folder.mkdir()
    for file in MNIST:
        (folder / file.packed).write_bytes(bytes(file.packed_size))
    return folder


@pytest.mark.slow
def test_no_mirror_that_fails_is_the_end(
    empty: Path, small: Dataset, serve: Serve, closed: str, python: Python
) -> None:
    expected = {
        closed: "refused",
        serve(empty, "stall_midway").url: "",  # which of two time limits tells, is open
        serve(empty, "cut_off").url: "ended after 4,956,211 of 9,912,422 bytes",
        serve(empty, "serve").url: "another checksum",
        str(small.packed): "train-images-idx3-ubyte.gz ended after",
        "~/no such folder": "No such file",
    }
    for answer, (mirror, reason) in zip(answers(python, *expected), expected.items(), strict=True):
        # Torchvision's mirrors cannot be reached, and are named.
        named = mirror.replace("~", str(python.home))
        assert_embedded(answer, named, reason, *datasets.MNIST.mirrors)
        told = answer["obstacle"]
        assert told.index(named) < told.index(datasets.MNIST.mirrors[0]), "asked first"


@pytest.mark.parametrize(
    ("mount", "reason"),
    [("64 kB", "No space left on device"), ("read-only", "Read-only file system")],
)
def test_nor_is_a_home_that_cannot_be_written(
    empty: Path, serve: Serve, python: Python, mount: str, reason: str
) -> None:
    under = python.where(python.home, mount)
    (answer,) = answers(python, serve(empty, "serve").url, under=under)
    assert_embedded(answer, reason)


def test_nor_is_a_user_who_has_no_home(python: Python) -> None:
    python.where(python.home, "read-only")  # and with it `unshare`
    under = ["unshare", "--map-user=54321", "env", "--unset=HOME"]
    (answer,) = answers(python, "/no/such/folder", under=under)
    assert_embedded(answer, "home directory")


def test_mnist_comes_from_the_first_good_mirror_and_stays(
    dataset: Dataset, serve: Serve, closed: str, python: Python
) -> None:
    broken, whole = serve(dataset.packed, "cut_off").url, serve(dataset.packed, "serve").url
    folder = python.home / ".pytorch" / "MNIST_data"
    first, *then = answers(python, broken, whole, closed, files=dataset.files)
    assert_embedded(first, "ended after")
    for answer in then:
        assert answer["roots"] == [str(folder)] * 2
        # Four bytes before the labels' own say how many they are; the head is eight.
        counts = [len(dataset.content(dataset.files[labels])) - 8 for labels in (1, 3)]
        assert answer["digits"] == ["MNIST", *counts]
        assert answer["messages"] == []
        assert answer["obstacle"] == ""
    assert dataset.is_whole_in(folder)


def test_a_named_folder_that_holds_them_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNISTLESSON_DATA", f"{data.EMBEDDED.parent}/../mnistlesson/digits/")
    assert data.root() == data.EMBEDDED
    assert list(data.in_use()) == EMBEDDED


def test_so_is_a_copy_of_the_embedded_digits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(data.EMBEDDED, tmp_path / "digits")
    monkeypatch.setenv("MNISTLESSON_DATA", str(tmp_path / "digits"))
    assert list(data.in_use()) == EMBEDDED


def no_folder(_: Path) -> None:
    pass


def a_file(folder: Path) -> None:
    folder.write_text("")


def an_empty_folder(folder: Path) -> None:
    folder.mkdir()


def other_digits(folder: Path) -> None:
    shutil.copytree(data.EMBEDDED, folder)
    with (folder / "MNIST" / "raw" / "t10k-labels-idx1-ubyte").open("ab") as file:
        file.write(b"9")


def packed_files_cut_off(folder: Path) -> None:
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for file in MNIST:
        (raw / file.packed).write_bytes(bytes(1000))


def an_old_copy(folder: Path) -> None:
    (folder / "MNIST" / "processed").mkdir(parents=True)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (no_folder, "no such folder"),
        (a_file, "no such folder"),
        (an_empty_folder, "neither train-images-idx3-ubyte nor train-images-idx3-ubyte.gz"),
        (other_digits, "neither train-images-idx3-ubyte nor train-images-idx3-ubyte.gz"),
        (packed_files_cut_off, "neither train-images-idx3-ubyte nor train-images-idx3-ubyte.gz"),
        (an_old_copy, "processed holds a copy"),
    ],
)
def test_a_named_folder_without_mnist_is_one_clear_error(
    tmp_path: Path,
    serve: Serve,
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[Path], None],
    reason: str,
) -> None:
    folder = tmp_path / "named"
    make(folder)
    monkeypatch.setenv("MNISTLESSON_DATA", str(folder))
    mirror = serve(tmp_path, "serve")
    monkeypatch.setenv("MNISTLESSON_MIRROR", mirror.url)
    for _ in range(2):
        with pytest.raises(FileNotFoundError) as raised:
            data.root()
        message = str(raised.value)
        assert message.startswith(f"MNISTLESSON_DATA names {folder}, which does not hold MNIST: ")
        assert reason in message
        assert f"Put MNIST's four .gz files into {folder}/MNIST/raw" in message
    assert not mirror.asked, "nothing is downloaded into a folder that the user named"


def test_nobodys_home_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNISTLESSON_DATA", "~nobody-of-this-name/digits")
    with pytest.raises(FileNotFoundError, match="names ~nobody-of-this-name/digits"):
        data.root()


@pytest.mark.digits
def test_in_use_counts() -> None:
    digits = data.in_use()
    for train, count in ((True, digits.train), (False, digits.test)):
        assert len(datasets.MNIST(data.root(), train=train)) == count
    assert list(digits) == (EMBEDDED if data.root() == data.EMBEDDED else ["MNIST", 60_000, 10_000])
    assert str(data.Digits("MNIST", 60_000, 10_000)) == (
        "MNIST: 60,000 to train with, 10,000 to test with"
    )


@pytest.mark.digits
def test_the_first_batch_is_the_lessons() -> None:
    transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    trainset = datasets.MNIST(data.root(), download=True, train=True, transform=transform)
    generator = torch.Generator().manual_seed(0)
    trainloader = DataLoader(trainset, batch_size=64, shuffle=True, generator=generator)
    expected_images, expected_labels = next(iter(trainloader))

    with torch.random.fork_rng(devices=[]):
        for seed in (1, 2):
            torch.manual_seed(seed)
            before = torch.get_rng_state()
            images, labels = data.first_batch()
            assert torch.equal(torch.get_rng_state(), before)
            assert torch.equal(images, expected_images)
            assert torch.equal(labels, expected_labels)

    assert (images.shape, images.dtype) == ((64, 1, 28, 28), torch.float32)
    assert (labels.shape, labels.dtype) == ((64,), torch.int64)
    assert (images.min().item(), images.max().item()) == (-1, 1)
    assert set(labels.tolist()) <= set(range(10))
