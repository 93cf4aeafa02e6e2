"""The check of ``accuracy``: each right style passes, and what nobody foresaw is named."""

import pytest
from mnistlesson.check import _accuracy
from mnistlesson.check._catalogue import run_program

from support.judging import assert_right
from support.seeds import seeds

EXERCISE = _accuracy.EXERCISE

HEAD = "def accuracy(model, loader):\n    "
LOOP = """right = count = 0
    for inputs, labels in loader:
        right += (model(inputs).argmax(dim=1) == labels).sum().item()
        count += len(labels)
    """

RIGHT = [
    HEAD + "model.eval()\n    torch.set_grad_enabled(False)\n    " + LOOP + "return right / count",
    "@torch.no_grad()\n" + HEAD + "model.train(False)\n    " + LOOP + "return right / count",
    "@torch.inference_mode()\n" + HEAD + "model.eval()\n    " + LOOP + "return right / count",
    "@torch.no_grad()\n"
    + HEAD
    + "model.eval()\n    "
    + LOOP
    + "return right / len(loader.dataset)",
    "@torch.no_grad()\n"
    + HEAD
    + "was = model.training\n    model.eval()\n    "
    + LOOP
    + "model.train(was)\n    return right / count",
    "@torch.no_grad()\n"
    + HEAD
    + """model.eval()
    hits = [model(inputs).argmax(1) == labels for inputs, labels in loader]
    return torch.cat(hits).float().mean().item()""",
    "@torch.no_grad()\n"
    + HEAD
    + """model.eval()
    pairs = [(model(inputs), labels) for inputs, labels in loader]
    logits, labels = map(torch.cat, zip(*pairs))
    return float((logits.softmax(1).argmax(1) == labels).sum() / len(labels))""",
    HEAD
    + """model.eval()
    correct, total = 0.0, 0
    with torch.no_grad():
        for data in loader:
            images, labels = data
            outputs = model(images)
            _, predicted = torch.max(outputs.data, 1)
            total += labels.size(0)
            correct += (predicted == labels).sum().item()
    return correct / total""",
    HEAD
    + """model.eval()
    right = 0
    with torch.no_grad():
        for inputs, labels in loader:
            for scores, label in zip(model(inputs), labels):
                if scores.argmax() == label:
                    right += 1
    return right / len(loader.dataset)""",
    HEAD
    + """model.eval()
    share, count = 0.0, 0
    with torch.no_grad():
        for inputs, labels in loader:
            same = model(inputs.flatten(1)).topk(1).indices.squeeze(1).eq(labels)
            share += same.float().mean().item() * len(labels)
            count += len(labels)
    return share / count""",
    HEAD
    + """model.eval()
    right, count = torch.tensor(0), 0
    for inputs, labels in loader:
        with torch.no_grad():
            scores = model.forward(inputs)
        right += torch.sum(torch.argmax(scores, dim=-1) == labels)
        count += inputs.shape[0]
    return (right / count).item()""",
    HEAD
    + """import numpy as np
    model.eval()
    with torch.no_grad():
        hits = [model(x).numpy().argmax(1) == y.numpy() for x, y in loader]
    return np.concatenate(hits).mean()""",
    HEAD
    + """model.eval()
    inputs = torch.cat([inputs for inputs, _ in loader])
    labels = torch.cat([labels for _, labels in loader])
    with torch.no_grad():
        logits, loss = model(inputs), F.cross_entropy(model(inputs), labels)
    return (logits.log_softmax(1).max(1)[1] == labels).float().mean().item()""",
]


@seeds
@pytest.mark.parametrize("program", RIGHT)
def test_a_right_style_passes(program: str, seeds: range) -> None:
    assert_right("accuracy", program, seeds)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("raise NotImplementedError", "open"),
        ("pass", "empty"),
        ("for inputs, labels in loader: model(inputs)", "no-return"),
        ("return None, 0.5", "not-a-number"),
        ("return torch.zeros(2, 3)", "not-a-number"),
        ("return 0.25", "model-unused"),
        ("return model(next(iter(loader))[0]).sum().item() ** 2 + 2", "too-large"),
        ("return 1 / (1 + model(next(iter(loader))[0]).sum().item() ** 2)", "other"),
        ("return model(loader.missing)", "raises"),
    ],
)
def test_what_nobody_foresaw_gets_a_true_verdict(body: str, kind: str) -> None:
    verdict = EXERCISE.judge(run_program(HEAD + body + "\n"))
    assert verdict.code == f"accuracy-{kind}"
    assert "{" not in str(verdict)


@pytest.mark.parametrize(
    ("end", "kind"),
    [("right", "count"), ("100 * right / count", "percent"), ("right / count", "no-eval")],
)
def test_of_several_mistakes_the_gravest_is_named(end: str, kind: str) -> None:
    verdict = EXERCISE.judge(run_program(HEAD + LOOP + f"return {end}"))
    assert verdict.code == f"accuracy-{kind}"
