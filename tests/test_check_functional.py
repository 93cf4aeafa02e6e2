"""The check of ``functional``: right styles, and what learners write beyond the catalogue."""

import pytest
import torch
from mnistlesson import check
from mnistlesson.check._catalogue import run_program
from mnistlesson.check._exercises import exercise
from torch import nn

from support.judging import assert_right
from support.seeds import seeds

INIT = ["self.hidden = nn.Linear(784, 256)", "self.output = nn.Linear(256, 10)"]
RELU = "x = F.relu(self.hidden(x))"
DROP = "x = F.dropout(x, p=0.2, training=self.training)"
OUT = "return self.output(x)"


def program(*forward: str, init: tuple[str, ...] = ()) -> str:
    """Return a class whose methods have these lines."""
    lines = ["class Functional(nn.Module):", "    def __init__(self):"]
    lines += [f"        {line}" for line in ("super().__init__()", *INIT, *init)]
    return "\n".join([*lines, "    def forward(self, x):", *(f"        {x}" for x in forward)])


RIGHT = [
    program(RELU, DROP, OUT),
    program("x = torch.relu(self.hidden(x))", DROP, OUT),
    program("x = self.hidden(x).relu()", DROP, OUT),
    program("x = self.hidden(x)", "x = F.relu_(x)", DROP, OUT),
    program("x = F.relu(self.hidden(x), inplace=True)", DROP, OUT),
    program("x = self.hidden(x).clamp(min=0)", DROP, OUT),
    program("x = torch.maximum(self.hidden(x), torch.zeros(()))", DROP, OUT),
    program("x = F.threshold(self.hidden(x), 0, 0)", DROP, OUT),
    program(RELU, "x = F.dropout(x, 0.2, self.training)", OUT),
    program(RELU, "x = torch.dropout(x, 0.2, self.training)", OUT),
    program(RELU, "if self.training: x = F.dropout(x, p=0.2)", OUT),
    program(RELU, "p = 0.2 if self.training else 0.0", "x = F.dropout(x, p=p)", OUT),
    program(RELU, "x = nn.functional.dropout(x, p=1 / 5, training=self.training)", OUT),
    # ReLU keeps the sign: before it, dropout does the same.
    program("x = F.dropout(self.hidden(x), 0.2, self.training)", "x = F.relu(x)", OUT),
    program(
        RELU, "if self.training:", "    x = x * (torch.rand(x.shape) >= 0.2).float() / 0.8", OUT
    ),
    program(
        RELU,
        "if self.training:",
        "    x = x * torch.bernoulli(torch.full_like(x, 0.8)) / 0.8",
        OUT,
    ),
    program(RELU, "x = F.dropout(x, self.p, self.training)", OUT, init=("self.p = 0.2",)),
    program("x = self.f(self.hidden(x))", DROP, OUT, init=("self.f = F.relu",)),
    program(
        "x = F.linear(x, self.hidden.weight, self.hidden.bias)",
        "x = F.dropout(F.relu(x), 0.2, self.training)",
        "return x @ self.output.weight.T + self.output.bias",
    ),
]


@seeds
@pytest.mark.parametrize("answer", RIGHT)
def test_a_right_style_passes(answer: str, seeds: range) -> None:
    assert_right("functional", answer, seeds)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (program("pass"), "empty"),
        (program("raise NotImplementedError"), "open"),
        (program(RELU, DROP, OUT, init=("raise NotImplementedError",)), "open"),
        (program(RELU, DROP, "self.output(x)"), "no-return"),
        # ReLU's gradient needs its result, and dropout in place has changed that.
        (program(RELU, "x = F.dropout(x, 0.2, self.training, True)", OUT), "raises"),
        (program(RELU, DROP, "return x"), "shape"),
        (program(RELU, DROP, "return self.output(x).tolist()"), "not-a-tensor"),
        (program(RELU, DROP, "return self.output(x).softmax(0)"), "other"),
        (program(RELU, "x = F.dropout(x, training=self.training)", OUT), "rate"),
        (program(RELU, "x = F.dropout(x, 2, self.training)", OUT), "raises"),
        (program(RELU, "x = F.dropout(x, p=0.2, training=training)", OUT), "raises"),
        (program(RELU, "x = F.dropout(x, p=0.2, training=model.training)", OUT), "raises"),
        (program(RELU, "x = F.dropout(x, p=0.2, train=self.training)", OUT), "raises"),
        (program(RELU, "x = F.dropout(x, 0.2, self.eval)", OUT), "train-method"),
        (program(RELU, "x = F.dropout(x, 0.2, self.train())", OUT), "raises"),
        (program(RELU, "x = F.dropout(x, 0.2, bool(self.train))", OUT), "always"),
        (program(RELU, "x = F.dropout1d(x[:, None], 0.2, self.training)[:, 0]", OUT), "whole-rows"),
        (program(RELU, "x = F.alpha_dropout(x, 0.2, self.training)", OUT), "other"),
        (program("x = nn.Flatten()(x)", RELU, DROP, OUT), "right"),
        (program("x = self.hidden(F.relu(x))", DROP, OUT), "other"),
        (program("x = F.gelu(self.hidden(x))", DROP, OUT), "activation"),
        (program("x = F.ReLU(self.hidden(x))", DROP, OUT), "raises"),
        (program("x = nn.ReLU(self.hidden(x))", OUT), "constructor"),
        (program("x = F.relu(self.hidden)", DROP, OUT), "raises"),
        (program("x = F.relu(self.hidden(x.view(7, 784)))", DROP, OUT), "fixed-batch"),
        (program("x = F.relu(self.hidden(x.squeeze()))", DROP, OUT), "fixed-batch"),
        pytest.param(program("while True: pass"), "endless", marks=pytest.mark.slow),
        (program("return x if x > 0 else x"), "condition"),
        (program(RELU, DROP, OUT).replace("256, 10", "256, 11"), "sizes"),
        (program(RELU, DROP, OUT, init=("self.more = nn.Linear(1, 1)",)), "names"),
        (program(RELU, DROP, OUT, init=("self.norm = nn.Dropout(0.2)",)), "modules"),
        (program(RELU, DROP, OUT).replace("__init__(self)", "_init_(self)"), "init-name"),
        ("def functional(): return F.relu", "not-a-module"),
        ("functional = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))", "names"),
    ],
)
def test_what_learners_write_otherwise(answer: str, kind: str) -> None:
    verdict = check.judge("functional", run_program(answer))
    assert verdict.code == (kind if kind == "right" else f"functional-{kind}")


def test_an_instance_is_right_and_stays_as_it_was() -> None:
    model: nn.Module = run_program(RIGHT[0])().eval()
    before = [parameter.clone() for parameter in model.parameters()]
    assert exercise("functional").judge(model).code == "right"
    assert not model.training
    assert all(map(torch.equal, model.parameters(), before))


def test_what_is_no_module_is_said() -> None:
    assert exercise("functional").judge(3).code == "functional-not-a-module"
