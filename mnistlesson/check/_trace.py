"""Run a network and record what its linear layers take and give."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F
from mnistlesson.check._functions import ACTIVATIONS, OUTPUTS, near
from mnistlesson.check._outcome import Outcome
from mnistlesson.check._run import run
from torch import Tensor, nn
from torch.nn.modules.module import register_module_forward_pre_hook
from torch.overrides import TorchFunctionMode

SIZES = ((784, 128), (128, 64), (64, 10))
"""Inputs and outputs of each layer asked for."""


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
    given: list[nn.Module]
    """The modules that stood where a tensor belongs."""
    used: set[int]
    """The parameters that were given to torch's functions, by their ``id``."""

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
    given: list[nn.Module] = field(default_factory=list)
    used: set[int] = field(default_factory=set)

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
        self.given += [argument for argument in args if isinstance(argument, nn.Module)]
        self.used |= {id(argument) for argument in args if isinstance(argument, nn.Parameter)}
        # An endless loop must not fill the memory.
        if func is F.linear and len(self.steps) < 20:
            return self._linear(*args, **kwargs)
        if "dropout" in name:
            return self._dropout(func, *args, **kwargs)
        return func(*args, **kwargs)

    def before(self, module: nn.Module, arguments: tuple[object, ...]) -> None:
        """See what a module is called with."""
        del module
        self.given += [argument for argument in arguments if isinstance(argument, nn.Module)]

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
        # Layers made in `forward` must not be the same in two calls by way of the same state. The
        # CPU's generator alone: torch.manual_seed seeds every device.
        torch.default_generator.manual_seed(len(images))
        with recorder:
            return model(images)

    hook = register_module_forward_pre_hook(recorder.before)
    outcome = run(call)
    hook.remove()
    return Trace(
        images,
        outcome,
        recorder.steps,
        recorder.called,
        recorder.dropped,
        recorder.given,
        recorder.used,
    )


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
    first = F.linear(images.flatten(1), *layers[0])
    for one, two in itertools.product(ACTIVATIONS.values(), repeat=2):
        second_input = one(first)
        second = F.linear(second_input, *layers[1])
        third_input = two(second)
        third = F.linear(third_input, *layers[2])
        if any(_gives(end.function(third), result) for end in OUTPUTS):
            return [
                Step(*layers[0], images.flatten(1), first),
                Step(*layers[1], second_input, second),
                Step(*layers[2], third_input, third),
            ]
    return None


def _gives(value: Tensor, result: Tensor) -> bool:
    if value.shape != result.shape or not result.numel():
        return False
    # Most are told apart by one number.
    one, other = value.flatten()[0].item(), result.flatten()[0].item()
    return not abs(one - other) > 1e-2 * (1 + abs(other)) and near(value, result)
