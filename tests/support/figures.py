"""An example of each figure of ``mnistlesson.plots``."""

from collections.abc import Callable
from typing import Any

import torch
from matplotlib.figure import Figure
from mnistlesson import plots
from torch import Tensor


def noise(*shape: int) -> Tensor:
    """Return numbers from -1 to 1, always the same, of which autograd keeps track."""
    values = torch.rand(shape, generator=torch.Generator().manual_seed(0)) * 2 - 1
    return values.requires_grad_()


ARGUMENTS: dict[str, Callable[[], dict[str, Any]]] = {
    "activation_functions": lambda: {
        "x": torch.linspace(-3, 3, 61, requires_grad=True),
        "values": {"up": noise(61), "down": -noise(61)},
        "gradients": {"up": 2 * noise(61), "down": -2 * noise(61)},
    },
    "bar_charts": lambda: {
        "groups": {"scores": noise(3), "probabilities": noise(3).softmax(0)},
        "xlabel": "class",
    },
    "confusion_matrix": lambda: {"counts": torch.tensor([[8, 2, 0], [1, 9, 0], [0, 3, 7]])},
    "decision_regions": lambda: {
        "points": noise(6, 2),
        "classes": torch.tensor([0, 1, 1, 0, 1, 0]),
        "scores": {"one": noise(9, 9), "another": -noise(9, 9)},
        "limit": 2.0,
    },
    "digit_grid": lambda: {"images": noise(5, 1, 28, 28), "labels": torch.arange(5)},
    "digit_values": lambda: {"image": noise(1, 28, 28)},
    "histograms": lambda: {
        "groups": {"weights": noise(8, 16), "biases": 5 * noise(16)},
        "xlabel": "value",
    },
    "layer_activations": lambda: {
        "layers": {
            "input": noise(784),
            "hidden 1": noise(128).abs(),
            "hidden 2": noise(64),
            "odd": noise(97),
            "dead": torch.zeros(20),
            "logits": noise(10),
        }
    },
    "line_chart": lambda: {
        "x": torch.arange(3.0),
        "lines": {"fast": torch.tensor([3.0, 1.0, 0.5]), "slow": torch.tensor([3.0, 2.5, 2.0])},
        "labels": ("step", "loss"),
    },
    "misread_digits": lambda: {
        "images": noise(2, 784),
        "labels": torch.tensor([3, 4]),
        "predictions": torch.tensor([5, 9]),
        "probabilities": torch.tensor([0.91, 0.4], requires_grad=True),
    },
    "network_diagram": lambda: {"sizes": [784, 128, 10], "labels": ["input", "hidden", "output"]},
    "one_unit": lambda: {"image": noise(1, 28, 28), "weights": -noise(784), "bias": noise(1)[0]},
    "rows_end_to_end": lambda: {"image": noise(784)},
    "scale_curves": lambda: {
        "scales": torch.tensor([0.01, 0.1, 1.0], requires_grad=True),
        "measures": {"loss": noise(3), "saturation": noise(3).abs()},
    },
    "tensor_shapes": lambda: {
        "groups": {
            "a product": {"inputs": noise(64, 784), "w1": noise(784, 256)},
            "loss": {"loss": noise(1).sum()},
        },
        "learnt": ["w1"],
    },
    "training_curves": lambda: {
        "train_loss": [2.0, 1.0],
        "test_loss": [2.5, float("nan")],
        "train_accuracy": [0.1, 0.5],
        "test_accuracy": list(noise(2).abs()),
    },
    "unit_weights": lambda: {"groups": {"before": noise(3, 784), "after": 2 * noise(3, 784)}},
    "view_classify": lambda: {"image": noise(28, 28), "probabilities": noise(1, 10).softmax(1)},
}


def draw(name: str, **changes: object) -> Figure:
    """Call the function of that name with its usual arguments, some of them changed."""
    figure: Figure = getattr(plots, name)(**(ARGUMENTS[name]() | changes))
    return figure
