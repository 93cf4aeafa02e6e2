"""Make the embedded digits: ``python tests/tools/make_digits.py MNIST [FOLDER]``.

They are the first images and labels of MNIST, in MNIST's own file format, IDX: a head that says how
many there are, then one after another. ``MNIST`` is a folder with MNIST's four packed files.
"""

import gzip
import math
import sys
from pathlib import Path

# 6,048 is 94 batches of 64 and one of 32, as MNIST's 60,000 is 937 batches and one of 32.
KEPT = {"train": 6048, "t10k": 1000}


def first(idx: bytes, number: int) -> bytes:
    """Return an IDX file of the first ``number`` items of an IDX file of bytes.

    Its head is two zeros, the type (8: unsigned bytes), the number of axes, and their sizes, each
    in four bytes.
    """
    axes = idx[3]
    sizes = [int.from_bytes(idx[at : at + 4], "big") for at in range(4, 4 + 4 * axes, 4)]
    begin = 4 + 4 * axes
    end = begin + number * math.prod(sizes[1:])
    return idx[:4] + number.to_bytes(4, "big") + idx[8:end]


def make(mnist: Path, folder: Path) -> None:
    """Write the four files into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for part, number in KEPT.items():
        for name in (f"{part}-images-idx3-ubyte", f"{part}-labels-idx1-ubyte"):
            whole = gzip.decompress((mnist / f"{name}.gz").read_bytes())
            (folder / name).write_bytes(first(whole, number))


if __name__ == "__main__":
    target = sys.argv[2] if len(sys.argv) > 2 else "mnistlesson/digits/MNIST/raw"
    make(Path(sys.argv[1]), Path(target))
