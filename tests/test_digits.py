"""The embedded digits: made again they are the same, and they are what the pages say of them."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from mnistlesson.data import EMBEDDED
from sklearn.datasets import load_digits
from torchvision import datasets

from support.site import ROOT


def test_made_again_they_are_the_same(tmp_path: Path) -> None:
    script = ROOT / "tests" / "tools" / "make_digits.py"
    subprocess.run([sys.executable, script, tmp_path], check=True)
    made, embedded = (
        {path.name: path.read_bytes() for path in folder.iterdir()}
        for folder in (tmp_path, EMBEDDED / "MNIST" / "raw")
    )
    assert made == embedded


@pytest.mark.parametrize(("train", "count"), [(True, 1440), (False, 357)])
def test_torchvision_reads_them(*, train: bool, count: int) -> None:
    digits = datasets.MNIST(EMBEDDED, train=train, download=True)
    targets = load_digits().target
    assert digits.targets.tolist() == (targets[:1440] if train else targets[1440:]).tolist()
    assert digits.data.shape == (count, 28, 28)


def test_they_are_set_as_mnists_makers_set_theirs() -> None:
    for train in (True, False):
        for image in datasets.MNIST(EMBEDDED, train=train).data.numpy().astype(float):
            rows, columns = image.nonzero()
            assert max(np.ptp(rows), np.ptp(columns)) < 20, "a box of 20 by 20"
            for axis in np.indices(image.shape):
                centre = (axis * image).sum() / image.sum()
                assert abs(centre - 14) <= 0.5, "the centre of mass where MNIST has it"
