"""The embedded digits: MNIST's first ones, and what the pages say of them."""

import hashlib
from pathlib import Path

import pytest
import torch
from mnistlesson import data
from mnistlesson.data import EMBEDDED
from torchvision import datasets

from support.server import Dataset
from support.site import ROOT
from tools import make_digits

RAW = EMBEDDED / "MNIST" / "raw"

# So that no file of them changes unseen where MNIST is not at hand.
SHA256 = {
    "t10k-images-idx3-ubyte": "de7c252b04f05e1f8309634180ccdf286dc6dbac8c579b74e76e02ae0331ca52",
    "t10k-labels-idx1-ubyte": "832c0d20f0dc42e575488c75a83a970787d4c8d4d05831b2ef03701b4a478a90",
    "train-images-idx3-ubyte": "256e61b2783544778733c228bcd603830ae969c2af5aaec9cdbf55507dc21e27",
    "train-labels-idx1-ubyte": "9241441c4761ea8e58b3286837e3669b3731dce15190117d277d951046642222",
}


def test_they_are_whole() -> None:
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in RAW.iterdir()}
    assert digests == SHA256


@pytest.mark.parametrize(("train", "count"), [(True, 6048), (False, 1000)])
def test_torchvision_reads_them(*, train: bool, count: int) -> None:
    digits = datasets.MNIST(EMBEDDED, train=train, download=True)
    assert digits.data.shape == (count, 28, 28)
    assert digits.targets.shape == (count,)
    assert digits.targets.unique().tolist() == [*range(10)]


@pytest.mark.digits
@pytest.mark.parametrize("train", [True, False])
def test_they_are_the_first_of_the_digits_in_use(*, train: bool) -> None:
    embedded, used = (datasets.MNIST(root, train=train) for root in (EMBEDDED, data.root()))
    assert torch.equal(embedded.data, used.data[: len(embedded)])
    assert torch.equal(embedded.targets, used.targets[: len(embedded)])


def test_made_again_they_are_the_same(tmp_path: Path, dataset: Dataset) -> None:
    make_digits.make(dataset.packed, tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in RAW.iterdir()}


def test_what_tells_of_them_says_how_many_they_are() -> None:
    text = (EMBEDDED / "README.md").read_text(encoding="utf-8")
    for number in make_digits.KEPT.values():
        assert f"{number:,}" in text
    for page in ("README.md", "docs/install.md", "gallery/01_digits.py"):
        assert f"{sum(make_digits.KEPT.values()):,}" in (ROOT / page).read_text(encoding="utf-8")
