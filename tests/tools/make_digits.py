"""Make the embedded digits: ``python tests/tools/make_digits.py [FOLDER]``.

They are the UCI Optical Recognition of Handwritten Digits, as scikit-learn ships them, set into
28 by 28 pixels as MNIST's makers set theirs: the ink scaled into a box of 20 by 20 with its
proportions kept, its centre of mass moved to the centre of the image (http://yann.lecun.com/exdb/mnist/).
"""

import struct
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from sklearn.datasets import load_digits

Bytes = npt.NDArray[np.uint8]

# 1,440 is 22 batches of 64 and one of 32, as MNIST's 60,000 is 937 batches and one of 32.
TRAIN = 1440


def as_mnist(digit: npt.NDArray[np.float64]) -> Bytes:
    """Set one digit of (8, 8), ink 0 to 16, into (28, 28), ink 0 to 255."""
    rows, columns = np.any(digit, axis=1).nonzero()[0], np.any(digit, axis=0).nonzero()[0]
    ink = digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = 20 / max(ink.shape)
    size = (round(ink.shape[1] * scale), round(ink.shape[0] * scale))
    # Pillow resizes bytes in whole numbers: the same result on every machine.
    picture = Image.fromarray(np.rint(ink * 255 / 16).astype(np.uint8))
    scaled = np.asarray(picture.resize(size, Image.Resampling.BICUBIC))
    # MNIST's own digits all have it within half a pixel of pixel 14: the shift is in whole pixels.
    shift = [
        round(14 - float((axis * scaled).sum() / scaled.sum())) for axis in np.indices(scaled.shape)
    ]
    # A thin stroke far from the mass must still end inside the image.
    top, left = (min(max(s, 0), 28 - length) for s, length in zip(shift, scaled.shape, strict=True))
    image = np.zeros((28, 28), np.uint8)
    image[top : top + scaled.shape[0], left : left + scaled.shape[1]] = scaled
    return image


def idx(array: Bytes) -> bytes:
    """Return ``array`` in the IDX format of MNIST's files: two zeros, type, axes, sizes, bytes."""
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def make(folder: Path) -> None:
    """Write the four files of MNIST's names into ``folder``."""
    digits = load_digits()
    images = np.stack([as_mnist(digit) for digit in digits.images])
    labels = digits.target.astype(np.uint8)
    folder.mkdir(parents=True, exist_ok=True)
    for name, part in (("train", slice(TRAIN)), ("t10k", slice(TRAIN, None))):
        (folder / f"{name}-images-idx3-ubyte").write_bytes(idx(images[part]))
        (folder / f"{name}-labels-idx1-ubyte").write_bytes(idx(labels[part]))


if __name__ == "__main__":
    make(Path(sys.argv[1] if len(sys.argv) > 1 else "mnistlesson/digits/MNIST/raw"))
