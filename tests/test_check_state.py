"""What a check finds and leaves in the program around it."""

import builtins
import contextlib
import io
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import torch
from mnistlesson import check
from mnistlesson.check._catalogue import mistakes, run_program
from mnistlesson.check._conditions import ConditionsExercise
from mnistlesson.check._exercises import EXERCISES, exercise
from mnistlesson.check._facts import FactsExercise
from mnistlesson.models import DeepNetwork, init_normal, sequential_network
from torch import Tensor, nn

from support.answers import solution
from support.judging import built


def flatten(images: Tensor) -> Tensor:
    return images.flatten(1)


def mlp(inputs: Tensor) -> list[Tensor]:
    w1, b1, w2, b2 = (torch.randn(*size) for size in [(784, 256), (256,), (256, 10), (10,)])
    return [w1, b1, w2, b2, torch.sigmoid(inputs @ w1 + b1) @ w2 + b2]


def init() -> nn.Module:
    model = DeepNetwork()
    init_normal(model, 0.01)
    return model


ANSWERS: dict[str, Any] = {
    "flatten": flatten,
    "mlp": mlp,
    "softmax": lambda x: x.softmax(1),
    "network": DeepNetwork,
    "sequential": sequential_network,
    "init": init,
    **{e.name: e.right for e in map(exercise, EXERCISES) if isinstance(e, FactsExercise)},
    **{
        e.name: run_program(solution(e.name))
        for e in map(exercise, EXERCISES)
        if isinstance(e, ConditionsExercise)
    },
}
answers = pytest.mark.parametrize("name", ANSWERS)


@answers
def test_the_default_device_may_be_another(name: str) -> None:
    torch.set_default_device("meta")
    try:
        assert check.judge(name, ANSWERS[name]).code == "right"
        assert torch.get_default_device() == torch.device("meta")
    finally:
        torch.set_default_device(None)
    with torch.device("meta"):
        assert check.judge(name, ANSWERS[name]).code == "right"


@answers
def test_the_default_dtype_may_be_another_and_change(name: str) -> None:
    wrong = [program for mistake in mistakes(name) for program in mistake.programs][-1]
    codes = []
    for dtype in (torch.float64, torch.float32):
        torch.set_default_dtype(dtype)
        try:
            assert check.judge(name, ANSWERS[name]).code == "right"
            codes.append(check.judge(name, built(wrong, 0)).code)
        finally:
            torch.set_default_dtype(torch.float32)
    assert codes[0] == codes[1] != "right"


@answers
def test_the_cell_may_run_in_inference_mode(name: str) -> None:
    with torch.inference_mode():
        assert check.judge(name, ANSWERS[name]).code == "right"
        assert torch.is_inference_mode_enabled()


def test_a_network_made_in_inference_mode_is_right() -> None:
    with torch.inference_mode():
        model = DeepNetwork()
    assert check.network(model).code == "right"


@answers
def test_no_seed_waits_for_cuda(name: str) -> None:
    def waiting() -> int:
        return len(torch.cuda._lazy_seed_tracker.get_calls())  # noqa: SLF001

    def seeded(*inputs: Tensor) -> object:
        torch.manual_seed(0)
        answer: Callable[..., object] = ANSWERS[name]
        return answer(*inputs)

    before = waiting()
    check.judge(name, seeded if name in {"flatten", "mlp", "softmax"} else ANSWERS[name])
    check.judge("init", lambda: (torch.manual_seed(0), init())[1])
    assert waiting() == before


@pytest.mark.parametrize("ask", [input, lambda: sys.stdin.readline()[0]])
def test_input_raises_and_is_given_back(ask: Callable[[], str]) -> None:
    """A check that waited for it would find that the call does not end."""
    asks = builtins.input, sys.stdin
    assert check.judge("flatten", lambda _: ask()).code == "flatten-raises"
    assert (builtins.input, sys.stdin) == asks


def swallow(_: Tensor) -> None:
    """Catch every exception."""
    while True:
        try:
            while True:
                sum(range(10))
        except:  # noqa: E722, S110 - what a learner may write
            pass


over = threading.Event()
turns = threading.Semaphore(0)


def swallow_slowly(_: Tensor) -> None:
    """Catch every exception, twice over, and go on printing."""

    def inner() -> None:
        while not over.is_set():
            try:
                time.sleep(0.01)
                print("still here")  # noqa: T201
                turns.release()
            except:  # noqa: E722, S110
                pass

    while not over.is_set():
        with contextlib.suppress(BaseException):
            inner()


@pytest.mark.usefixtures("hurried")
def test_what_swallows_every_exception_is_reported_and_prints_no_more(
    capsys: pytest.CaptureFixture[str],
) -> None:
    try:
        assert check.flatten(swallow_slowly).code == "flatten-endless"  # type: ignore[arg-type] # on purpose
        while turns.acquire(blocking=False):
            pass
        for _ in range(2):  # the first may be of what it printed before
            turns.acquire()
        assert "still here" not in capsys.readouterr().out
    finally:
        over.set()


@pytest.mark.usefixtures("hurried")
def test_no_exception_comes_after_a_call_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[object] = []
    monkeypatch.setattr(threading, "excepthook", raised.append)
    for _ in range(3):
        assert check.flatten(swallow).code == "flatten-endless"  # type: ignore[arg-type] # on purpose
    assert raised == []


def test_without_standard_streams_there_is_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(sys, "stdin", None)
    assert "right" in repr(check.flatten(flatten))


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437", "utf-8"])
def test_a_verdict_can_be_printed_in_any_encoding(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    print(check.flatten(flatten))  # noqa: T201 - what a learner does
    stream.flush()
    mark = "✓" if encoding == "utf-8" else "+"
    assert stream.buffer.getvalue().decode(encoding).startswith(f"{mark} flatten: right")
