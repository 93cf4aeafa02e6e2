"""Run a learner's code: watched, bounded, and without a trace in the program around it."""

import builtins
import contextlib
import io
import random
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import numpy as np
import torch
from mnistlesson.check._call import Call, shielded, silence
from mnistlesson.check._outcome import LIMIT_SECONDS, Outcome

LIMIT_CHARACTERS = 10_000
"""What code prints beyond this is dropped."""


def _device_states() -> list[tuple[Callable[[Any], None], Any]]:
    """Return the random state of each device in use, with what sets it."""
    states: list[tuple[Callable[[Any], None], Any]] = []
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        states.append((torch.cuda.set_rng_state_all, torch.cuda.get_rng_state_all()))
    if torch.backends.mps.is_built() and torch.backends.mps.is_available():
        states.append((torch.mps.set_rng_state, torch.mps.get_rng_state()))
    # Before CUDA is in use, its seeds wait in a queue.
    if queue := getattr(torch.cuda, "_lazy_seed_tracker", None):
        held = {name: [*x] if isinstance(x, list) else x for name, x in vars(queue).items()}
        states.append((vars(queue).update, held))
    return states


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Give back what programs share as it was; within, compute on the CPU, with gradients."""
    dtype, grad = torch.get_default_dtype(), torch.is_grad_enabled()
    states = torch.get_rng_state(), random.getstate(), np.random.get_state(legacy=False)  # noqa: NPY002 - the learner's may be used
    devices = _device_states()
    # Once is enough: what chooses a device takes part in every call of PyTorch.
    device = contextlib.nullcontext() if torch.empty(0).is_cpu else torch.device("cpu")
    try:
        with device, torch.inference_mode(mode=False), torch.enable_grad():
            yield
    finally:
        torch.set_default_dtype(dtype)
        torch.set_grad_enabled(grad)
        torch.set_rng_state(states[0])
        random.setstate(states[1])
        np.random.set_state(states[2])  # noqa: NPY002
        for give_back, state in devices:
            give_back(state)


class _Bounded(io.StringIO):
    def write(self, text: str) -> int:
        return super().write(text[: max(0, LIMIT_CHARACTERS - self.tell())])


def _nobody_types(*_: object) -> NoReturn:
    raise EOFError("a check cannot be asked for input")


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Keep code from the terminal: what it prints is kept from view, and nobody types."""
    stdin, stdout, ask = sys.stdin, sys.stdout, builtins.input
    sys.stdin, sys.stdout, builtins.input = io.StringIO(), _Bounded(), _nobody_types
    try:
        yield
    finally:
        # A thread that could not be ended prints on.
        sys.stdout, sys.stderr = shielded(stdout), shielded(sys.stderr)
        sys.stdin, builtins.input = stdin, ask


def run(function: Callable[..., object], *arguments: object, limited: bool = True) -> Outcome:
    """Call a learner's function, and catch whatever it does.

    An endless loop in Python is ended after some seconds, but for the checks' own code. Imports
    take none of these seconds: a first one is slow.
    """
    call = Call(function, *arguments)
    # A warning would tell of a line that the learner did not run: the verdict says what matters.
    with undisturbed(), warnings.catch_warnings(record=True) as caught, alone():
        warnings.simplefilter("always")
        call.start()
        if limited:
            call.wait(LIMIT_SECONDS)
        else:
            call.finished.wait()
        outcome = call.end()
        if not call.finished.is_set():
            silence(call)
    return Outcome(outcome.value, outcome.error, tuple(str(one.message) for one in caught))
