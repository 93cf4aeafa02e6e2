"""Run a network and record what its linear layers take and give."""

import itertools
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F
from mnistlesson.check._compare import close
from mnistlesson.check._run import Outcome, run
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

SIZES = ((784, 128), (128, 64), (64, 10))
"""Inputs and outputs of each layer asked for."""

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "ReLU": torch.relu,
    "nothing": lambda x: x,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "leaky ReLU": F.leaky_relu,
    "ELU": F.elu,
    "GELU": F.gelu,
    "SiLU": F.silu,
    "softplus": F.softplus,
    "softmax": lambda x: x.softmax(1),
    "softmax over dim 0": lambda x: x.softmax(0),
    "log_softmax": lambda x: x.log_softmax(1),
    "ReLU, then softmax": lambda x: x.relu().softmax(1),
}
"""What a network may do with the output of a hidden layer."""

OUTPUTS: dict[str, Callable[[Tensor], Tensor]] = {
    "probabilities": lambda x: x.softmax(1),
    "logits": lambda x: x,
    "softmax-columns": lambda x: x.softmax(0),
    "softmax-everything": lambda x: x.flatten().softmax(0).view_as(x),
    "log-softmax": lambda x: x.log_softmax(1),
    "sigmoid-output": torch.sigmoid,
    "relu-output": torch.relu,
    "relu-before-softmax": lambda x: x.relu().softmax(1),
    "softmax-twice": lambda x: x.softmax(1).softmax(1),
    "argmax": lambda x: x.argmax(1),
}
"""What a network may do with the output of its last layer. The first two are right."""


@dataclass(frozen=True)
class Step:
    """A linear layer at work on N rows."""

    weight: Tensor
    """(outputs, inputs), the very tensor that was used."""
    bias: Tensor | None
    """(outputs,)"""
    input: Tensor
    """(N, inputs), a copy."""
    output: Tensor
    """(N, outputs), a copy; empty where the sizes do not meet."""

    @property
    def size(self) -> tuple[int, int]:
        """How many numbers it takes and gives."""
        return self.weight.shape[1], self.weight.shape[0]


@dataclass(frozen=True)
class Trace:
    """What a network did with its input."""

    images: Tensor
    """(N, 784) or (N, 1, 28, 28)"""
    outcome: Outcome
    steps: list[Step]
    called: set[str]
    """The names of torch's functions that it called."""
    dropped: list[float]
    """The rate of each dropout that was on."""

    @property
    def result(self) -> Tensor | None:
        """What it returned, where that is a tensor."""
        value = self.outcome.value
        return value.detach() if isinstance(value, Tensor) else None


@dataclass
class _Recorder(TorchFunctionMode):
    """Sees every call of torch's functions, so layers need not be modules, nor be registered."""

    steps: list[Step] = field(default_factory=list)
    called: set[str] = field(default_factory=set)
    dropped: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: object,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> object:
        kwargs = kwargs or {}
        self.called.add(name := getattr(func, "__name__", ""))
        # An endless loop must not fill the memory.
        if func is F.linear and len(self.steps) < 20:
            return self._linear(*args, **kwargs)
        if "dropout" in name:
            return self._dropout(func, *args, **kwargs)
        return func(*args, **kwargs)

    def _linear(self, input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:  # noqa: A002 - torch's name
        # Copies: an activation in place would change what was recorded.
        before, after = input.detach().clone(), torch.empty(0)
        try:
            output: Tensor = F.linear(input, weight, bias)
            after = output.detach().clone()
        finally:
            self.steps.append(Step(weight, bias, before, after))
        return output

    def _dropout(self, func: Callable[..., Tensor], *args: Any, **kwargs: Any) -> Tensor:  # noqa: ANN401 - passed on
        """Drop nothing, so that the rest can be judged, and remember that it would have."""
        given: Tensor = args[0] if args else kwargs["input"]
        before = given.clone()
        if not torch.equal(func(*args, **kwargs), before):
            self.dropped.append(kwargs.get("p", args[1] if len(args) > 1 else 0.5))
        return before


def trace(model: nn.Module, images: Tensor) -> Trace:
    """Call a model and record what it does.

    Args:
        model: Any module.
        images: (N, 784) or (N, 1, 28, 28).
    """
    recorder = _Recorder()

    def call() -> object:
        # Layers made in `forward` must not be the same in two calls by way of the same state.
        torch.manual_seed(len(images))
        with recorder:
            return model(images)

    # A warning about this run would tell of lines that the learner did not write.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        outcome = run(call)
    return Trace(images, outcome, recorder.steps, recorder.called, recorder.dropped)


def steps_by_parameters(model: nn.Module, images: Tensor, result: Tensor) -> list[Step] | None:
    """Find the steps of a network that computes without ``F.linear``: with ``@``, say.

    Its parameters, known by their shapes, are tried with everything in ACTIVATIONS and OUTPUTS.

    Args:
        model: Any module.
        images: (N, 784) or (N, 1, 28, 28).
        result: What it returned for them.

    Returns:
        The steps that give the result; None where there are none.
    """
    parameters = [parameter.detach() for parameter in model.parameters()]
    layers = []
    for inputs, outputs in SIZES:
        weights = [p for p in parameters if p.shape == (outputs, inputs)]
        weights += [p.T for p in parameters if p.shape == (inputs, outputs)]
        biases = [p.flatten() for p in parameters if p.numel() == outputs]
        if not weights:
            return None
        layers.append((weights[0], biases[0] if biases else None))
    for one, two in itertools.product(ACTIVATIONS.values(), repeat=2):
        steps: list[Step] = []
        x = images.flatten(1)
        for (weight, bias), after in zip(layers, (one, two, torch.relu), strict=True):
            output = F.linear(x, weight, bias)
            steps.append(Step(weight, bias, x, output))
            x = after(output)
        if any(close(end(output), result) for end in OUTPUTS.values()):
            return steps
    return None
