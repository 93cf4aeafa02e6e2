"""The exercises by name, and how an answer is judged that was found under that name."""

from collections.abc import Callable
from typing import Any

from mnistlesson import check
from mnistlesson.check._judge import named, probe, verdict
from mnistlesson.check._run import run
from mnistlesson.check._verdict import Verdict
from torch import nn

NAMES = {
    "flatten": "flatten",
    "mlp": "mlp",
    "softmax": "softmax",
    "network": "Network",
    "sequential": "sequential",
    "init": "init",
}


def judge(name: str, answer: Callable[..., Any]) -> Verdict:
    """Judge an answer as ``exercises.py`` asks for it.

    Args:
        name: One of ``check.EXERCISES``.
        answer: For ``mlp``, a function of inputs (N, 784) that returns w1, b1, w2, b2 and out;
            else, what the check of that name takes.

    Examples:
        >>> from mnistlesson import check
        >>> check.judge("flatten", lambda images: images.flatten(1))
        ✓ flatten: right. Your function does what it should.
    """
    inputs = {
        "flatten": (probe(64, 1, 28, 28, seed=0),),
        "mlp": (probe(64, 784, seed=0),),
        "softmax": (probe(64, 10, seed=0),),
    }.get(name, ())
    outcome = run(answer, *inputs)
    # Calling a model that is there already may raise this too, and does not say that none is.
    if isinstance(outcome.error, NotImplementedError) and not isinstance(answer, nn.Module):
        return verdict(name, named(name, "open"), "")
    if name != "mlp":
        judged: Verdict = getattr(check, name)(answer)
        return judged
    if outcome.error is not None:
        return verdict(name, named(name, "raises"), f"You get {outcome.told}.")
    values = outcome.value
    if not isinstance(values, tuple) or len(values) != 5:
        evidence = f"It returned {type(values).__name__}, not w1, b1, w2, b2, out."
        return verdict(name, named(name, "other"), evidence)
    w1, b1, w2, b2, out = values
    return check.mlp(probe(64, 784, seed=0), w1, b1, w2, b2, out)
