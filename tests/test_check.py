"""What all checks have in common: their verdicts, and that they leave no trace."""

import contextlib
import pickle
import random
import re
from collections.abc import Callable

import numpy as np
import pytest
import torch
from mnistlesson import check
from mnistlesson.check import Level, NotYetError, Verdict, _run
from torch import Tensor

from support.contrast import contrast
from support.programs import Python

HINTS = ("What?", "This: 3.", "Try that.")


def verdict(level: Level = Level.NOT_YET, says: str = "It is not so.") -> Verdict:
    """Return a verdict as a check makes it."""
    return Verdict("softmax", level, "softmax-columns", says, ("3 < 4",), HINTS)


@pytest.mark.parametrize("level", Level)
def test_verdict_is_true_where_the_answer_is_right(level: Level) -> None:
    assert bool(verdict(level)) == (level in {Level.RIGHT, Level.NOTE})


def test_hints_come_one_at_a_time() -> None:
    given = verdict()
    assert [given.hint() for _ in HINTS] == list(HINTS)
    assert "exercises/mistakes/softmax.html#softmax-columns" in given.hint()


def test_require_raises_what_is_wrong() -> None:
    verdict(Level.RIGHT).require()
    with pytest.raises(NotYetError, match="It is not so"):
        verdict().require()


def test_a_log_gets_no_colour(capsys: pytest.CaptureFixture[str]) -> None:
    print(verdict())  # noqa: T201 - what a learner does
    out = capsys.readouterr().out
    assert "softmax: not yet. It is not so." in out
    assert "\033" not in out


def test_a_terminal_gets_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert repr(verdict()).startswith("\033[33m")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\033" not in repr(verdict())


def test_html_is_escaped_and_says_it_in_words() -> None:
    html = verdict(says="<script>alert(1)</script>")._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "3 &lt; 4" in html
    assert "not yet" in html
    assert "✗" in html


@pytest.mark.parametrize("level", Level, ids=lambda level: level.name)
def test_a_level_is_told_apart_in_a_light_and_in_a_dark_notebook(level: Level) -> None:
    html = verdict(level)._repr_html_()
    # The mark's colour stands on that of the level; all other text has the notebook's own.
    assert re.findall("[^-]color:(#[0-9a-f]+)", html) == ["#fff"]
    (shade,) = set(re.findall("#[0-9a-f]{6}", html))
    assert contrast(shade, "#ffffff") >= 4.5, "the mark on it"
    assert contrast(shade, "#111111") >= 3, "its frame on the page of JupyterLab's dark theme"


def disturb(images: Tensor) -> Tensor:
    """Return the right thing, and change all that a program shares."""
    torch.manual_seed(7)
    random.seed(7)
    np.random.seed(7)  # noqa: NPY002 - what a learner may do
    torch.set_default_dtype(torch.float64)
    torch.set_grad_enabled(False)
    return images.flatten(1)


def states() -> list[bytes]:
    """Return the random states that a program shares."""
    shared = random.getstate(), np.random.get_state(legacy=False)["state"]  # noqa: NPY002
    return [torch.get_rng_state().numpy().tobytes(), pickle.dumps(shared)]


def test_a_check_leaves_no_trace() -> None:
    before = states()
    assert check.flatten(disturb)
    assert states() == before
    assert torch.get_default_dtype() == torch.float32
    assert torch.is_grad_enabled()


def endless(_images: Tensor) -> None:
    """Try to stay."""
    while True:
        with contextlib.suppress(Exception):
            sum(range(1000))


def talkative(images: Tensor) -> Tensor:
    """Print without measure."""
    for _ in range(1000):
        print("x" * 10_000)  # noqa: T201
    return images.flatten(1)


def leaving(_images: Tensor) -> None:
    """Try to end the program."""
    raise SystemExit


class Unsayable(Exception):  # noqa: N818
    """Raises another error when it is to be shown."""

    def __str__(self) -> str:
        """Fail."""
        raise ValueError

    __repr__ = __str__


def unsayable(_images: Tensor) -> None:
    """Raise what cannot be shown."""
    raise Unsayable


def recursive(images: Tensor) -> Tensor:
    """Call itself for ever."""
    return recursive(images)


@pytest.mark.parametrize(
    ("function", "code"),
    [
        (endless, "flatten-endless"),
        (leaving, "flatten-raises"),
        (unsayable, "flatten-raises"),
        (recursive, "flatten-raises"),
        (lambda: None, "flatten-arguments"),
        (7, "flatten-not-a-function"),
    ],
)
def test_a_check_never_raises(function: Callable[..., object], code: str) -> None:
    assert check.flatten(function).code == code  # type: ignore[arg-type] # on purpose


def test_much_output_is_bounded(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.flatten(talkative)
    assert len(capsys.readouterr().out) <= _run.LIMIT_CHARACTERS


def test_an_error_is_shown_short_and_with_its_line() -> None:
    def flatten(images: Tensor) -> Tensor:
        return images.view(7, 7)

    evidence = check.flatten(flatten).evidence[0]
    assert "RuntimeError: shape" in evidence
    assert "return images.view(7, 7)" in evidence
    assert len(evidence) < 300


ODD: list[Callable[[], object]] = [
    lambda: torch.ones(3, device="meta"),
    lambda: torch.eye(3).to_sparse(),
    lambda: torch.ones(3, dtype=torch.complex64),
    lambda: torch.ones(64, 784).to(torch.float8_e4m3fn),
    lambda: torch.nested.nested_tensor([torch.ones(2), torch.ones(3)]),
    lambda: torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8),
    lambda: [torch.ones(16, 28, 28, device="meta")] * 2,
    lambda: torch.ones(0),
    lambda: complex(1, 2),
    dict,
    lambda: print,
]
"""What no exercise asks for, made within the check: PyTorch warns of some."""


@pytest.mark.parametrize("name", check.EXERCISES)
def test_whatever_is_returned_gets_a_verdict(name: str) -> None:
    for made in ODD:
        verdict = check.judge(name, lambda *_, made=made: made())
        assert not verdict
        assert verdict.code.startswith(f"{name}-")


def test_an_exercise_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(ValueError, match=r"^There is no exercise 'netwrok'\. There are: standard"):
        check.judge("netwrok", len)


def test_an_exercise_is_imported_when_it_is_asked_for(python: Python) -> None:
    program = """
import sys
from mnistlesson import check
check.judge("flatten", lambda images: images.flatten(1)).require()
print([name for name in check.EXERCISES if f"mnistlesson.check._{name}" in sys.modules])
"""
    assert python.run("-c", program).stdout == "['flatten']\n"
