"""The check of ``predict``: right styles, and what learners write beyond the catalogue."""

import pytest
from mnistlesson import check
from mnistlesson.check._catalogue import run_program
from mnistlesson.check._exercises import exercise

from support.judging import assert_right
from support.seeds import seeds

EVAL = "was = model.training; model.eval()"
BACK = "model.train(was)"
P = "P = torch.softmax(model(image.flatten(1)), dim=1)"
ASK = f"with torch.no_grad(): {P}"
RETURN = "return P.argmax().item(), P.max().item()"


def program(*lines: str) -> str:
    """Return a function of these lines."""
    return "\n".join(["import copy", "def predict(model, image):", *(f"    {x}" for x in lines)])


RIGHT = [
    program(EVAL, ASK, BACK, RETURN),
    program(EVAL, ASK, BACK, "p, d = P.max(dim=1)", "return d.item(), p.item()"),
    program(EVAL, ASK, BACK, "p, d = P[0].topk(1)", "return int(d), float(p)"),
    program(EVAL, ASK, BACK, "row = P[0].tolist()", "return row.index(max(row)), max(row)"),
    program(EVAL, ASK, "if was: model.train()", "d = int(P.argmax(1))", "return d, float(P[0, d])"),
    program(EVAL, f"with torch.inference_mode(): {P}", BACK, RETURN),
    program(EVAL, ASK.replace("image.flatten(1)", "image.view(1, -1)"), BACK, RETURN),
    program(EVAL, ASK.replace("image.flatten(1)", "image.reshape(-1, 784)"), BACK, RETURN),
    program(EVAL, ASK.replace("image.flatten(1)", "image.unsqueeze(0).flatten(1)"), BACK, RETURN),
    program(EVAL, ASK.replace("image.flatten(1)", "nn.Flatten()(image)"), BACK, RETURN),
    program(EVAL, ASK.replace("image.flatten(1)", "image.flatten()[None]"), BACK, RETURN),
    program(
        EVAL, "with torch.no_grad(): z = model(image.flatten(1))", BACK, "P = z.softmax(-1)", RETURN
    ),
    program(
        EVAL,
        "with torch.no_grad(): z = model(image.flatten(1))",
        BACK,
        "P = z.exp() / z.exp().sum(dim=1, keepdim=True)",
        RETURN,
    ),
    program(
        EVAL,
        "try:",
        "    with torch.no_grad(): P = F.log_softmax(model(image.flatten(1)), 1).exp()",
        "finally: model.train(was)",
        "return [P.argmax().item(), P.max().item()]",
    ),
    program(
        "with torch.no_grad():",
        "    P = copy.deepcopy(model).eval()(image.flatten(1)).softmax(1)",
        RETURN,
    ),
    program(
        EVAL,
        "before = torch.is_grad_enabled()",
        "torch.set_grad_enabled(False)",
        P,
        "torch.set_grad_enabled(before)",
        BACK,
        RETURN,
    ),
    "@torch.no_grad()\n" + program(EVAL, P, BACK, RETURN).partition("\n")[2],
]


@seeds
@pytest.mark.parametrize("answer", RIGHT)
def test_a_right_style_passes(answer: str, seeds: range) -> None:
    assert_right("predict", answer, seeds)


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (["pass"], "empty"),
        (["return"], "empty"),
        (["return 3, 0.5"], "not-used"),
        ([EVAL, ASK, BACK, "print(P)"], "no-return"),
        ([EVAL, ASK, BACK, "return P.max(dim=1)"], "tensor"),
        ([EVAL, ASK, BACK, "return torch.tensor([P.argmax(), P.max()])"], "one-value"),
        ([EVAL, ASK, BACK, "return P.argmax().item(), P"], "all-probabilities"),
        ([EVAL, ASK, BACK, "return P.argmax().item(), P.item()"], "raises"),
        ([EVAL, ASK, BACK, "return str(P.argmax().item()), P.max().item()"], "not-python"),
        ([EVAL, ASK, BACK, "return P.argmax().item(), P.min().item()"], "probability"),
        ([EVAL, ASK, BACK, "return P.argmax().item(), int(100 * P.max())"], "not-python"),
        ([EVAL, ASK, BACK, "return P.argmax().item(), round(100 * P.max().item())"], "not-python"),
        ([EVAL, ASK, BACK, "return P.argmax().item(), round(P.max().item())"], "not-python"),
        ([EVAL, ASK, BACK, "return P.argmax().item(), 1 - P.max().item()"], "probability"),
        ([EVAL, P.replace("flatten(1)", "long()"), BACK, RETURN], "dtype"),
        ([EVAL, P.replace("model(", "model.net("), BACK, RETURN], "raises"),
        ([EVAL, "return model.predict(image)"], "raises"),
        (["with torch.no_grad(): model.eval(); " + P, RETURN], "eval-left"),
        (["model.train()", ASK, RETURN], "training"),
        ([EVAL, P.replace("image", "image.double()"), BACK, RETURN], "dtype"),
        ([EVAL, P.replace("image", "torch.zeros(1, 28, 28)"), BACK, RETURN], "other-pixels"),
        ([EVAL, P.replace("image", "image.repeat(2, 1, 1)"), BACK, RETURN], "other-pixels"),
        (["if model(image.flatten(1)) > 0: pass"], "condition"),
        ([EVAL, "return model(image.flatten(1)).argmax().item(), 1.0"], "probability"),
        ([EVAL, ASK, BACK, "return P.argmax().item(), 1.0"], "probability"),
        (
            ["was = model.training; model.training = False", ASK, "model.training = was", RETURN],
            "training",
        ),
        ([EVAL, ASK, "model.training = was", RETURN], "eval-left"),
        (
            [EVAL, ASK.replace("torch.softmax", "F.softmax").replace(", dim=1", ""), BACK, RETURN],
            "implicit-dim",
        ),
    ],
)
def test_what_learners_write_otherwise(lines: list[str], kind: str) -> None:
    verdict = check.judge("predict", run_program(program(*lines)))
    assert verdict.code == f"predict-{kind}"


@pytest.mark.parametrize("answer", [3, None, "predict", lambda model: model])
def test_what_cannot_be_called_with_a_model_and_an_image_is_said(answer: object) -> None:
    verdict = exercise("predict").judge(answer)
    assert verdict.code == f"predict-{'arguments' if callable(answer) else 'not-a-function'}"
