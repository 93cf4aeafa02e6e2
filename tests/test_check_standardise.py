"""The check of ``standardise``: each right style passes, and what nobody foresaw is named."""

import pytest
from mnistlesson.check import _standardise
from mnistlesson.check._catalogue import run_program

from support.judging import assert_right
from support.seeds import seeds

EXERCISE = _standardise.EXERCISE

HEAD = "def standardise(train, test):\n    "
BODY = """train, test = train.float(), test.float()
    mean, std = train.mean(), train.std()
    """

RIGHT = [
    HEAD + BODY + "return (train - mean) / std, (test - mean) / std",
    HEAD + BODY + "return [(train - mean) / std, (test - mean) / std]",
    HEAD + BODY + "return tuple((images - mean) / std for images in (train, test))",
    HEAD + BODY + "return train.sub_(mean).div_(std), test.sub_(mean).div_(std)",
    HEAD + BODY + "return train / std - mean / std, test / std - mean / std",
    HEAD
    + """train, test = train / 255, test / 255
    mean, std = train.mean(), train.std()
    train = (train - mean) / std
    test = (test - mean) / std
    return train, test""",
    HEAD
    + """mean = train.float().mean().item()
    std = train.float().std(unbiased=False).item()
    return (train - mean) / std, (test - mean) / std""",
    HEAD
    + """std, mean = torch.std_mean((train / 255 - 0.5) / 0.5)
    return tuple(((x / 255 - 0.5) / 0.5 - mean) / std for x in (train, test))""",
    HEAD
    + """mean = train.sum() / train.numel()
    std = ((train - mean) ** 2).mean().sqrt()
    return (train - mean) / std, (test - mean) / std""",
    HEAD
    + """train, test = train.to(torch.float32), test.to(torch.float32)
    mean, std = torch.mean(train), torch.std(train)
    train -= mean
    train /= std
    test -= mean
    test /= std
    return train, test""",
    HEAD
    + """mean = train.double().mean()
    std = train.double().std()
    return ((train - mean) / std).float(), ((test - mean) / std).float()""",
    HEAD
    + """import numpy as np
    pixels = train.numpy().astype(np.float32)
    mean, std = pixels.mean(), pixels.std()
    return torch.from_numpy((pixels - mean) / std), (test.float() - float(mean)) / float(std)""",
    HEAD
    + """mean, std = train.float().mean(), train.float().std()
    result = torch.empty(len(train), 28, 28)
    for i, image in enumerate(train):
        result[i] = (image - mean) / std
    return result, torch.stack([(image - mean) / std for image in test])""",
    HEAD
    + """train, test = train / 255, test / 255
    mean = train.mean(dim=(0, 1, 2), keepdim=True)
    std = train.flatten().std()
    return (train - mean) / std, (test - mean) / std""",
]


@seeds
@pytest.mark.parametrize("program", RIGHT)
def test_a_right_style_passes(program: str, seeds: range) -> None:
    assert_right("standardise", program, seeds)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("raise NotImplementedError", "open"),
        ("pass", "empty"),
        ("train.float().mean()", "no-return"),
        ("return None, train.float()", "returns"),
        ("return 'both'", "returns"),
        ("return torch.zeros(3, dtype=torch.complex64), train.to_sparse()", "returns"),
        ("return train.float().T, test.float()", "shape"),
        ("return torch.zeros(16, 28, 28), torch.zeros(6, 28, 28)", "std"),
        ("return train.half() / 7 - 2, test.half() / 7", "other"),
        ("return train @ 3", "raises"),
        ("train.zero_(); return train.float(), test.float()", "in-place"),
    ],
)
def test_what_nobody_foresaw_gets_a_true_verdict(body: str, kind: str) -> None:
    verdict = EXERCISE.judge(run_program(HEAD + body + "\n"))
    assert verdict.code == f"standardise-{kind}"
    assert "{" not in str(verdict)


def test_of_two_mistakes_one_is_named() -> None:
    swapped_and_own = HEAD + (
        "train, test = train.float(), test.float()\n"
        "    return (train - train.std()) / train.mean(), (test - test.std()) / test.mean()\n"
    )
    assert EXERCISE.judge(run_program(swapped_and_own)).code == "standardise-swapped"
