"""How an answer is called, and what there is to say where that goes wrong."""

import inspect
import re
from typing import Any

from mnistlesson.check._exercise import Found
from mnistlesson.check._outcome import Outcome, OutOfTime
from mnistlesson.check._words import say

_TWO_DTYPES = re.compile(
    r"have the same dtype|expected scalar type|could not infer output dtype"
    r"|not implemented for '(Long|Int|Short|Char|Byte|Bool|Half)'|can't be cast to the desired"
)
_CONDITION = re.compile(r"\b(if|while|and|or|not|assert)\b")


def takes(function: Any, *arguments: object) -> bool:  # noqa: ANN401 - anything may be given
    """Tell whether something can be called with these arguments, as far as can be known."""
    try:
        inspect.signature(function).bind(*arguments)
    except ValueError:
        # Functions that are not written in Python may not say what they take.
        return True
    except TypeError:
        return False
    return True


def original(answer: Any) -> Any:  # noqa: ANN401 - anything may be given
    """Return the function itself, where torch.compile has wrapped it."""
    return getattr(answer, "_torchdynamo_orig_callable", answer)


def uncallable(answer: object, *arguments: object) -> Found | None:
    """Look whether an answer can be called with what the check gives it."""
    if not callable(answer):
        return Found("not-a-function", say("You passed {type}.", type=type(answer).__name__))
    if takes(answer, *arguments):
        return None
    template = "Your function is {name}{signature}."
    name = getattr(answer, "__name__", type(answer).__name__)
    return Found("arguments", say(template, name=name, signature=inspect.signature(answer)))


def of_error(outcome: Outcome) -> str | None:
    """Name the mistake that an error shows, whatever the exercise; None where it shows none."""
    line = outcome.line.line if outcome.line else ""
    if _TWO_DTYPES.search(outcome.text):
        return "dtype"
    # PyTorch, too, raises it: of what it cannot do on a device.
    if isinstance(outcome.error, NotImplementedError) and "Could not run" not in outcome.text:
        return "open"
    if isinstance(outcome.error, OutOfTime):
        return "endless"
    if "Boolean value of Tensor" in outcome.text and _CONDITION.search(line or ""):
        return "condition"
    return "numpy" if outcome.passes("numpy") else None
