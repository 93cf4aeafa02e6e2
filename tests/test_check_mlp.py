"""The check of ``mlp``: each right style passes."""

from typing import Any

import numpy as np
import pytest
import torch
from mnistlesson import check
from mnistlesson.check import Level, Verdict, _mlp
from mnistlesson.check._catalogue import run_program
from mnistlesson.check._compare import probe
from torch import Tensor, nn

from support.seeds import seeds

DRAWN = """
def mlp(inputs):
    w1, b1 = torch.randn(784, 256), torch.randn(256)
    w2, b2 = torch.randn(256, 10), torch.randn(10)
    hidden = {}
    out = {}
    return w1, b1, w2, b2, out
"""
OUT = "hidden @ w2 + b2"
RIGHT = [
    DRAWN.format("torch.sigmoid(inputs @ w1 + b1)", OUT),
    DRAWN.format("(inputs @ w1 + b1).sigmoid()", OUT),
    DRAWN.format("nn.Sigmoid()(inputs @ w1 + b1)", OUT),
    DRAWN.format("F.sigmoid(inputs @ w1 + b1)", "hidden.matmul(w2).add(b2)"),
    DRAWN.format("1 / (1 + torch.exp(-(inputs @ w1 + b1)))", OUT),
    DRAWN.format("(1 + (-inputs.mm(w1) - b1).exp()).reciprocal()", "b2 + hidden.mm(w2)"),
    DRAWN.format("0.5 * (torch.tanh((inputs @ w1 + b1) / 2) + 1)", OUT),
    DRAWN.format("torch.special.expit(inputs @ w1 + b1)", OUT),
    DRAWN.format("F.logsigmoid(inputs @ w1 + b1).exp()", OUT),
    DRAWN.format(
        "torch.sigmoid(torch.addmm(b1, inputs, w1))",
        "torch.addmm(b2, hidden, w2)",
    ),
    DRAWN.format(
        "torch.sigmoid(F.linear(inputs, w1.T, b1))",
        "F.linear(hidden, w2.t(), b2)",
    ),
    DRAWN.format(
        "torch.sigmoid(torch.einsum('ni,ih->nh', inputs, w1) + b1)",
        "torch.einsum('nh,ho->no', hidden, w2) + b2[None]",
    ),
    DRAWN.format(
        "torch.stack([torch.sigmoid(row @ w1 + b1) for row in inputs])",
        "torch.stack([row @ w2 + b2 for row in hidden])",
    ),
    DRAWN.format("torch.sigmoid(inputs.double() @ w1.double() + b1)", "hidden @ w2.double() + b2"),
    DRAWN.format("torch.sigmoid(inputs @ w1 + b1)", "(w2.T @ hidden.T).T + b2"),
    DRAWN.format("torch.sigmoid(inputs @ w1 + b1)", OUT).replace(
        ")\n    w2", ", requires_grad=True)\n    w2"
    ),
    DRAWN.format("torch.sigmoid(inputs @ w1 + b1)", OUT).replace(
        "randn(256, 10)", "randn(256, 10, dtype=torch.float32) * 0.01"
    ),
    """
def mlp(inputs):
    w1, b1 = nn.Parameter(torch.normal(0, 1, (784, 256))), nn.Parameter(torch.randn(1, 256))
    w2, b2 = nn.Parameter(torch.empty(256, 10).normal_()), nn.Parameter(torch.randn(1, 10))
    out = torch.sigmoid(inputs @ w1 + b1) @ w2 + b2
    return w1, b1, w2, b2, out
""",
    """
def mlp(inputs):
    w1, b1, w2, b2 = (torch.randn(*size) * 0.01 for size in [(784, 256), (256,), (256, 10), (10,)])
    out = torch.sigmoid(inputs @ w1 + b1) @ w2 + b2
    return w1, b1, w2, b2, out
""",
    """
def mlp(inputs):
    kind = torch.float64
    w1, b1 = torch.randn(784, 256, dtype=kind), torch.randn(256, dtype=kind)
    w2, b2 = torch.randn(256, 10, dtype=kind), torch.randn(10, dtype=kind)
    out = torch.sigmoid(inputs.double() @ w1 + b1) @ w2 + b2
    return w1, b1, w2, b2, out
""",
]


