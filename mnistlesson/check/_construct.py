"""How a network is made, and what there is to say where that goes wrong."""

import difflib
import inspect
import re

from mnistlesson.check._calling import of_error, takes
from mnistlesson.check._compare import computes
from mnistlesson.check._exercise import Found
from mnistlesson.check._outcome import Outcome
from mnistlesson.check._words import say
from torch import nn


def unmade(answer: object, outcome: Outcome) -> Found:
    """Look at why a network could not be made."""
    kind = of_error(outcome) or _kind(answer, outcome)
    return Found(kind, say("Making your network gives {error}.", error=outcome.message))


def _kind(answer: object, outcome: Outcome) -> str:
    line = (outcome.line.line if outcome.line else "") or ""
    if "__init__() takes 0 positional arguments" in outcome.text:
        return "no-self"
    if "is not a Module subclass" in outcome.text:
        several = re.search(r"\b(list|tuple|dict|set|generator|map|odict\w*) is not", outcome.text)
        return "list" if several else "class-for-module"
    if "super" in line and "__init__" in line:
        return "super-call"
    if not takes(answer):
        return "arguments"
    return "super" if "Module.__init__()" in outcome.text else "init-raises"


def unsuitable(answer: object, value: object, *, as_class: bool) -> Found | None:
    """Look at what was given or made."""
    name = type(value).__name__.replace("NoneType", "None")
    if value is None and inspect.isfunction(answer):
        kind = "no-return" if computes(answer) else "empty"
        return Found(kind, say("What your function returns is {type}.", type=name))
    if not isinstance(value, nn.Module):
        template = "What you gave is of type {type}, not an nn.Module."
        if inspect.isfunction(answer):
            template = "What your function returns is of type {type}, not an nn.Module."
        return Found("not-a-module", say(template, type=name))
    if not hasattr(value, "_modules"):
        template = "Your {type} has no place for modules and parameters yet."
        return Found("super", say(template, type=name))
    if not as_class and not isinstance(value, nn.Sequential):
        template = "What you gave is of type {type}, not an nn.Sequential."
        return Found("not-sequential", say(template, type=name))
    return None


def misspelt(kind: object) -> Found | None:
    """Look for a method that was meant to be ``__init__``."""
    if not isinstance(kind, type) or "__init__" in vars(kind):
        return None
    for name, value in vars(kind).items():
        bare = name.strip("_").lower()
        if inspect.isfunction(value) and difflib.get_close_matches(bare, ["init"], cutoff=0.7):
            template = "Your class has {name}, and no __init__ of its own."
            return Found("init-name", say(template, name=name))
    return None
