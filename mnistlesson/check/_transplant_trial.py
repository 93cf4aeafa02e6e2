"""The exercise of step 5, tried: an answer gets four tensors, and may raise an error."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from mnistlesson.check._calling import of_error
from mnistlesson.check._calls import Calls, recorded
from mnistlesson.check._compare import probe
from mnistlesson.check._outcome import Outcome
from mnistlesson.check._run import run
from mnistlesson.check._words import say
from torch import Tensor, nn
from torch.nn.modules.module import register_module_parameter_registration_hook

SIZES = {"w1": (784, 256), "b1": (256,), "w2": (256, 10), "b2": (10,)}
PLACES = {
    "hidden.weight": "w1",
    "hidden.bias": "b1",
    "output.weight": "w2",
    "output.bias": "b2",
}
"""The parameters of the network, and where their numbers come from."""
_STATE_SIZE = re.compile(
    r"size mismatch for \w+\.weight: .*?Size\(\[(\d+), (\d+)\]\).*?Size\(\[(\d+), (\d+)\]\)"
)

_UNMET = re.compile(
    r"must match|is invalid for input of size|shape mismatch|expanded size|output with shape"
)
_MEETING = ("copy_", "__setitem__", "set_", "add_", "__iadd__", "view_as", "reshape_as")
"""Functions in which numbers meet the place that they are meant for."""


@dataclass
class Trial:
    """What an answer did with the four tensors."""

    tensors: dict[str, Tensor]
    given: dict[str, Tensor]
    """What the answer got: copies."""
    calls: Calls
    replaced: list[str] = field(default_factory=list)
    """The names of parameters that took the place of others."""
    outcome: Outcome = field(default_factory=Outcome)
    recording: bool = True
    """Whether gradients were recorded after it."""

    def wanted(self, name: str) -> Tensor:
        """Return the numbers that belong into a parameter."""
        tensor = self.tensors[PLACES[name]]
        return tensor.T if tensor.dim() == 2 else tensor


def tried(answer: Callable[..., object], seed: int) -> Trial:
    """Call an answer, and note what it does."""
    numbers = [probe(*size, seed=seed + place) for place, size in enumerate(SIZES.values())]
    tensors = dict(zip(SIZES, numbers, strict=True))
    trial = Trial(tensors, {name: tensor.clone() for name, tensor in tensors.items()}, Calls())

    def registered(module: nn.Module, name: str, parameter: object) -> None:
        old = module._parameters.get(name)  # noqa: SLF001 - what is there before the assignment
        if old is not None and old is not parameter:
            trial.replaced.append(name)

    def call() -> object:
        value = recorded(answer, trial.calls, seed)(*trial.given.values())
        trial.recording = torch.is_grad_enabled()  # each thread has its own
        return value

    hook = register_module_parameter_registration_hook(registered)
    trial.outcome = run(call)
    hook.remove()
    return trial


def error_of(outcome: Outcome) -> str:
    """Say which error it is. What load_state_dict complains of stands in the lines below."""
    first, *others = f"{outcome.error}".split("\n")
    if "loading state_dict" not in first or not others:
        return outcome.message
    kind, complaint = type(outcome.error).__name__, others[0].strip().rstrip(".")
    return say("{kind}: {first} {complaint}", kind=kind, first=first, complaint=complaint)


def by_error(trial: Trial) -> str:
    """Name the mistake that an error shows."""
    outcome, text = trial.outcome, f"{trial.outcome.error}"
    if kind := of_error(outcome):
        return kind
    if re.search(r"cannot assign '.*Tensor' as parameter", text):
        return "plain-tensor"
    if "leaf Variable that requires grad" in text:
        return "recorded"
    if "loading state_dict" in text:
        if re.search(r"(Missing|Unexpected) key", text):
            return "keys"
        sizes = _STATE_SIZE.search(text)
        one, other = ((int(sizes[i]), int(sizes[i + 1])) for i in (1, 3)) if sizes else ((), ())
        return of_shapes(one, other)
    if "type object 'Network' has no attribute" in text:
        return "class"
    if _UNMET.search(text):
        return _by_copy(trial)
    return "raises"


def _by_copy(trial: Trial) -> str:
    """Look at the last copy: of which shape into which."""
    for called in trial.calls.of(*_MEETING):
        if len(called.shapes) == 2:
            return of_shapes(*called.shapes)
    return "raises"


def of_shapes(one: tuple[int, ...], other: tuple[int, ...]) -> str:
    """Name what is wrong where numbers of a shape are meant for a place of another."""
    if len(one) == 2 and one == other[::-1]:
        return "not-transposed"
    known = {*SIZES.values(), *(size[::-1] for size in SIZES.values())}
    return "layers-swapped" if {one, other} <= known else "sizes"
