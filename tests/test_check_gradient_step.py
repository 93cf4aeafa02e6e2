"""The check of ``gradient_step``: each right style passes, and what nobody foresaw is named."""

import pytest
from mnistlesson.check import _gradient_step
from mnistlesson.check._catalogue import run_program

from support.judging import assert_right
from support.seeds import seeds

EXERCISE = _gradient_step.EXERCISE

LOSS = "loss = F.cross_entropy(inputs @ w + b, labels)"
STEP = "with torch.no_grad():\n    w -= lr * w.grad\n    b -= lr * b.grad"
DELETE = "w.grad = b.grad = None"


def step(*parts: str) -> str:
    """Write a function of some lines."""
    lines = [line for part in parts for line in part.splitlines()]
    return "\n    ".join(["def gradient_step(w, b, inputs, labels, lr):", *lines]) + "\n"


RIGHT = [
    step(LOSS, DELETE, "loss.backward()", STEP, "return loss.item()"),
    step(DELETE, LOSS, "loss.backward()", STEP, "return float(loss)"),
    step(LOSS, "loss.backward()", STEP, DELETE, "return loss.item()"),
    step(LOSS, "loss.backward()", STEP, "w.grad.zero_()\nb.grad.zero_()", "return loss.item()"),
    step(
        "if w.grad is not None:\n    w.grad.zero_()\n    b.grad.zero_()",
        *(LOSS, "loss.backward()", STEP, "return loss.item()"),
    ),
    step(
        LOSS,
        "gw, gb = torch.autograd.grad(loss, (w, b))",
        "with torch.no_grad():\n    w.sub_(lr * gw)\n    b.sub_(lr * gb)",
        "return loss.item()",
    ),
    step(
        *(LOSS, DELETE, "loss.backward()", "with torch.no_grad():"),
        "    w.copy_(w - lr * w.grad)\n    b.copy_(b - lr * b.grad)",
        "return loss.detach().item()",
    ),
    step(
        *(LOSS, DELETE, "loss.backward()", "with torch.no_grad():"),
        "    w[:] = w - lr * w.grad\n    b[:] = b - lr * b.grad",
        "return loss.tolist()",
    ),
    step(
        *(LOSS, DELETE, "loss.backward()", "with torch.no_grad():"),
        "    for p in (w, b):\n        p.add_(p.grad, alpha=-lr)",
        "return loss.item()",
    ),
    step(
        *("logits = torch.matmul(inputs, w) + b", "log_p = logits.log_softmax(dim=1)"),
        "loss = -log_p[torch.arange(len(labels)), labels].mean()",
        *(DELETE, "loss.backward()", STEP, "return loss.item()"),
    ),
    step(
        *("loss = nn.CrossEntropyLoss()(torch.addmm(b, inputs, w), labels)", DELETE),
        *("loss.backward()", STEP, "return loss.item()"),
    ),
    "@torch.no_grad()\n"
    + step(
        *("logits = inputs @ w + b", "p = logits.exp() / logits.exp().sum(1, keepdim=True)"),
        "error = (p - F.one_hot(labels, 10)) / inputs.shape[0]",
        *("w -= lr * inputs.T @ error", "b -= lr * error.sum(0)"),
        "return -p[range(len(labels)), labels].log().mean().item()",
    ),
    step(
        *("optimizer = torch.optim.SGD([w, b], lr=lr)", LOSS, "optimizer.zero_grad()"),
        *("loss.backward()", "optimizer.step()", "return loss.item()"),
    ),
]


@seeds
@pytest.mark.parametrize("program", RIGHT)
def test_a_right_style_passes(program: str, seeds: range) -> None:
    assert_right("gradient_step", program, seeds)


BACK = (LOSS, DELETE, "loss.backward()")


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        (["raise NotImplementedError"], "open"),
        (["pass"], "empty"),
        ([*BACK, STEP, "return str(loss.item())"], "not-a-number"),
        ([*BACK, STEP, "return -loss.item()"], "loss"),
        ([*BACK, STEP, "w.data = w.data[:5]", "return loss.item()"], "step"),
        ([*BACK, STEP.replace("lr", "lr**2"), "return loss.item()"], "step"),
        ([*BACK, STEP.replace("lr *", "-lr *"), "return 1.0"], "uphill"),
        ([LOSS, "loss.backward()", STEP, "return loss"], "graph"),
        ([*BACK, STEP, "labels[0] = 3 - labels[0]", "return loss.item()"], "in-place"),
        ([*BACK, "return loss.item(3)"], "raises"),
    ],
)
def test_what_nobody_foresaw_gets_a_true_verdict(parts: list[str], kind: str) -> None:
    verdict = EXERCISE.judge(run_program(step(*parts)))
    assert verdict.code == f"gradient_step-{kind}"
    assert "{" not in str(verdict)
