"""The check of ``flatten``: each wrong program is named, each right style passes."""

import pytest
from mnistlesson.check import Level, _flatten
from mnistlesson.check._catalogue import Mistake, mistakes, run_program

from support.seeds import seeds

EXERCISE = _flatten.EXERCISE
WRONG = [(mistake, program) for mistake in mistakes("flatten") for program in mistake.programs]

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
@pytest.mark.parametrize(("mistake", "program"), WRONG, ids=lambda x: getattr(x, "code", ""))
def test_a_wrong_program_is_named(mistake: Mistake, program: str, seeds: range) -> None:
    for seed in seeds:
        verdict = EXERCISE.judge(run_program(program), seed)
        assert not verdict
        assert (verdict.code, verdict.says) == (mistake.code, mistake.says)
        assert len(verdict.hints) == 3


@seeds
@pytest.mark.parametrize("program", RIGHT)
def test_a_right_style_passes(program: str, seeds: range) -> None:
    for seed in seeds:
        verdict = EXERCISE.judge(run_program(program), seed)
        assert (verdict.level, verdict.code) == (Level.RIGHT, "right")
