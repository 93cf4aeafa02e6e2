"""The check of ``train_epoch``: each right style passes, and what nobody foresaw is named."""

import pytest
from mnistlesson.check import Level, _train_epoch
from mnistlesson.check._catalogue import run_program

from support.judging import assert_right
from support.seeds import seeds

EXERCISE = _train_epoch.EXERCISE

HEAD = "def train_epoch(model, loader, optimizer):\n    model.train()\n    "
LOSS = "loss = F.cross_entropy(model(inputs), labels)"


def looped(lines: str, end: str = "return total / count") -> str:
    """Write a function with a loop over the batches."""
    body = "\n        ".join(lines.splitlines())
    loop = "for inputs, labels in loader:"
    return f"{HEAD}total, count = 0.0, 0\n    {loop}\n        {body}\n    {end}\n"


STEP = "optimizer.zero_grad()\nloss.backward()\noptimizer.step()\n"
NO_ZERO = "loss.backward()\noptimizer.step()\n"
ADD = "total += loss.item() * len(labels)\ncount += len(labels)"

RIGHT = [
    looped(f"{LOSS}\n{STEP}{ADD}"),
    looped(f"optimizer.zero_grad()\n{LOSS}\nloss.backward()\noptimizer.step()\n{ADD}"),
    looped(f"{LOSS}\nloss.backward()\noptimizer.step()\noptimizer.zero_grad()\n{ADD}"),
    looped(f"{LOSS}\nmodel.zero_grad()\nloss.backward()\noptimizer.step()\n{ADD}"),
    looped(
        f"{LOSS}\noptimizer.zero_grad(set_to_none=False)\nloss.backward()\noptimizer.step()\n{ADD}"
    ),
    looped(
        f"for p in model.parameters():\n    p.grad = None\n{LOSS}\nloss.backward()\n"
        f"optimizer.step()\n{ADD}"
    ),
    looped(
        f"{LOSS}\n{STEP}total += loss.item() * len(labels)", "return total / len(loader.dataset)"
    ),
    looped(f"loss = nn.CrossEntropyLoss()(model(inputs), labels)\n{STEP}{ADD}"),
    looped(f"loss = F.nll_loss(model(inputs).log_softmax(1), labels)\n{STEP}{ADD}"),
    looped(
        "scores = model(inputs)\n"
        f"loss = -torch.log_softmax(scores, 1)[range(len(labels)), labels].mean()\n{STEP}{ADD}"
    ),
    looped(
        f"losses = F.cross_entropy(model(inputs), labels, reduction='none')\nloss = losses.mean()\n"
        f"{STEP}total += losses.sum().item()\ncount += labels.size(0)"
    ),
    looped(f"{LOSS}\n{STEP}total += loss.detach() * len(labels)\ncount += len(labels)").replace(
        "return total / count", "return (total / count).item()"
    ),
    looped(
        f"with torch.enable_grad():\n    {LOSS}\n{STEP}total += float(loss) * inputs.size(0)\n"
        "count += inputs.shape[0]"
    ),
    HEAD
    + f"""losses, sizes = [], []
    for batch in loader:
        inputs, labels = batch[0], batch[1].long()
        {LOSS}
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        sizes.append(len(labels))
    return sum(l * n for l, n in zip(losses, sizes)) / sum(sizes)""",
    HEAD
    + f"""total = 0.0
    for inputs, labels in loader:
        def closure():
            optimizer.zero_grad()
            {LOSS}
            loss.backward()
            return loss
        total += optimizer.step(closure).item() * len(labels)
    return total / len(loader.dataset)""",
    HEAD
    + f"""losses = torch.zeros(len(loader.dataset))
    place = 0
    batches = iter(loader)
    while True:
        try:
            inputs, labels = next(batches)
        except StopIteration:
            return losses.mean().item()
        {LOSS}
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses[place : place + len(labels)] = loss.item()
        place += len(labels)""",
]


@seeds
@pytest.mark.parametrize("program", RIGHT)
def test_a_right_style_passes(program: str, seeds: range) -> None:
    assert_right("train_epoch", program, seeds)


@pytest.mark.parametrize(
    ("lines", "end", "kind"),
    [
        (
            f"loss = F.mse_loss(model(inputs), F.one_hot(labels, 10).float())\n{NO_ZERO}{ADD}",
            "return total / count",
            "no-zero-grad",
        ),
        (f"{LOSS}\n{STEP}", "return 'done'", "not-a-number"),
        (f"{LOSS}\n{STEP}", "return None", "no-return"),
        (f"{LOSS}\n{STEP}count += 1", "return count", "loss"),
        (
            f"{LOSS}\n{STEP}for p in model.parameters(): p.data *= 0.99\n{ADD}",
            "return total / count",
            "weights",
        ),
        (f"{LOSS}\n{STEP}if count: optimizer.step()\n{ADD}", "return total / count", "more-steps"),
        (
            f"{LOSS}\nif not count: loss.backward(); optimizer.step()\n{ADD}",
            "return total / count",
            "fewer-steps",
        ),
        ("model(labels)", "return 0.0", "dtype"),
        ("model(inputs[0:0] @ 3)", "return 0.0", "raises"),
        ("raise NotImplementedError", "return 0.0", "open"),
        (
            f"model.weight = nn.Parameter(torch.zeros(10, 784))\n{LOSS}\n{STEP}{ADD}",
            "return total / count",
            "no-backward",
        ),
    ],
)
def test_what_nobody_foresaw_gets_a_true_verdict(lines: str, end: str, kind: str) -> None:
    verdict = EXERCISE.judge(run_program(looped(lines, end)))
    assert verdict.code == f"train_epoch-{kind}"
    assert "{" not in str(verdict)


def test_where_nothing_is_computed_there_is_no_answer_yet() -> None:
    program = "def train_epoch(model, loader, optimizer):\n    pass\n"
    assert EXERCISE.judge(run_program(program)).level is Level.OPEN
