"""What a network may do with the output of a layer: the functions that learners write."""

from collections.abc import Callable
from typing import NamedTuple

import torch
import torch.nn.functional as F
from mnistlesson.check._compare import close
from torch import Tensor

Function = Callable[[Tensor], Tensor]

ACTIVATIONS: dict[str, Function] = {
    "ReLU": torch.relu,
    "nothing": lambda x: x,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "leaky ReLU": F.leaky_relu,
    "ReLU6": F.relu6,
    "ELU": F.elu,
    "SELU": F.selu,
    "GELU": F.gelu,
    "SiLU": F.silu,
    "Mish": F.mish,
    "softplus": F.softplus,
    "hard tanh": F.hardtanh,
    "the absolute value": torch.abs,
    "softmax": lambda x: x.softmax(1),
    "softmax over dim 0": lambda x: x.softmax(0),
    "log_softmax": lambda x: x.log_softmax(1),
    "ReLU, then softmax": lambda x: x.relu().softmax(1),
}
"""What may follow a hidden layer."""


class Output(NamedTuple):
    """What may follow the last layer."""

    kind: str
    formula: str
    function: Function


OUTPUTS = [
    Output("probabilities", "softmax(x)", lambda x: x.softmax(1)),
    Output("logits", "x", lambda x: x),
    Output("softmax-columns", "softmax(x, dim=0)", lambda x: x.softmax(0)),
    Output(
        "softmax-everything", "exp(x) / exp(x).sum()", lambda x: x.flatten().softmax(0).view_as(x)
    ),
    Output("log-softmax", "log_softmax(x)", lambda x: x.log_softmax(1)),
    Output("sigmoid-output", "sigmoid(x)", torch.sigmoid),
    Output("relu-output", "relu(x)", torch.relu),
    Output("relu-before-softmax", "softmax(relu(x))", lambda x: x.relu().softmax(1)),
    Output("softmax-twice", "softmax(softmax(x))", lambda x: x.softmax(1).softmax(1)),
    Output("argmax", "argmax(x)", lambda x: x.argmax(1)),
]
"""What may follow the last layer, the likeliest first. The first two are right."""

_OF_TWO = [
    Output("log-softmax", "-log_softmax(x)", lambda x: -x.log_softmax(1)),
    Output("log-softmax", "log10(softmax(x))", lambda x: x.softmax(1).log10()),
    Output("log-softmax", "log_softmax(softmax(x))", lambda x: x.softmax(1).log_softmax(1)),
    Output("relu-output", "log_softmax(relu(x))", lambda x: x.relu().log_softmax(1)),
    Output("softmax-columns", "log_softmax(x, dim=0)", lambda x: x.log_softmax(0)),
    Output("softmax-columns", "softmax(relu(x), dim=0)", lambda x: x.relu().softmax(0)),
]


def _combinations() -> list[Output]:
    names: dict[str, Function] = {
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "leaky_relu": F.leaky_relu,
    }
    found = [*OUTPUTS, *_OF_TWO]
    for name, first in names.items():
        kind = "activation-before-softmax"
        found += [
            Output(kind, f"softmax({name}(x))", _then(first, lambda x: x.softmax(1))),
            Output(kind, f"log_softmax({name}(x))", _then(first, lambda x: x.log_softmax(1))),
            Output("output-activation", f"{name}(x)", first),
        ]
    return found


def _then(first: Function, second: Function) -> Function:
    return lambda x: second(first(x))


ALL_OUTPUTS = _combinations()
"""The same, and two functions one after the other."""


def near(one: Tensor, other: Tensor) -> bool:
    """Tell whether two tensors are equal up to what rounding makes of sums of that size."""
    size = other.abs().max().item() if other.numel() and other.is_floating_point() else 1.0
    return close(one, other, scale=min(max(1.0, size), 1e4))


def of_each_number(before: Tensor, after: Tensor) -> bool:
    """Tell whether ``after`` is a function of each number of ``before``, and a smooth one."""
    if before.shape != after.shape or not after.isfinite().all():
        return False
    x, order = before.flatten().double().sort()
    y = after.flatten().double()[order]
    step, rise = x.diff(), y.diff().abs()
    return bool((rise <= 20 * step + 1e-3 * y.abs().max()).all()) and bool(y.max() > y.min())
