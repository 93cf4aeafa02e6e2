"""The networks: what the steps wrote, and what PyTorch computes."""

import ast
from pathlib import Path
from typing import TypeVar

import pytest
import torch
from mnistlesson import models
from torch import Tensor, nn

from support.site import STEPS

MODELS = ast.parse(Path(models.__file__).read_text(encoding="utf-8"))


Definition = TypeVar("Definition", ast.FunctionDef, ast.ClassDef)


class _Bare(ast.NodeTransformer):
    """Drops docstrings and type annotations: a step has neither."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.returns = None
        return self._without_docstring(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        return self._without_docstring(node)

    def _without_docstring(self, node: Definition) -> Definition:
        if ast.get_docstring(node) is not None:
            del node.body[0]
        self.generic_visit(node)
        return node


def definitions(tree: ast.Module) -> dict[str, str]:
    """Return each top-level function and class by name, as the text of its bare syntax tree."""
    nodes = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    return {node.name: ast.dump(_Bare().visit(node)) for node in nodes}


WRITTEN = {step: definitions(ast.parse(step.read_text(encoding="utf-8"))) for step in STEPS}


@pytest.mark.parametrize("name", models.__all__)
def test_a_step_has_written_it(name: str) -> None:
    step = next(step for step, written in WRITTEN.items() if name in written)
    assert WRITTEN[step][name] == definitions(MODELS)[name]
    number = int(step.name[:2])
    assert getattr(models, name).__doc__.startswith(f"Step {number}: ")


def test_nothing_else_is_there() -> None:
    assert sorted(definitions(MODELS)) == sorted(models.__all__)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.stem)
def test_a_step_imports_only_what_an_earlier_one_has_written(step: Path) -> None:
    tree = ast.parse(step.read_text(encoding="utf-8"))
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "mnistlesson.models"
        for alias in node.names
    }
    earlier = {name for other in STEPS if other < step for name in WRITTEN[other]}
    assert imported <= earlier


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3, 1e30])
@pytest.mark.parametrize("shape", [(1, 1), (1, 10), (10, 10), (64, 10), (7, 1000)])
def test_softmax_is_that_of_pytorch(shape: tuple[int, int], scale: float) -> None:
    x = scale * torch.randn(shape, generator=torch.Generator().manual_seed(0))
    before = x.clone()
    torch.testing.assert_close(models.softmax(x), torch.softmax(x, dim=1))
    assert torch.equal(x, before)


def test_sigmoid_is_that_of_pytorch() -> None:
    x = torch.linspace(-100, 100, 2001)
    torch.testing.assert_close(models.sigmoid(x), torch.sigmoid(x))


def reference(parameters: list[Tensor], activation: nn.Module) -> nn.Sequential:
    """Build a network of PyTorch's own layers around weights (out, in) and biases."""
    layers: list[nn.Module] = []
    for weight, bias in zip(parameters[::2], parameters[1::2], strict=True):
        layer = nn.Linear(weight.shape[1], weight.shape[0])
        layer.load_state_dict({"weight": weight, "bias": bias})
        layers += [layer, activation]
    return nn.Sequential(*layers[:-1])


def test_raw_mlp_is_the_network_of_pytorch() -> None:
    torch.manual_seed(0)
    w1, b1, w2, b2 = models.raw_parameters()
    inputs = torch.randn(64, 784)
    expected = reference([w1.T, b1, w2.T, b2], nn.Sigmoid())(inputs)
    torch.testing.assert_close(models.raw_mlp(inputs, w1, b1, w2, b2), expected, atol=1e-3, rtol=0)


@pytest.mark.parametrize(
    ("make", "activation", "parameters"),
    [
        (models.Network, nn.Sigmoid(), 203_530),
        (models.FunctionalNetwork, nn.Sigmoid(), 203_530),
        (models.DeepNetwork, nn.ReLU(), 109_386),
        (models.sequential_network, nn.ReLU(), 109_386),
    ],
)
def test_network_is_that_of_pytorch(
    make: type[nn.Module], activation: nn.Module, parameters: int
) -> None:
    model = make()
    state = list(model.state_dict().values())
    assert sum(tensor.numel() for tensor in state) == parameters
    inputs = torch.randn(32, 784, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(model(inputs), reference(state, activation)(inputs))


def test_init_normal_sets_weights_and_biases() -> None:
    torch.manual_seed(0)
    model = models.DeepNetwork()
    models.init_normal(model, 0.05)
    for name, parameter in model.named_parameters():
        if name.endswith("bias"):
            assert not parameter.any()
        else:
            assert parameter.std().item() == pytest.approx(0.05, rel=0.1)
            # Four standard errors.
            assert abs(parameter.mean().item()) < 4 * 0.05 / parameter.numel() ** 0.5
