"""The checks of ``network`` and ``sequential``: right styles pass, and what is left is named."""

from typing import Any

import pytest
import torch
from mnistlesson import check
from mnistlesson.check import Level
from mnistlesson.check._catalogue import run_program
from mnistlesson.check._exercises import exercise
from mnistlesson.models import DeepNetwork, sequential_network
from torch import Tensor, nn

from support.judging import built
from support.seeds import seeds

INIT = """class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden1 = nn.Linear(784, 128)
        self.hidden2 = nn.Linear(128, 64)
        self.output = nn.Linear(64, 10)
"""
PARAMETERS = """class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.w1, self.b1 = nn.Parameter(torch.randn(784, 128)), nn.Parameter(torch.zeros(128))
        self.w2, self.b2 = nn.Parameter(torch.randn(128, 64)), nn.Parameter(torch.zeros(64))
        self.w3, self.b3 = nn.Parameter(torch.randn(64, 10)), nn.Parameter(torch.zeros(1, 10))
"""
SEQUENCE = "nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)"
# What is put between the layers, and at the end, of one and the same class.
RELUS = [
    "F.relu(x)",
    "torch.relu(x)",
    "x.relu()",
    "x.relu_()",
    "x.clamp(min=0)",
    "torch.maximum(x, torch.zeros_like(x))",
    "torch.where(x > 0, x, 0)",
    "x * (x > 0)",
    "(x + x.abs()) / 2",
    "nn.ReLU()(x)",
    "nn.ReLU(inplace=True)(x)",
    "F.threshold(x, 0, 0)",
]
ENDS = [
    "F.softmax(x, dim=1)",
    "F.softmax(x, dim=-1)",
    "torch.softmax(x, 1)",
    "x.softmax(-1)",
    "nn.Softmax(dim=1)(x)",
    "F.log_softmax(x, dim=1).exp()",
    "torch.exp(x) / torch.exp(x).sum(dim=1, keepdim=True)",
]


def written(relu: str, end: str) -> str:
    lines = ["x = self.hidden1(x)", f"x = {relu}", "x = self.hidden2(x)", f"x = {relu}"]
    lines += ["x = self.output(x)", f"return {end}"]
    return INIT + "\n    def forward(self, x):\n" + "".join(f"        {line}\n" for line in lines)


PROBABILITIES = [
    *(written(relu, ENDS[0]) for relu in RELUS),
    *(written(RELUS[0], end) for end in ENDS),
    # Modules only, in another order and with other names.
    """class MyNet(nn.Module):
    def __init__(self):
        super(MyNet, self).__init__()
        self.softmax = nn.Softmax(dim=1)
        self.relu = nn.ReLU()
        self.c = nn.Linear(64, 10)
        self.a = nn.Linear(784, 128)
        self.b = nn.Linear(128, 64)

    def forward(self, x):
        return self.softmax(self.c(self.relu(self.b(self.relu(self.a(x))))))
""",
    # Sizes as arguments, layers in a list that registers them.
    """class Network(nn.Module):
    def __init__(self, sizes=(784, 128, 64, 10)):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return F.softmax(self.layers[-1](x), dim=1)
""",
    """class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleDict({"a": nn.Linear(784, 128), "b": nn.Linear(128, 64)})
        self.add_module("output", nn.Linear(64, 10))

    def forward(self, x):
        x = x.view(x.shape[0], -1)
        return self.output(F.relu(self.layers["b"](F.relu(self.layers["a"](x))))).softmax(1)
""",
    # Layers of one's own: nothing but parameters.
    PARAMETERS
    + """
    def forward(self, x):
        x = torch.relu(x @ self.w1 + self.b1)
        x = torch.relu(torch.addmm(self.b2, x, self.w2))
        return torch.softmax(torch.einsum("ni,io->no", x, self.w3) + self.b3, dim=1)
""",
]
LOGITS = [
    *(written(relu, "x") for relu in RELUS[:2]),
    PARAMETERS
    + """
    def forward(self, x):
        x = F.relu(F.linear(x, self.w1.T, self.b1))
        x = F.relu(F.linear(x, self.w2.T, self.b2))
        return F.linear(x, self.w3.T, self.b3.view(10))
""",
    PARAMETERS
    + """
    def forward(self, x):
        x = F.relu(F.linear(x, self.w1.T, self.b1))
        return F.relu(x @ self.w2 + self.b2) @ self.w3 + self.b3
""",
    # Images that must be flattened, by a layer or by forward.
    f"""class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Flatten(), {SEQUENCE})

    def forward(self, x):
        return self.layers(x)
""",
    INIT
    + """
    def forward(self, images):
        count, channels, rows, columns = images.shape
        x = images.reshape(count, channels * rows * columns)
        return self.output(F.relu(self.hidden2(F.relu(self.hidden1(x)))))
""",
    """class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.LazyLinear(128), nn.LazyLinear(64), nn.LazyLinear(10)

    def forward(self, x):
        return self.c(self.b(self.a(x).relu()).relu())
""",
    # Dropout that is off, a class that inherits from a sequence, one that prints, a hook.
    INIT
    + """
        self.eval()

    def forward(self, x):
        print(x.shape)
        x = F.dropout(F.relu(self.hidden1(x)), 0.5, training=self.training)
        return self.output(F.relu(self.hidden2(x)))
""",
    f"""class Network(nn.Sequential):
    def __init__(self):
        super().__init__({SEQUENCE})
""",
]
SEQUENCES = {
    "probabilities": [
        f"model = nn.Sequential({SEQUENCE}, nn.Softmax(dim=1))",
        f"model = nn.Sequential({SEQUENCE}, nn.Softmax(dim=-1))",
        f"model = nn.Sequential(nn.Flatten(), {SEQUENCE}, nn.Softmax(1))",
        f"model = nn.Sequential(nn.Sequential({SEQUENCE}), nn.Softmax(1))",
    ],
    "logits": [
        f"model = nn.Sequential({SEQUENCE})",
        f"model = nn.Sequential(*[{SEQUENCE}])",
        f"""names = "hidden1 relu1 hidden2 relu2 output".split()
model = nn.Sequential(OrderedDict(zip(names, [{SEQUENCE}])))
""",
        f"""model = nn.Sequential()
for place, layer in enumerate([{SEQUENCE}]):
    model.add_module(f"layer{{place}}", layer)
answer = model
""",
        """relu = nn.ReLU()
one, two, three = nn.Linear(784, 128), nn.Linear(128, 64), nn.Linear(64, 10)
model = nn.Sequential(one, relu, two, relu, three)
""",
        """relu = nn.ReLU(inplace=True)
model = nn.Sequential(nn.LazyLinear(128), relu, nn.LazyLinear(64), relu, nn.LazyLinear(10))
""",
        f"""def model():
    return nn.Sequential({SEQUENCE})
""",
        f"""class Network(nn.Sequential):
    def __init__(self):
        super().__init__({SEQUENCE})
""",
    ],
}
RIGHT = [
    *(("network", "probabilities", program) for program in PROBABILITIES),
    *(("network", "logits", program) for program in LOGITS),
    *(("sequential", end, program) for end in SEQUENCES for program in SEQUENCES[end]),
]


