"""Where the digits come from: MNIST where it can be had, an embedded sample of it where it cannot.

Import this module before torchvision: it also makes ``import torchvision`` work where the two were
built apart (``mnistlesson/_torchvision.py``).
"""

import torch
from mnistlesson import _digits, _torchvision  # noqa: F401 - it repairs the import of torchvision below
from mnistlesson._digits import Digits, in_use, root
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

__all__ = ["EMBEDDED", "Digits", "first_batch", "in_use", "root"]

EMBEDDED = _digits.EMBEDDED
"""The embedded digits' folder. Where ``MNISTLESSON_DATA`` names it, no download is tried.

Examples:
    >>> from mnistlesson import data
    >>> len([*(data.EMBEDDED / "MNIST" / "raw").iterdir()])
    4

:meta hide-value:
"""


def first_batch() -> tuple[torch.Tensor, torch.Tensor]:
    """Load the batch that step 1 of the lesson loads: the same 64 digits each time.

    The random state of the program is neither read nor changed.

    Returns:
        ``images``, float32 of shape (64, 1, 28, 28) from -1 (paper) to 1 (ink), and ``labels``,
        int64 of shape (64,).

    Raises:
        FileNotFoundError: As :func:`root`.

    Examples:
        >>> from mnistlesson import data
        >>> images, labels = data.first_batch()
        >>> images.shape, labels.shape
        (torch.Size([64, 1, 28, 28]), torch.Size([64]))
        >>> images.min(), images.max()
        (tensor(-1.), tensor(1.))
    """
    transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    trainset = datasets.MNIST(root(), download=True, train=True, transform=transform)
    generator = torch.Generator().manual_seed(0)
    trainloader = DataLoader(trainset, batch_size=64, shuffle=True, generator=generator)
    images, labels = next(iter(trainloader))
    return images, labels
