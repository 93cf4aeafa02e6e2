"""The check of ``transplant``: right styles, and what learners write beyond the catalogue."""

import pytest
from mnistlesson import check
from mnistlesson.check._catalogue import run_program
from mnistlesson.check._exercises import exercise

from support.judging import assert_right
from support.seeds import seeds

MAKE = "model = models.Network()"
STATE = '{"hidden.weight": w1.T, "hidden.bias": b1, "output.weight": w2.T, "output.bias": b2}'
PAIRS = (
    "pairs = [(model.hidden.weight, w1.T), (model.hidden.bias, b1), "
    "(model.output.weight, w2.T), (model.output.bias, b2)]"
)
EACH = "    for parameter, numbers in pairs:"
CLASS = """class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, 256)
        self.output = nn.Linear(256, 10)

    def forward(self, x):
        return self.output(torch.sigmoid(self.hidden(x)))

"""


def program(*lines: str) -> str:
    """Return a function of these lines."""
    return "\n".join(["def transplant(w1, b1, w2, b2):", *(f"    {x}" for x in lines)])


def filled(line: str, guard: str = "with torch.no_grad():") -> str:
    """Return a function that fills each parameter by a line."""
    return program(MAKE, PAIRS, guard, EACH, f"        {line}", "return model")


RIGHT = [
    filled("parameter.copy_(numbers)"),
    filled("parameter[:] = numbers"),
    filled("parameter[...] = numbers"),
    filled("parameter.zero_().add_(numbers)"),
    filled("parameter.set_(numbers.clone())"),
    filled("parameter.T.copy_(numbers.T)"),
    filled("parameter.copy_(numbers)", "with torch.inference_mode():"),
    filled("parameter.detach().copy_(numbers)", "if True:"),
    program(MAKE, f"model.load_state_dict({STATE})", "return model"),
    program(MAKE, f"state = {STATE}", "model.load_state_dict(state, strict=True)", "return model"),
    program(
        MAKE,
        "state = model.state_dict()",
        "state['hidden.weight'], state['hidden.bias'] = w1.t(), b1",
        "state['output.weight'], state['output.bias'] = w2.t(), b2",
        "model.load_state_dict(state)",
        "return model",
    ),
    program(
        MAKE,
        "for old, new in zip(model.state_dict().values(), (w1.T, b1, w2.T, b2)): old.copy_(new)",
        "return model",
    ),
    program(
        MAKE,
        "with torch.no_grad():",
        "    for layer, w, b in ((model.hidden, w1, b1), (model.output, w2, b2)):",
        "        layer.weight.copy_(w.transpose(0, 1))",
        "        layer.bias.copy_(b)",
        "return model",
    ),
    program(
        MAKE,
        "parts = [w1.T.flatten(), b1, w2.T.flatten(), b2]",
        "with torch.no_grad():",
        "    nn.utils.vector_to_parameters(torch.cat(parts), model.parameters())",
        "return model",
    ).replace("nn.utils.vector_to_parameters", "place"),
    program(
        MAKE,
        "for parameter in model.parameters(): parameter.requires_grad_(False)",
        f"model.load_state_dict({STATE})",
        "return model.requires_grad_()",
    ),
    CLASS + filled("parameter.copy_(numbers)").replace("models.Network", "Network"),
    "@torch.no_grad()\n" + filled("parameter.copy_(numbers)", "if True:"),
]
PLACE = """def place(vector, parameters):
    for parameter in parameters:
        parameter.copy_(vector[:parameter.numel()].view_as(parameter))
        vector = vector[parameter.numel():]

"""


@seeds
@pytest.mark.parametrize("answer", RIGHT)
def test_a_right_style_passes(answer: str, seeds: range) -> None:
    assert_right("transplant", PLACE + answer, seeds)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (program("pass"), "empty"),
        (program("w1.T"), "no-return"),
        (program("return w1, b1, w2, b2"), "not-returned"),
        (program("return models.Network"), "class"),
        (program("return models.FunctionalNetwork()"), "untouched"),
        (program("return models.DeepNetwork()"), "other-network"),
        (program(MAKE, "model.weight.copy_(w1.T)", "return model"), "raises"),
        (program(MAKE, "model.hidden = w1.T, b1", "return model"), "raises"),
        (program(MAKE, "model.hidden.weight.data = w1.T.double()", "return model"), "dtype"),
        (program(MAKE, "model.hidden.weight = None", "return model"), "other-network"),
        (program(MAKE, "model.hidden.weight.data = w1.T.clone()", "return model"), "untouched"),
        (filled("parameter.mul_(numbers)"), "numbers"),
        (filled("parameter.copy_(-numbers)"), "numbers"),
        (filled("parameter += numbers"), "added"),
        (filled("parameter.copy_(numbers)", "if True:"), "recorded"),
        (filled("parameter.copy_(numbers.T)"), "not-transposed"),
        (filled("parameter.data = numbers"), "shared"),
        (filled("parameter.data = numbers.clone()", "if True:"), "data"),
        (filled("parameter.set_(numbers)"), "shared"),
        (program(MAKE, f"model.load_state_dict({STATE})", "return model.eval()"), "right"),
        (program(MAKE, f"model.load_state_dict({STATE})", "return model.half()"), "dtype"),
        (program(MAKE, f"model.load_state_dict([{STATE}])", "return model"), "raises"),
        (
            CLASS.replace("torch.sigmoid", "torch.relu")
            + filled("parameter.copy_(numbers)").replace("models.Network", "Network"),
            "other",
        ),
        (
            CLASS.replace("nn.Linear(784, 256)", "nn.Linear(784, 128)")
            + program(
                MAKE.replace("models.", ""), f"model.load_state_dict({STATE})", "return model"
            ),
            "sizes",
        ),
        (
            program(MAKE, f"model.load_state_dict({STATE})", "return model").replace(
                "w1.T", "w1.view(256, 784)"
            ),
            "reshaped",
        ),
        (program("raise NotImplementedError"), "open"),
    ],
)
def test_what_learners_write_otherwise(answer: str, kind: str) -> None:
    verdict = check.judge("transplant", run_program(answer))
    assert verdict.code == (kind if kind == "right" else f"transplant-{kind}")


@pytest.mark.parametrize("answer", [3, lambda w1: w1])
def test_what_cannot_be_called_with_four_tensors_is_said(answer: object) -> None:
    verdict = exercise("transplant").judge(answer)
    assert verdict.code == f"transplant-{'arguments' if callable(answer) else 'not-a-function'}"