@seeds
@pytest.mark.filterwarnings("ignore:Lazy modules")
@pytest.mark.parametrize(("name", "end", "program"), RIGHT)
def test_a_right_style_passes(name: str, end: str, program: str, seeds: range) -> None:
    for seed in seeds:
        answer: Any = built(program, seed)
        for given in [answer, answer()] if isinstance(answer, type) else [answer]:
            verdict = exercise(name).judge(given, seed)
            assert (verdict.level, verdict.code) == (Level.RIGHT, "right"), verdict
            assert f"returns {end}" in verdict.says


@pytest.mark.parametrize("place", [1, 2])
@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("sigmoid", nn.Sigmoid()),
        ("tanh", nn.Tanh()),
        ("leaky ReLU", nn.LeakyReLU()),
        ("ELU", nn.ELU()),
        ("GELU", nn.GELU()),
        ("SiLU", nn.SiLU()),
        ("softplus", nn.Softplus()),
        ("softmax", nn.Softmax(dim=1)),
        ("softmax over dim 0", nn.Softmax(dim=0)),
        ("log_softmax", nn.LogSoftmax(dim=1)),
        ("ReLU, then softmax", nn.Sequential(nn.ReLU(), nn.Softmax(dim=1))),
    ],
)
def test_what_follows_a_hidden_layer_is_named(place: int, name: str, module: nn.Module) -> None:
    model = sequential_network()
    setattr(model, f"relu{place}", module)
    (evidence,) = check.sequential(model).evidence
    assert evidence == f"After hidden layer {place} comes {name}, not ReLU."


@pytest.mark.parametrize(
    ("line", "instead", "evidence"),
    [
        ("nn.Linear(128, 64)", "nn.Linear(784, 64)", "(784, 64) cannot follow 128: layer 2 takes"),
        ("nn.Linear(128, 64)", "nn.Linear(128, 10)", "(64, 10) cannot follow 10: layer 3 takes 64"),
        (
            "nn.Linear(64, 10)",
            "nn.Linear(64, 9)",
            "Your network is 784-128-64-9, not 784-128-64-10",
        ),
        ("self.output = nn.Linear(64, 10)", "self.o = [nn.Linear(64, 10)]", "108,736 of 109,386"),
        ("10)", "10, bias=False)", "These layers have no bias: 3."),
        ("x = x.relu()", "pass", "No ReLU after hidden layers 1 and 2: numbers down to -"),
        ("forward", "foward", "The methods of your class are: __init__, foward."),
    ],
)
def test_the_evidence_has_the_learners_own_numbers(line: str, instead: str, evidence: str) -> None:
    program = written("x.relu()", "x").replace(line, instead)
    if "self.o " in program:
        program = program.replace("self.output(", "self.o[0](")
    verdict = exercise("network").judge(run_program(program))
    assert evidence in verdict.evidence[0]
    assert verdict.hints[1] == verdict.evidence[0]


