"""The check of ``linear``: right styles, and what learners write beyond the catalogue."""

import pytest
import torch
from mnistlesson import check
from mnistlesson.check._catalogue import run_program
from mnistlesson.check._exercises import exercise
from torch import nn

from support.judging import assert_right
from support.seeds import seeds

WEIGHT = "self.weight = nn.Parameter(torch.randn(out_features, in_features))"
BIAS = "self.bias = nn.Parameter(torch.zeros(out_features))"


def program(*init: str, forward: str = "return x @ self.weight.T + self.bias") -> str:
    """Return a class whose methods have these lines."""
    lines = [
        "class Linear(nn.Module):",
        "    def __init__(self, in_features, out_features):",
        "        super().__init__()",
        *(f"        {line}" for line in init),
        "    def forward(self, x):",
        *(f"        {line}" for line in forward.split("\n")),
    ]
    return "\n".join(lines)


def calling(forward: str) -> str:
    """Return a class with the right parameters and a forward."""
    return program(WEIGHT, BIAS, forward=forward)


RIGHT = [
    calling("return x @ self.weight.T + self.bias"),
    calling("return x.matmul(self.weight.t()).add(self.bias)"),
    calling("return torch.mm(x, self.weight.transpose(0, 1)) + self.bias"),
    calling("return F.linear(x, self.weight, self.bias)"),
    calling("return torch.addmm(self.bias, x, self.weight.T)"),
    calling("return torch.einsum('ni,oi->no', x, self.weight) + self.bias"),
    calling("return (self.weight @ x.T).T + self.bias"),
    calling("return (x[:, None] * self.weight).sum(dim=2) + self.bias"),
    calling("return (self.weight @ x.mT + self.bias[:, None]).mT"),
    calling("return torch.stack([self.weight @ row + self.bias for row in x])"),
    calling("y = x @ self.weight.T\ny += self.bias\nreturn y"),
    program(BIAS, WEIGHT),
    program(WEIGHT, "self.bias = nn.Parameter(torch.randn(out_features))"),
    program(WEIGHT, "self.register_parameter('bias', nn.Parameter(torch.zeros(out_features)))"),
    program(WEIGHT, BIAS, "nn.init.xavier_uniform_(self.weight)"),
    program(WEIGHT, BIAS, "with torch.no_grad(): self.weight *= in_features**-0.5"),
    program("self.weight = nn.Parameter(torch.empty(out_features, in_features).uniform_())", BIAS),
    program("self.n = out_features", WEIGHT, BIAS).replace("super().", "super(Linear, self)."),
    program(WEIGHT, BIAS).replace("out_features):", "out_features, bias=True):"),
    program(WEIGHT, BIAS).replace("in_features", "m").replace("out_features", "n"),
]


@seeds
@pytest.mark.parametrize("answer", RIGHT)
def test_a_right_style_passes(answer: str, seeds: range) -> None:
    assert_right("linear", answer, seeds)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (program("pass", forward="pass"), "empty"),
        (program("raise NotImplementedError", forward="pass"), "open"),
        (calling("raise NotImplementedError"), "open"),
        (calling("return self.weight @ x.T + self.bias"), "not-transposed"),
        (calling("return (x @ self.weight.T + self.bias).T"), "shape"),
        (calling("return (x @ self.weight.T + self.bias)[0]"), "shape"),
        (calling("return (x @ self.weight.T + self.bias).tolist()"), "not-a-tensor"),
        (calling("return x @ self.weight.T - self.bias"), "other"),
        (calling("return x @ self.weight.T + 2 * self.bias"), "other"),
        (calling("return x @ self.weight.T * self.bias"), "other"),
        (calling("return x @ self.weight.view(-1, 3) + self.bias"), "other"),
        (calling("return x.view(7, 5) @ self.weight.T + self.bias"), "fixed-batch"),
        (calling("return x.squeeze() @ self.weight.T + self.bias"), "fixed-batch"),
        (calling("return x.double() @ self.weight.T + self.bias"), "dtype"),
        (calling("x += 1\nreturn x @ self.weight.T + self.bias"), "in-place"),
        (calling("return (x @ self.weight.T + self.bias).detach()"), "cut-off"),
        (calling("return torch.tensor(x.tolist()) @ self.weight.T + self.bais"), "local"),
        (calling("return x @ self.weights.T + self.bias"), "local"),
        (calling("if x > 0: return x"), "condition"),
        pytest.param(calling("while True: pass"), "endless", marks=pytest.mark.slow),
        (program(WEIGHT, BIAS, "self.scale = nn.Parameter(torch.ones(1))"), "names"),
        (program(WEIGHT, BIAS, "self.extra = nn.Linear(2, 2)"), "nn-linear"),
        (program(WEIGHT, BIAS.replace("out_features", "3")), "sizes"),
        (program(WEIGHT.replace("torch.randn(", "torch.rand("), BIAS), "right"),
        (program(WEIGHT.replace("nn.Parameter", "nn.Parameters"), BIAS), "raises"),
        (program(WEIGHT + ".double()", BIAS), "computed"),
        (program(WEIGHT.replace("features)", "features).double()"), BIAS), "dtype"),
        (program(WEIGHT.replace("features)", "features).long()"), BIAS), "raises"),
        (program("self.weight = nn.Parameter(in_features, out_features)", BIAS), "raises"),
        (program(WEIGHT, "self.bias = None", forward="return x @ self.weight.T"), "no-bias"),
        ("linear = F.linear", "raises"),
        ("linear = nn.Linear", "nn-linear"),
        ("linear = nn.Linear(5, 3)", "not-a-function"),
        ("def linear(x): return x", "arguments"),
        ("def linear(x, y): return x", "not-a-module"),
    ],
)
def test_what_learners_write_otherwise(answer: str, kind: str) -> None:
    verdict = check.judge("linear", run_program(answer))
    assert verdict.code == (kind if kind == "right" else f"linear-{kind}")


def test_an_instance_is_not_what_the_check_takes() -> None:
    assert exercise("linear").judge(nn.Linear(5, 3)).code == "linear-not-a-function"
    assert exercise("linear").judge(torch.ones(3)).code == "linear-not-a-function"
