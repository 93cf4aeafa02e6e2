"""Exercises of the lesson "Building neural networks with PyTorch".

Write your answers in place of each ``raise NotImplementedError``. Then let them be checked:

    python -m mnistlesson check exercises.py
    python -m mnistlesson check --hint softmax exercises.py
    python -m mnistlesson check --watch exercises.py
"""

from collections import OrderedDict

import torch
import torch.nn.functional as F
from mnistlesson import models
from torch import nn


def standardise(train, test):
    """Return both sets with the training set's mean 0 and standard deviation 1.

    ``train`` and ``test`` are images as bytes, (N, 28, 28). Return two float32 tensors of
    the same shapes. The test set, too, is treated with the mean and the standard deviation
    of the training set. Leave ``train`` and ``test`` as they are.
    """
    raise NotImplementedError


def flatten(images):
    """Turn images (N, 1, 28, 28) into vectors (N, 784), one row for each image."""
    raise NotImplementedError


def mlp(inputs):
    """Compute ten scores for each of N inputs, with tensors alone.

    ``inputs`` is (N, 784). Draw weights and biases with ``torch.randn``: ``w1`` (784, 256), ``b1``
    (256,), ``w2`` (256, 10), ``b2`` (10,). Use the sigmoid after the hidden layer, and nothing
    after the output layer. Return ``w1, b1, w2, b2, out``, with ``out`` of shape (N, 10).
    """
    raise NotImplementedError


def softmax(x):
    """Turn scores (N, 10) into probabilities (N, 10): each row sums to 1."""
    raise NotImplementedError


def transplant(w1, b1, w2, b2):
    """Return a trainable ``models.Network`` with these numbers, in memory of its own.

    ``w1`` is (784, 256), ``b1`` (256,), ``w2`` (256, 10) and ``b2`` (10,), as in step 3.
    The network computes what step 3 computes from them. The four tensors stay as they
    are.
    """
    raise NotImplementedError


class Linear(nn.Module):
    """A layer as ``nn.Linear``, without it: two parameters, under the same names.

    ``Linear(5, 3)`` takes (N, 5) and returns (N, 3). The ``state_dict`` of
    ``nn.Linear(5, 3)`` fits it.
    """

    def __init__(self, in_features, out_features):
        super().__init__()
        raise NotImplementedError

    def forward(self, x):
        raise NotImplementedError


class Functional(nn.Module):
    """784 inputs, 256 hidden units with ReLU, dropout of 0.2, 10 outputs: with functions.

    The layers are called ``hidden`` and ``output``. ReLU and dropout are functions, not
    modules. Dropout acts on what ReLU gives, and only in training.
    """

    def __init__(self):
        super().__init__()
        raise NotImplementedError

    def forward(self, x):
        raise NotImplementedError


class Network(nn.Module):
    """784 inputs, 128 and 64 hidden units with ReLU, 10 outputs."""

    def __init__(self):
        super().__init__()
        raise NotImplementedError

    def forward(self, x):
        raise NotImplementedError


def sequential():
    """Return the same network as an ``nn.Sequential``."""
    raise NotImplementedError


def init():
    """Return a network 784-128-64-10 with all biases 0 and weights normal with std 0.01."""
    raise NotImplementedError


def predict(model, image):
    """Return the digit that a model reads in an image, an int; its probability, a float.

    ``model`` takes vectors (N, 784) and returns logits (N, 10); ``image`` is
    (1, 28, 28). Ask the model in evaluation mode, and leave it in the mode in which it
    was.
    """
    raise NotImplementedError


def gradient_step(w, b, inputs, labels, lr):
    """Make one step of gradient descent, and return the loss before it, a float.

    The scores are ``inputs @ w + b``, with inputs (N, 784), ``w`` (784, 10) and ``b``
    (10,), and the loss is their cross-entropy with the labels (N,). ``w`` and ``b``
    require gradients. Change the two in place: each loses ``lr`` times its gradient. The
    function must be right when it is called again, with the same ``w`` and ``b``.
    """
    raise NotImplementedError


def train_epoch(model, loader, optimizer):
    """Train for one round through a loader, and return the mean loss, as a Python float.

    ``loader`` gives batches of inputs (N, 784) and labels (N,), and the last batch may be
    smaller. ``model`` returns scores (N, 10), and comes in any mode. For each batch, the
    optimizer makes one step with the gradients of the cross-entropy. Return the mean of the
    losses of all images, each as it was before the step of its batch.
    """
    raise NotImplementedError


def accuracy(model, loader):
    """Return the share of right answers over all batches of a loader, as a Python float.

    ``loader`` gives batches of inputs (N, 784) and labels (N,), and the last batch may be
    smaller. ``model`` returns scores (N, 10), and comes in training mode. Leave its
    parameters as they are; it may stay in evaluation mode.
    """
    raise NotImplementedError
