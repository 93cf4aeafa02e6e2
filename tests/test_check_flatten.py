"""The check of ``flatten``: each right style passes."""

import pytest
from mnistlesson.check import _flatten

from support.judging import assert_right
from support.seeds import seeds

EXERCISE = _flatten.EXERCISE

RIGHT = [
    "def flatten(images): return images.flatten(1)",
    "def flatten(images): return images.flatten(start_dim=1)",
    "def flatten(images): return torch.flatten(images, 1)",
    "def flatten(images): return nn.Flatten()(images)",
    "def flatten(images): return images.view(images.shape[0], -1)",
    "def flatten(images): return images.view(len(images), 784)",
    "def flatten(images): return images.view(-1, 784)",
    "def flatten(images): return images.view(images.size(0), 28 * 28)",
    "def flatten(images): return images.reshape(-1, 28 * 28)",
    "def flatten(images): return images.reshape(images.shape[0], -1).clone()",
    "def flatten(images): return images.squeeze(1).flatten(1)",
    "def flatten(images): return torch.stack([image.ravel() for image in images])",
    "def flatten(images): return torch.cat(images[:, 0].unbind(1), dim=1)",
    "def flatten(images): return torch.einsum('nchw->nchw', images).reshape(len(images), -1)",
]


@seeds
@pytest.mark.parametrize("program", RIGHT)
def test_a_right_style_passes(program: str, seeds: range) -> None:
    assert_right("flatten", program, seeds)