def judged(program: str, seed: int, rows: int = 64) -> Verdict:
    """Run a program and check what it returns."""
    inputs = probe(rows, 784, seed=seed)
    torch.manual_seed(seed)
    return check.mlp(inputs, *run_program(program)(inputs))


@seeds
@pytest.mark.parametrize("program", RIGHT)
def test_a_right_style_passes(program: str, seeds: range) -> None:
    for seed in seeds:
        for rows in (64, 32, 1):
            verdict = judged(program, seed, rows)
            assert (verdict.level, verdict.code) == (Level.RIGHT, "right"), verdict


def right(inputs: Tensor, dtype: torch.dtype = torch.float32) -> list[Any]:
    """Return the six values of a right answer."""
    torch.manual_seed(0)
    sizes = [(784, 256), (256,), (256, 10), (10,)]
    w1, b1, w2, b2 = (torch.randn(size, dtype=dtype) for size in sizes)
    inputs = inputs.to(dtype)
    return [inputs, w1, b1, w2, b2, torch.sigmoid(inputs @ w1 + b1) @ w2 + b2]


@pytest.mark.parametrize(
    ("inputs", "kind"),
    [
        (torch.ones(64, 1, 28, 28), "not-flattened"),
        (torch.ones(64, 28, 28), "not-flattened"),
        (torch.ones(784, 64), "inputs-shape"),
        (torch.ones(784), "inputs-shape"),
        (torch.ones(0, 784), "inputs-shape"),
        (torch.ones(()), "inputs-shape"),
        (torch.ones(64, 784, dtype=torch.uint8), "integers"),
        (torch.full((64, 784), torch.nan), "nan"),
    ],
)
def test_wrong_inputs_are_named(inputs: Tensor, kind: str) -> None:
    assert check.mlp(inputs, *right(probe(64, 784, seed=0))[1:]).code == f"mlp-{kind}"


@pytest.mark.parametrize("place", range(6))
@pytest.mark.parametrize(
    "value",
    [
        *(None, ..., 3, "x", [1.0], nn.Linear(2, 2), np.ones((64, 10))),
        *(torch.tensor(1), torch.empty(0), torch.ones(2, 3, 4, 5), torch.eye(10).to_sparse()),
        torch.empty(10, device="meta"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_anything_may_be_passed(place: int, value: object) -> None:
    values = right(probe(64, 784, seed=0))
    values[place] = value
    verdict = check.mlp(*values)
    assert verdict.level in {Level.NOT_YET, Level.OPEN}
    assert verdict.code.startswith("mlp-")


@seeds
@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16])
def test_other_precisions_are_right(dtype: torch.dtype, seeds: range) -> None:
    for seed in seeds:
        assert check.mlp(*right(probe(64, 784, seed=seed), dtype)).code == "right"


def test_one_wrong_number_is_seen() -> None:
    values = right(probe(64, 784, seed=0))
    values[5][63, 9] += 1
    assert check.mlp(*values).code == "mlp-other"


def test_nothing_is_changed() -> None:
    values = right(probe(64, 784, seed=0), torch.float64)
    values[5] += 1  # so that every formula is tried
    copies, state = [value.clone() for value in values], torch.get_rng_state()
    assert not check.mlp(*values)
    assert all(map(torch.equal, values, copies))
    assert torch.equal(torch.get_rng_state(), state)


def test_many_rows_are_bounded() -> None:
    values = right(torch.ones(_mlp.ROWS + 1, 784))
    assert check.mlp(*values)
    values[5] = values[5].T
    assert check.mlp(*values).code == "mlp-out-shape"
