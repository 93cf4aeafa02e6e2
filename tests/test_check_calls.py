"""The checks of networks: what learners write beyond the programs of the catalogue."""

import collections
import logging
import threading
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from mnistlesson import check
from mnistlesson.check._catalogue import run_program
from mnistlesson.models import DeepNetwork, sequential_network
from torch import Tensor, nn

INIT = """class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two = nn.Linear(784, 128), nn.Linear(128, 64)
        self.three = nn.Linear(64, 10)
        self.relu = nn.ReLU()
"""
HIDDEN = "F.relu(self.two(F.relu(self.one(x))))"
LOGITS = f"self.three({HIDDEN})"
LAYERS = "nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)"


class Base(nn.Module):
    """784-128-64-10, to be given a forward."""

    def __init__(self) -> None:
        """Make the layers."""
        super().__init__()
        self.one, self.two, self.three = nn.Linear(784, 128), nn.Linear(128, 64), nn.Linear(64, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Return logits."""
        hidden = F.relu(self.two(F.relu(self.one(x))))
        logits: Tensor = self.three(hidden)
        return logits


class Locked(Base):
    """Keeps what cannot be copied."""

    def __init__(self) -> None:
        """Keep it."""
        super().__init__()
        self.lock, self.log = threading.Lock(), logging.getLogger()
        self.batches = iter([1, 2])


class Closed(Base):
    """Keeps functions that hold on to it."""

    def __init__(self) -> None:
        """Make them."""
        super().__init__()
        self.steps = [lambda x: F.relu(self.one(x)), lambda x: F.relu(self.two(x)), self.last]

    def last(self, x: Tensor) -> Tensor:
        """Call the last layer."""
        logits: Tensor = self.three(x)
        return logits

    def forward(self, x: Tensor) -> Tensor:
        """Go through the functions."""
        for step in self.steps:
            x = step(x)
        return x


@pytest.mark.parametrize("kind", [Locked, Closed])
def test_an_instance_that_cannot_be_copied_is_right_and_left_alone(kind: type[nn.Module]) -> None:
    assert check.network(kind).code == "right"
    model = kind()
    parameters, before = [*model.parameters()], [p.clone() for p in model.parameters()]
    assert check.network(model).code == "right"
    assert all(one is other for one, other in zip(model.parameters(), parameters, strict=True))
    assert all(map(torch.equal, parameters, before))


@pytest.mark.parametrize(
    "make",
    [
        lambda: torch.jit.trace(DeepNetwork(), torch.zeros(64, 784)),  # type: ignore[no-untyped-call]
        lambda: torch.jit.script(sequential_network()),
        lambda: torch.fx.symbolic_trace(DeepNetwork()),
    ],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_was_traced_or_scripted_is_right(make: Callable[[], nn.Module]) -> None:
    assert check.network(make()).code == "right"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_was_traced_and_is_wrong_cannot_be_looked_into() -> None:
    plain = nn.Sequential(nn.Linear(784, 10), nn.Tanh())
    wrong = torch.jit.trace(plain, torch.zeros(64, 784))  # type: ignore[no-untyped-call]
    assert check.network(wrong).code == "network-opaque"


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ("return self.three(F.relu(self.two(self.relu)))", "not-called"),
        ("return self.three(self.two(torch.relu(self.one)))", "not-called"),
        ("return self.three(self.one.view(64, -1))", "not-called"),
        ("return self.three(self.one + x)", "not-called"),
        ("return self.three", "not-called"),
        ("return nn.ReLU(self.one(x))", "constructor"),
        ("return self.two(nn.Tanh(self.one(x)))", "constructor"),
        ("raise TypeError('dim must be an int or None')", "constructor"),
        ("return self.three(F.relu(self.two(F.relu(self.one(x.double())))))", "dtype"),
        ("return self.three(F.relu(self.two(F.relu(self.one(x.long())))))", "dtype"),
        ("return F.relu(self.two(F.relu(self.one(x))))", "order"),
        ("return F.relu(self.one(x))", "order"),
        ("pass", "empty"),
        ("self.one(x)", "no-return"),
        ("return x if x > 0 else x", "condition"),
        ("return self.thre(x)", "raises"),
        ("return LOGITS.sum(1)", "shape"),
        ("return LOGITS.unsqueeze(0)", "shape"),
        ("x = HIDDEN\n        self.three(x)\n        return x", "hidden-returned"),
        ("return LOGITS.softmax(1).T", "transposed"),
        ("x = torch.ones(len(x), 784)\n        return LOGITS", "unused-argument"),
        ("return self.three(F.relu(self.two(F.relu(self.one(x.view(64, -1))))))", "fixed-batch"),
        ("return F.softmax(F.tanh(LOGITS), dim=1)", "activation-before-softmax"),
        ("return F.log_softmax(LOGITS, dim=0)", "softmax-columns"),
        ("return -F.log_softmax(LOGITS, dim=1)", "log-softmax"),
        ("return LOGITS.abs()", "output-activation"),
        ("return F.softmax(LOGITS)", "implicit-dim"),
    ],
)
def test_a_forward(lines: str, kind: str) -> None:
    lines = lines.replace("LOGITS", LOGITS).replace("HIDDEN", HIDDEN)
    program = f"{INIT}\n    def forward(self, x):\n        {lines}\n"
    assert check.judge("network", run_program(program)).code == f"network-{kind}"


@pytest.mark.parametrize(
    "activation",
    [
        *(
            "F.leaky_relu(x, 0.3)",
            "F.mish(x)",
            "F.hardswish(x)",
            "x.clamp(-1, 1)",
            "x.clamp(0, 50)",
        ),
        *("x.abs()", "x**2", "F.relu6(x)", "F.hardtanh(x, 0, 900)", "F.softplus(x)", "F.selu(x)"),
        *("x.relu() * 2", "x.relu() + 1", "-x", "F.celu(x, 2.0)", "F.softshrink(x)", "x.sin()"),
    ],
)
def test_any_activation_that_is_not_relu_is_named_so(activation: str) -> None:
    program = f"""{INIT}
    def forward(self, x):
        def act(x):
            return {activation}
        return self.three(act(self.two(act(self.one(x)))))
"""
    assert check.judge("network", run_program(program)).code == "network-activation"


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("__init__(self)", "__init__()", "no-self"),
        ("super().__init__()", "super.__init__()", "super-call"),
        ("super().__init__()", "super(Net, self).__init__()", "super-call"),
        ("super().__init__()", "super().__init__(784)", "super-call"),
        ("super().__init__()", "pass", "super"),
        ("def __init__", "def _init_", "init-name"),
        ("def __init__", "def __int__", "init-name"),
        ("def __init__", "def init", "init-name"),
        ("def __init__", "def __inti__", "init-name"),
        ("nn.ReLU()", "nn.Sequential([nn.ReLU()])", "list"),
        ("nn.ReLU()", "nn.Sequential((nn.ReLU(), nn.ReLU()))", "list"),
        ("nn.ReLU()", "nn.ModuleList([nn.ReLU])", "class-for-module"),
        ("nn.ReLU()", "nn.Sequential(F.relu)", "class-for-module"),
        ("nn.ReLU()", "nn.Sequential(torch.relu)", "class-for-module"),
        ("__init__(self)", "__init__(self, sizes)", "arguments"),
        ("nn.ReLU()", "undefined", "init-raises"),
    ],
)
def test_an_init(old: str, new: str, kind: str) -> None:
    program = INIT.replace(old, new) + "\n    def forward(self, x):\n        return self.three(x)\n"
    assert check.judge("network", run_program(program)).code == f"network-{kind}"


KEYS = [
    "a b c b e",  # two activations
    "a b a d e",  # two layers
    "a a c d e",  # a layer and its activation
    "a b c c e",
    "a b c d d",
    "a b c d b",
]


@pytest.mark.parametrize("keys", KEYS)
@pytest.mark.parametrize("softmax", [False, True])
def test_any_key_that_stands_twice_is_named(keys: str, softmax: bool) -> None:  # noqa: FBT001
    layers = list(sequential_network()) + [nn.Softmax(dim=1)] * softmax
    pairs = zip([*keys.split(), "softmax"], layers, strict=False)
    model = nn.Sequential(collections.OrderedDict(pairs))
    verdict = check.sequential(model)
    assert verdict.code == "sequential-duplicate-key"
    assert "The keys of your sequence are a" in verdict.evidence[0]


@pytest.mark.parametrize(
    ("program", "kind"),
    [
        (f"def sequential():\n    return nn.Sequential([{LAYERS}])", "list"),
        ("def sequential():\n    return nn.Sequential(nn.ReLU)", "class-for-module"),
        ("def sequential(sizes):\n    return nn.Sequential()", "arguments"),
        ("def sequential():\n    pass", "empty"),
        (f"def sequential():\n    nn.Sequential({LAYERS})", "no-return"),
        (f"def sequential():\n    return nn.Sequential({LAYERS}, nn.Softmax())", "implicit-dim"),
    ],
)
def test_a_sequence(program: str, kind: str) -> None:
    verdict = check.sequential(run_program(program))
    assert verdict.code == f"sequential-{kind}"
    assert "check.network" not in "".join(verdict.hints)


def test_a_network_of_parameters_is_looked_into() -> None:
    sizes = [(784, 128), (128, 64), (64, 10)]

    class Network(nn.Module):
        """Has no layers, and no activation of the usual ones."""

        def __init__(self, activation: Callable[[Tensor], Tensor] = F.hardswish) -> None:
            super().__init__()
            self.activation = activation
            self.weights = nn.ParameterList(torch.randn(i, o) * 0.01 for i, o in sizes)
            self.biases = nn.ParameterList(torch.zeros(o) for _, o in sizes)

        def forward(self, x: Tensor) -> Any:  # noqa: ANN401 - a tensor
            for place, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
                x = x @ weight + bias
                x = self.activation(x) if place < 2 else x
            return x

    assert check.network(Network).code == "network-other"
    assert check.network(Network(F.mish)).code == "network-activation"
    assert check.network(Network(F.relu)).code == "right"
    assert check.init(lambda: Network(F.relu)).code == "right"
