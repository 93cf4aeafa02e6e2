"""The check of ``init``: each right style passes."""

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from mnistlesson import check, data
from mnistlesson.check import _init, _weights
from mnistlesson.models import DeepNetwork, init_normal, sequential_network
from torch import nn

from support.judging import assert_right
from support.seeds import seeds

EXERCISE = _init.EXERCISE

MADE = """
def make_model():
    model = nn.Sequential(
        nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)
    )
    for layer in model[::2]:
        {}
        {}
    return model
"""
NO_GRAD = """
def make_model():
    model = nn.Sequential(
        nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)
    )
    with torch.no_grad():
        for layer in model[::2]:
            {}
            {}
    return model
"""
RIGHT = [
    MADE.format("nn.init.normal_(layer.weight, std=0.01)", "nn.init.zeros_(layer.bias)"),
    MADE.format("nn.init.normal_(layer.weight, 0, 0.01)", "nn.init.constant_(layer.bias, 0)"),
    MADE.format("nn.init.trunc_normal_(layer.weight, std=0.01)", "nn.init.zeros_(layer.bias)"),
    MADE.format("layer.weight.data.normal_(0, 0.01)", "layer.bias.data.fill_(0)"),
    MADE.format(
        "layer.weight.data = torch.randn(layer.weight.shape) * 0.01",
        "layer.bias.data = torch.zeros(layer.bias.shape)",
    ),
    MADE.format(
        "layer.weight = nn.Parameter(torch.randn(layer.weight.shape) * 0.01)",
        "layer.bias = nn.Parameter(torch.zeros(layer.bias.shape))",
    ),
    MADE.format(
        "layer.double()", "nn.init.normal_(layer.weight, std=0.01).new(); layer.bias.data *= 0"
    ),
    MADE.format(
        "layer.weight.requires_grad_(False).normal_(0, 0.01).requires_grad_()",
        "nn.init.zeros_(layer.bias)",
    ),
    NO_GRAD.format("layer.weight.normal_(std=0.01)", "layer.bias.zero_()"),
    NO_GRAD.format("layer.weight.normal_().mul_(0.01)", "layer.bias[:] = 0"),
    NO_GRAD.format(
        "layer.weight.copy_(torch.randn_like(layer.weight) / 100)", "layer.bias.mul_(0)"
    ),
    NO_GRAD.format(
        "layer.weight[...] = torch.normal(0.0, 0.01, layer.weight.shape)",
        "layer.bias -= layer.bias",
    ),
    """
import numpy as np

def make_model():
    model = nn.Sequential(
        nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)
    )
    random = np.random.default_rng(torch.initial_seed())
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("bias"):
                parameter.fill_(0)
            else:
                parameter.copy_(torch.from_numpy(random.normal(0, 0.01, parameter.shape)))
    return model
""",
    """
class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.output = nn.Linear(64, 10)
        self.layers = nn.ModuleList([nn.Linear(784, 128), nn.Linear(128, 64)])
        self.apply(self.fill)

    def fill(self, module):
        if type(module) is nn.Linear:
            nn.init.normal_(module.weight, mean=0.0, std=1e-2)
            module.bias.data.zero_()

    def forward(self, x):
        for layer in self.layers:
            x = F.relu(layer(x))
        return F.softmax(self.output(x), dim=1)

def make_model():
    return Network()
""",
    """
def make_model():
    with torch.no_grad():
        model = nn.Sequential(OrderedDict(
            hidden1=nn.Linear(784, 128), relu1=nn.ReLU(),
            hidden2=nn.Linear(128, 64), relu2=nn.ReLU(),
            output=nn.Linear(64, 10), softmax=nn.Softmax(dim=1),
        ))
        for parameter in model.parameters():
            parameter.normal_(0, 0.01) if parameter.dim() > 1 else parameter.zero_()
    return model
""",
]


@seeds
@pytest.mark.parametrize("program", RIGHT)
def test_a_right_style_passes(program: str, seeds: range) -> None:
    assert_right("init", program, seeds)


@pytest.mark.parametrize("make", [DeepNetwork, sequential_network])
def test_the_lesson_passes_its_own_check(make: Callable[[], nn.Module]) -> None:
    def make_model() -> nn.Module:
        model = make()
        init_normal(model, 0.01)
        return model

    assert check.init(make_model)
    assert check.init(make).code == "init-default"


def test_a_right_answer_is_never_called_wrong() -> None:
    for seed in range(1000):
        generator = torch.Generator().manual_seed(seed)
        for before, after in _weights.SIZES:
            weight = 0.01 * torch.randn(after, before, generator=generator)
            assert _weights.good(_weights.Layer("", weight, torch.zeros(after)))


def test_what_is_passed_may_be_anything() -> None:
    for value in (None, 7, "make_model", DeepNetwork(), nn.ReLU()):
        assert check.init(value).code == "init-not-a-function"  # type: ignore[arg-type] # on purpose


def fail() -> nn.Module:
    """Leave the exercise as it was given."""
    raise NotImplementedError


def on_meta() -> nn.Module:
    """Make a network without numbers."""
    return sequential_network().to("meta")


def with_nan() -> nn.Module:
    """Make a network of NaN."""
    model = sequential_network()
    for parameter in model.parameters():
        nn.init.constant_(parameter, torch.nan)
    return model


def backwards() -> nn.Module:
    """Make the layers in another order, and initialise them by Kaiming's rule."""
    layers = [nn.Linear(64, 10), nn.Linear(784, 128), nn.Linear(128, 64)]
    for layer in layers:
        nn.init.kaiming_normal_(layer.weight)
    return nn.ModuleList(layers)


@pytest.mark.parametrize(
    ("make_model", "kind"),
    [
        (fail, "open"),
        (on_meta, "other"),
        (with_nan, "std"),
        (backwards, "scheme"),
        (lambda: None, "empty"),
        (lambda: 1 / 0, "raises"),
        (lambda _seed: None, "arguments"),
        (lambda: sequential_network().hidden3, "raises"),
        (lambda: nn.Linear(784, 128), "sizes"),
        (nn.ReLU, "sizes"),
        (lambda: torch.ones(3), "not-a-module"),
    ],
)
def test_the_rest_is_named(make_model: Callable[[], nn.Module], kind: str) -> None:
    assert check.init(make_model).code == f"init-{kind}"


def test_nothing_is_changed() -> None:
    model = sequential_network()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    state = torch.get_rng_state()
    check.init(lambda: model)
    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert all(parameter.requires_grad for parameter in model.parameters())


def test_hidden_units_that_begin_alike_stay_alike() -> None:
    model = DeepNetwork()
    for name, parameter in model.named_parameters():
        # Most pixels are -1: so no ReLU is dead.
        nn.init.constant_(parameter, -0.01 if name.startswith("hidden1") else 0.01)
    images, labels = data.first_batch()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(10):
        loss = F.cross_entropy(model(images.flatten(1)), labels)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()

    def differ(layer: nn.Linear) -> bool:
        return not torch.allclose(layer.weight, layer.weight[:1])

    assert [differ(model.hidden1), differ(model.hidden2), differ(model.output)] == [
        False,
        False,
        True,
    ]
    assert not torch.allclose(model.hidden1.weight, torch.tensor(-0.01))
