"""Checks of the exercises: each says whether you are right and, if not, which mistake you made.

A check runs your code on a few inputs and looks at what it does. So any style that computes the
right thing is right: of your code it reads the line alone that raised an error. It never raises for
what you did, never changes your tensors, and leaves the random state, the grad mode and the default
dtype as they were.

There are six ways of diagnosis. ``flatten`` and ``softmax`` execute the catalogue's programs, and
name the mistake whose program does the same as yours. ``standardise``, ``gradient_step``,
``train_epoch`` and ``accuracy`` do so, too, and compare more than a result: what your answer
changes, and how it goes about it. ``mlp`` has your own tensors, and names the formula that gives
your result.
``init`` judges random numbers by their statistics. ``network`` and ``sequential`` trace what each
layer takes and gives. ``predict``, ``transplant``, ``linear`` and ``functional`` try the answer,
and name the first condition that fails. In all of them, rules name what is left, and the tests
require each program of the catalogue to get its own name.
"""

from collections.abc import Callable
from typing import Any

from mnistlesson.check import _exercises
from mnistlesson.check._run import undisturbed
from mnistlesson.check._verdict import Level, NotYetError, Verdict
from torch import Tensor, nn

__all__ = [
    "EXERCISES",
    "Level",
    "NotYetError",
    "Verdict",
    "flatten",
    "init",
    "judge",
    "mlp",
    "network",
    "sequential",
    "softmax",
]

EXERCISES = _exercises.EXERCISES
"""Each exercise, in the order of the lesson, and the name of the function or class that answers it.

Examples:
    >>> from mnistlesson import check
    >>> check.EXERCISES["network"]
    'Network'

:meta hide-value:
"""


def judge(name: str, answer: Callable[..., Any]) -> Verdict:
    """Judge an answer as ``exercises.py`` asks for it: the way for every exercise.

    Args:
        name: One of ``check.EXERCISES``.
        answer: For ``mlp``, a function of inputs (N, 784) that returns w1, b1, w2, b2 and out;
            where the check has a function of that name, what this takes; else the function or class
            that the exercise asks for.

    Raises:
        ValueError: There is no exercise of this name.

    Examples:
        >>> from mnistlesson import check
        >>> check.judge("flatten", lambda images: images.flatten(1))
        ✓ flatten: right. Your function does what it should.
    """
    return _exercises.judge(name, answer)


def flatten(function: Callable[[Tensor], Tensor]) -> Verdict:
    """Check a function that turns images (N, 1, 28, 28) into vectors (N, 784).

    Args:
        function: Takes the images, returns the vectors.

    Returns:
        The verdict; true where the function is right.

    Examples:
        >>> from mnistlesson import check
        >>> check.flatten(lambda images: images.reshape(-1, 784))
        ✓ flatten: right. Your function does what it should.
        >>> check.flatten(lambda images: images.squeeze()).says
        'Only the channel axis went. The rows and columns are still apart.'
    """
    return judge("flatten", function)


def softmax(function: Callable[[Tensor], Tensor]) -> Verdict:
    """Check a function that turns logits (N, 10) into probabilities (N, 10).

    Args:
        function: Takes the logits, returns the probabilities.

    Returns:
        The verdict; true where the function is right. One that overflows on large scores is
        right, with a note.

    Examples:
        >>> import torch
        >>> from mnistlesson import check
        >>> check.softmax(lambda x: torch.softmax(x, dim=1))
        ✓ softmax: right. Your function does what it should.
        >>> check.softmax(lambda x: torch.softmax(x, dim=0)).says
        'Your columns sum to 1: the images compete for each class.'
    """
    return judge("softmax", function)


def mlp(  # noqa: PLR0913, PLR0917 - the six names of the exercise
    inputs: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor, out: Tensor
) -> Verdict:
    """Check a network of 784 inputs, 256 hidden units with a sigmoid, and 10 outputs.

    Args:
        inputs: (N, 784).
        w1: (784, 256).
        b1: (256,).
        w2: (256, 10).
        b2: (10,).
        out: What you computed from them, logits (N, 10).

    Returns:
        The verdict; true where ``out`` is what the network computes from the other five.

    Examples:
        >>> import torch
        >>> from mnistlesson import check, models
        >>> seed, inputs = torch.manual_seed(0), torch.randn(64, 784)
        >>> w1, b1, w2, b2 = models.raw_parameters()
        >>> check.mlp(inputs, w1, b1, w2, b2, models.raw_mlp(inputs, w1, b1, w2, b2))
        ✓ mlp: right. Your out is what the network computes.
        >>> check.mlp(inputs, w1, b1, w2, b2, (inputs @ w1 + b1) @ w2 + b2).says
        'The hidden layer has no activation function, so two layers are no more than one.'
    """
    from mnistlesson.check._mlp import judge_values  # noqa: PLC0415 - only where it is asked for

    with undisturbed():
        return judge_values(inputs, w1, b1, w2, b2, out)


def init(make_model: Callable[[], nn.Module]) -> Verdict:
    """Check a function that makes a 784-128-64-10 network and initialises it.

    Args:
        make_model: Returns the network: its biases are zero, its weights come from a normal
            distribution with mean 0 and standard deviation 0.01.

    Returns:
        The verdict; true where the weights and biases are such.

    Examples:
        >>> from mnistlesson import check, models
        >>> def make_model():
        ...     model = models.DeepNetwork()
        ...     models.init_normal(model, std=0.01)
        ...     return model
        >>> check.init(make_model)
        ✓ init: right. Your weights and biases are as they should be.
        >>> check.init(models.DeepNetwork).says
        'The weights are distributed as PyTorch draws them by default, not as asked.'
    """
    return judge("init", make_model)


def network(answer: type[nn.Module] | nn.Module) -> Verdict:
    """Check a network of 784 inputs, hidden layers of 128 and 64 units with ReLU, and 10 outputs.

    It is judged with random weights: in a copy where one can be made, and yours keeps its own.

    Args:
        answer: The class or an instance. It takes (N, 784) or images (N, 1, 28, 28).

    Returns:
        The verdict; true where the network returns logits (N, 10) or their softmax, and it says
        which of them.

    Examples:
        >>> from mnistlesson import check, models
        >>> check.network(models.DeepNetwork)
        ✓ network: right. Your network is 784-128-64-10 with ReLU, and returns logits.
        >>> check.network(models.Network()).says
        'Your network does not have three linear layers.'
    """
    return judge("network", answer)


def sequential(model: nn.Module | Callable[[], nn.Module]) -> Verdict:
    """Check the network of :func:`~mnistlesson.check.network` as a :class:`~torch.nn.Sequential`.

    Args:
        model: The sequence, or a function or class that makes it.

    Returns:
        The verdict; true where the sequence returns logits (N, 10) or their softmax, and it says
        which of them.

    Examples:
        >>> from mnistlesson import check, models
        >>> check.sequential(models.sequential_network)
        ✓ sequential: right. Your network is 784-128-64-10 with ReLU, and returns logits.
        >>> check.sequential(models.sequential_network()[:4]).says
        'Your network does not have three linear layers.'
    """
    return judge("sequential", model)
