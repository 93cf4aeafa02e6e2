"""The checks of functions: what learners write beyond the programs of the catalogue."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from mnistlesson import check
from mnistlesson.check._catalogue import run_program
from torch import Tensor, nn

SCORES = torch.randn(64, 10)
IMAGES = torch.randn(64, 1, 28, 28)


def judged(name: str, body: str) -> check.Verdict:
    """Judge a function with such a body."""
    program = f"import numpy as np\ndef {name}(x):\n {body}\n"
    return check.judge(name, run_program(program))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("return x.squeeze().view(len(x.squeeze()), -1)", "one-image"),
        ("return torch.stack([x[i].ravel() for i in range(64)])", "fixed-batch"),
        ("return torch.stack([x[i].ravel() for i in range(min(64, len(x)))])", "fixed-batch"),
        ("return x.flatten(1) * 2", "changed"),
        ("return x.flatten(1).round()", "changed"),
        ("return x.flatten(1).relu()", "changed"),
        ("return x.flatten(1).flip(1)", "scrambled"),
        ("return x.mean((1, 2, 3))", "shape"),
        ("return x.flatten(1).to_sparse()", "not-ordinary"),
        ("return x.flatten(1).to('meta')", "not-ordinary"),
        ("return x.flatten(1).numpy()", "not-a-tensor"),
        ("'''Nothing yet.'''", "empty"),
        ("return ...", "empty"),
        ("return np.max(x)", "numpy"),
        ("return x.flatten(1) if x else x", "condition"),
    ],
)
def test_flatten(body: str, kind: str) -> None:
    assert judged("flatten", body).code == f"flatten-{kind}"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("return np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)", "numpy"),
        ("return np.amax(x)", "numpy"),
        ("while x > 5:\n  x = x - 1\n return x.softmax(1)", "condition"),
        ("x = x - 50 if x > 50 else x\n return x.softmax(1)", "condition"),
        ("return x.softmax(1).log2()", "log"),
        ("return -x.softmax(1).log10()", "log"),
        ("return x.exp() / x.exp().sum(0).unsqueeze(1)", "columns"),
        ("return x.exp() / x.exp().sum(0)[:, None]", "columns"),
        ("return x.exp() / x.exp().sum(0).expand(64)", "columns"),
        ("return x.exp() / x.exp().sum(0).view(64, 1)", "columns"),
        ("return x.exp() / x.exp().sum(-2)", "columns"),
        ("return torch.stack([column.softmax(0) for column in x.T], 1)", "columns"),
        ("return x.long().softmax(1)", "dtype"),
        ("return x @ torch.eye(10, dtype=torch.float64)", "dtype"),
        ("return x.clamp(-6, 6).softmax(1)", "shares"),
        ("return nn.functional.softmax(x, dim=1).T", "transposed"),
        ("raise TypeError('dim must be an int or None, got Tensor')", "module"),
        ("x.softmax(1)", "no-return"),
        ("...", "empty"),
        ("x = x - max(x)\n return x.softmax(1)", "single-number"),
    ],
)
def test_softmax(body: str, kind: str) -> None:
    verdict = judged("softmax", body)
    assert not verdict
    assert verdict.code == f"softmax-{kind}"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("e = (x - x.abs().max(1, keepdim=True).values).exp()", "not-the-maximum"),
        ("e = (x - x.median(1, keepdim=True).values).exp()", "not-the-maximum"),
        ("e = (x - x.amax(1)[0]).exp()", "global-maximum"),
        ("e = (x - x.mean()).exp()", "overflow"),
        ("e = x.clamp(-80, 80).exp()", "large"),
    ],
)
def test_softmax_is_right_with_a_note(body: str, kind: str) -> None:
    verdict = judged("softmax", f"{body}\n return e / e.sum(1, keepdim=True)")
    assert verdict.level is check.Level.NOTE
    assert verdict.code == f"softmax-{kind}"


@pytest.mark.parametrize("softmax", [torch.nn.functional.softmax, nn.Softmax(), nn.Softmin()])
def test_softmax_without_dim_is_right_with_a_note(softmax: Callable[[Tensor], Tensor]) -> None:
    verdict = check.softmax(softmax)
    right = not isinstance(softmax, nn.Softmin)
    assert verdict.level is (check.Level.NOTE if right else check.Level.NOT_YET)
    assert verdict.code == ("softmax-implicit-dim" if right else "softmax-sign")


@pytest.mark.parametrize("name", ["flatten", "softmax", "mlp"])
@pytest.mark.parametrize("answer", [7, None, "softmax", torch.ones(64, 10)])
def test_what_is_no_function_is_named(name: str, answer: Any) -> None:  # noqa: ANN401 - on purpose
    assert check.judge(name, answer).code == f"{name}-not-a-function"


@pytest.mark.parametrize("name", ["flatten", "softmax", "mlp"])
@pytest.mark.parametrize("answer", [lambda: 1, lambda x, _dim: x, lambda *, x: x])
def test_what_does_not_take_one_argument_is_named(name: str, answer: Callable[..., Any]) -> None:
    verdict = check.judge(name, answer)
    assert verdict.code == f"{name}-arguments"
    assert "<lambda>(" in verdict.evidence[0]


def test_what_takes_more_with_defaults_is_right() -> None:
    def softmax(x: Tensor, dim: int = 1) -> Tensor:
        return x.softmax(dim)

    assert check.softmax(softmax).code == "right"
    # Functions that are not written in Python do not say what they take.
    assert check.softmax(torch.exp).code == "softmax-no-division"


def test_an_argument_that_is_not_used_is_named() -> None:
    assert check.softmax(lambda _: SCORES.softmax(1)).code == "softmax-unused-argument"
    assert check.flatten(lambda _: IMAGES.flatten(1)).code == "flatten-unused-argument"


@pytest.mark.parametrize(
    ("raised", "ask"),
    [
        (NameError("name 'sofmax' is not defined"), "Which name"),
        (AttributeError("'Tensor' object has no attribute 'exps'"), "Of which type"),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied (1x2 and 3x4)"), "shapes"),
        (IndexError("index 5 is out of range"), "Which index"),
        (ModuleNotFoundError("No module named 'helpers'"), "installed"),
        (RecursionError("maximum recursion depth exceeded"), "calls itself"),
        (ZeroDivisionError("division by zero"), "Which value"),
        (AssertionError("no"), "assertion"),
        (SystemExit(1), "ends the program"),
    ],
)
def test_an_error_gets_a_hint_by_its_kind(raised: BaseException, ask: str) -> None:
    def softmax(_: Tensor) -> None:
        raise raised

    verdict = check.judge("softmax", softmax)
    assert verdict.code == "softmax-raises"
    assert ask in verdict.hints[0]
    assert "raise raised" in verdict.hints[1]


def test_the_line_is_the_learners_own_not_a_librarys() -> None:
    def softmax(x: Tensor) -> Any:  # noqa: ANN401 - it gives nothing
        rows = sorted(x.tolist())
        return np.linalg.inv(rows)  # in NumPy, below site-packages

    assert "return np.linalg.inv(rows)" in check.softmax(softmax).evidence[0]


def test_a_compiled_function_is_judged_as_it_was_written() -> None:
    def softmax(x: Tensor) -> Tensor:
        return x.softmax(1)

    softmax._torchdynamo_orig_callable = softmax  # type: ignore[attr-defined] # noqa: SLF001 - what compile leaves
    assert check.softmax(softmax)
