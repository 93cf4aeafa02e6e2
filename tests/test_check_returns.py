"""The check of ``mlp``: what is returned, and mistakes that come in company."""

import pytest
import torch
from mnistlesson import check
from mnistlesson.check._catalogue import run_program

HEAD = """
notes = torch.ones(64, 784)

def mlp(inputs):
    w1, b1 = torch.randn(784, 256), torch.randn(256)
    w2, b2 = torch.randn(256, 10), torch.randn(10)
"""
OUT = "torch.sigmoid(inputs @ w1 + b1) @ w2 + b2"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (f"return [w1, b1, w2, b2, {OUT}]", "right"),
        (f"return {OUT}", "out-only"),
        (f"return ({OUT}).softmax(1)", "out-only"),
        (OUT, "no-return"),
        ("return w1, b1, w2, b2", "returns"),
        (f"return (w1, b1), (w2, b2), {OUT}", "returns"),
        (f"return inputs, w1, b1, w2, b2, {OUT}", "returns"),
        (f"return dict(w1=w1, b1=b1, w2=w2, b2=b2, out={OUT})", "returns"),
        ("return 'out'", "returns"),
        (f"return w1, w2, b1, b2, {OUT}", "return-order"),
        (f"return {OUT}, w1, b1, w2, b2", "return-order"),
        (f"return w1, b1, w2, b2, {OUT.replace('inputs', 'inputs.view(64, 784)')}", "fixed-batch"),
        (f"return w1, b1, w2, b2, {OUT.replace('inputs', 'inputs[:64]')}", "fixed-batch"),
        (f"return w1, b1, w2, b2, {OUT.replace('inputs', 'inputs.squeeze()')}", "fixed-batch"),
        (f"return w1, b1, w2, b2, {OUT.replace('inputs', 'notes')}", "unused-argument"),
        ("return w1, b1, w2, b2, torch.randn(len(inputs), 10)", "unused-argument"),
        ("return w1, b1, w2, b2, inputs.double() @ w1", "dtype"),
        ("return w1, b1, w2, b2, inputs @ w1.T", "raises"),
        ("return w1, b1, w2, b2, None", "missing"),
    ],
)
def test_what_is_returned(line: str, kind: str) -> None:
    verdict = check.judge("mlp", run_program(f"{HEAD}    {line}\n"))
    assert verdict.code == (kind if kind == "right" else f"mlp-{kind}")


@pytest.mark.parametrize("body", ["pass", "...", "'Later.'", "return None"])
def test_where_nothing_is_computed_there_is_no_answer_yet(body: str) -> None:
    verdict = check.judge("mlp", run_program(f"def mlp(inputs):\n    {body}\n"))
    assert (verdict.level, verdict.code) == (check.Level.OPEN, "mlp-empty")


@pytest.mark.parametrize(
    ("out", "kind"),
    [
        ("inputs @ w1 @ w2 + b2", "linear"),
        ("(inputs @ w1 + b1) @ w2", "linear"),
        ("torch.relu(inputs @ w1) @ w2 + b2", "relu"),
        ("torch.tanh(inputs @ w1 + b1) @ w2", "tanh"),
        ("torch.sigmoid(inputs @ w1 - b1) @ w2", "minus-bias"),
        ("1 / (1 + torch.exp(-inputs @ w1 + b1)) @ w2 + b2", "minus-bias"),
        ("torch.sigmoid(inputs @ (w1 + b1)) @ w2", "bias-in-weights"),
        ("torch.relu(torch.relu(inputs @ w1 + b1) @ w2 + b2)", "relu"),
        ("torch.log_softmax(torch.tanh(inputs @ w1 + b1) @ w2 + b2, dim=1)", "tanh"),
        ("1 / (1 + torch.exp(inputs @ w1)) @ w2 + b2", "wrong-sign"),
        ("(torch.sigmoid(inputs @ w1) + b1) @ w2", "bias-after"),
    ],
)
def test_of_two_mistakes_the_first_is_named(out: str, kind: str) -> None:
    verdict = check.judge("mlp", run_program(f"{HEAD}    return w1, b1, w2, b2, {out}\n"))
    assert verdict.code == f"mlp-{kind}"
    assert "that is" in verdict.evidence[0]


@pytest.mark.parametrize("scale", [1.0, 0.01, 0.001])
@pytest.mark.parametrize(
    ("function", "code"), [("sigmoid", "right"), ("tanh", "mlp-tanh"), ("relu", "mlp-relu")]
)
def test_small_weights_do_not_hide_the_activation(scale: float, function: str, code: str) -> None:
    program = f"""
def mlp(inputs):
    w1, b1 = torch.randn(784, 256) * {scale}, torch.randn(256) * {scale}
    w2, b2 = torch.randn(256, 10), torch.randn(10)
    return w1, b1, w2, b2, (inputs @ w1 + b1).{function}() @ w2 + b2
"""
    torch.manual_seed(0)
    assert check.judge("mlp", run_program(program)).code == code