OPEN = "class N(nn.Module):\n    def __init__(self):\n        raise NotImplementedError"
ENDLESS = "class N(nn.Module):\n    def forward(self, x):\n        while True:\n            x = -x"
ODD = [
    pytest.param("endless", ENDLESS, marks=pytest.mark.slow),
    ("open", OPEN),
    ("open", INIT + "\n    def forward(self, x):\n        raise NotImplementedError"),
    ("raises", "class N(nn.Module):\n    def forward(self, x):\n        return x.y"),
    ("raises", "model = nn.Linear(784, 10, device='meta')"),
    ("activation", written("x.relu() * 2", "x")),
    ("output-activation", written("x.relu()", "x.tanh()")),
    ("between-shape", written("x.relu()[:, :9]", "x")),
    ("layers", "class N(nn.Module):\n    def forward(self, x):\n        return x"),
    ("layers", "model = nn.Conv2d(1, 10, 28)"),
    ("layers", "model = nn.Sequential"),
    ("no-forward", "model = nn.Module()"),
    ("class-for-module", "def make():\n    return nn.Sequential(nn.ReLU)"),
]


@pytest.mark.parametrize(("kind", "program"), ODD)
def test_whatever_is_given_gets_a_verdict(kind: str, program: str) -> None:
    verdict = exercise("network").judge(built(program, 0))
    assert not verdict
    assert verdict.code == f"network-{kind}", verdict


def test_a_sequence_of_ones_own_classes_goes_wrong_as_a_class_does() -> None:
    verdict = check.sequential(nn.Sequential(nn.Linear(784, 128), nn.Module()))
    assert (verdict.exercise, verdict.code) == ("sequential", "network-no-forward")


def test_the_model_and_the_world_stay_as_they_were() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Dropout(), nn.BatchNorm1d(784), DeepNetwork()).eval()
    model[0].train()
    model.register_buffer("kept", model(torch.zeros(2, 784)))  # it has a gradient's history
    model(torch.zeros(2, 784)).sum().backward()
    for parameter in model[2].parameters():
        parameter.grad = None
    before = {name: value.clone() for name, value in model.state_dict().items()}
    gradients = [parameter.grad for parameter in model.parameters()]
    copies = [gradient if gradient is None else gradient.clone() for gradient in gradients]
    modes = [part.training for part in model.modules()]
    state = torch.get_rng_state()
    check.network(model)
    check.sequential(model)
    assert torch.equal(torch.get_rng_state(), state)
    assert (torch.is_grad_enabled(), torch.get_default_dtype()) == (True, torch.float32)
    assert [part.training for part in model.modules()] == modes
    assert before.keys() == model.state_dict().keys()
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name])
    for parameter, gradient, numbers in zip(model.parameters(), gradients, copies, strict=True):
        assert parameter.grad is gradient
        assert gradient is None or torch.equal(gradient, numbers)  # type: ignore[arg-type]
    assert not any(part._forward_hooks or part._forward_pre_hooks for part in model.modules())  # noqa: SLF001


@pytest.mark.filterwarnings("ignore:Lazy modules")
def test_a_lazy_layer_stays_lazy() -> None:
    model = nn.Sequential(
        nn.LazyLinear(128), nn.ReLU(), nn.LazyLinear(64), nn.ReLU(), nn.LazyLinear(10)
    )
    assert check.sequential(model)
    assert isinstance(model[0].weight, nn.UninitializedParameter)


def test_the_lessons_own_networks_are_right_whatever_their_numbers() -> None:
    model = DeepNetwork()
    for parameter in model.parameters():
        nn.init.zeros_(parameter)
    # With weights of 0, ReLU and no ReLU are the same.
    assert check.network(model).code == "right"
    model.train(mode=False).double().requires_grad_(requires_grad=False)
    assert check.network(model).code == "right"
    assert check.network(DeepNetwork).code == "right"
    assert check.sequential(sequential_network()).code == "right"
    assert check.sequential(sequential_network).code == "right"


def test_a_result_that_is_kept_does_not_stand_in_the_way() -> None:
    class Keeps(DeepNetwork):
        def forward(self, x: Tensor) -> Tensor:
            self.kept = self.hidden1(x)
            return super().forward(x)

    model = Keeps()
    model(torch.zeros(2, 784))
    kept = model.kept
    assert check.network(model).code == "right"
    assert model.kept is kept
