"""
8. Stack layers with Sequential
===============================

Write the deeper network as a list of layers, by position and by name, and reach each
layer in it.

**You will** build the network of step 7 without a class and from a list of sizes, pass
its weights on, and see what a duplicate name does.

**You need** the class of step 7; this page imports it.
"""

# %%
# In the network of step 7, each layer's result goes into the next layer and nowhere
# else. For such a network you need not write ``forward``, because there is only one way
# to run it: ``nn.Sequential`` takes the layers and runs them in order.

import textwrap
from collections import OrderedDict
from itertools import pairwise

import matplotlib.pyplot as plt
import torch
from mnistlesson import data, plots
from mnistlesson.models import DeepNetwork
from torch import nn

print(data.in_use())
images, labels = data.first_batch()
inputs = images.flatten(1)

# %%
# By position
# -----------

torch.manual_seed(0)
model = nn.Sequential(
    nn.Linear(784, 128),
    nn.ReLU(),
    nn.Linear(128, 64),
    nn.ReLU(),
    nn.Linear(64, 10),
)
print(model)

# %%
# Unlike that of a class, this printed form does tell you what runs, and in which order.
# The activation functions are modules here, because a ``Sequential`` holds nothing
# else. Calling it is the same as calling one layer after another.

x = inputs
for layer in model:
    x = layer(x)
    print(f"{type(layer).__name__:<7} {tuple(x.shape)}")
assert torch.equal(x, model(inputs))

# %%
# An index gives you the layer itself, with its weights. It does not run it.

print(model[0])
print(model[0].weight.shape)

# %%
# A slice gives you a shorter network.

features = model[:4]
print(features(inputs).shape)
print("the same layer:", features[0] is model[0])

# %%
# It holds the very same layers, not copies: train the one, and the other has learnt,
# too.
#
# From a list of sizes
# --------------------
#
# The layers can come from a loop, so that other sizes need no other code. ``pairwise``
# gives each size with the next one, and ``*`` hands the entries of a list over as
# separate arguments.

sizes = [784, 128, 64, 10]
layers = []
for size, next_size in pairwise(sizes):
    layers += [nn.Linear(size, next_size), nn.ReLU()]
looped = nn.Sequential(*layers[:-1])  # no ReLU after the output layer

looped.load_state_dict(model.state_dict())
assert torch.equal(looped(inputs), model(inputs))

# %%
# By name
# -------
#
# Numbers are poor names: put a layer in front, and every number after it changes. An
# ``OrderedDict``, a dictionary of Python's from the time when a plain ``dict`` kept no
# order, gives the layers names. (``Sequential`` still takes no plain ``dict``.) We keep
# this version in ``mnistlesson.models``.


def sequential_network():
    return nn.Sequential(
        OrderedDict(
            [
                ("hidden1", nn.Linear(784, 128)),
                ("relu1", nn.ReLU()),
                ("hidden2", nn.Linear(128, 64)),
                ("relu2", nn.ReLU()),
                ("output", nn.Linear(64, 10)),
            ]
        )
    )


torch.manual_seed(0)
named = sequential_network()
print(named)

# %%
# You can reach each layer by its name and by its position.

assert named.hidden1 is named[0]
print(named.hidden1)

# %%
# Same weights, same result
# -------------------------
#
# This ``Sequential`` has the same layers as the class of step 7. The names of its
# parameters come from the names of its layers, which are those of the class. So its
# ``state_dict`` fits a new ``DeepNetwork``, which had random weights of its own.

torch.manual_seed(1)
deep = DeepNetwork()
print(list(deep.state_dict()))
assert list(named.state_dict()) == list(deep.state_dict())

assert not torch.allclose(named(inputs), deep(inputs))
deep.load_state_dict(named.state_dict())
assert torch.equal(named(inputs), deep(inputs))
print("same scores as DeepNetwork")

# %%
# And the first model, which has no names?

print(list(model.state_dict()))

# %%
# The keys are positions. (1 and 3 are missing, because ReLU has nothing to keep.) The
# ``state_dict`` of the class does not fit these.

try:
    model.load_state_dict(deep.state_dict())
except RuntimeError as error:
    for line in str(error).splitlines():
        print(textwrap.fill(line, 80))

# %%
# Use each name once
# ------------------
#
# Give both activations the name "relu".

double = nn.Sequential(
    OrderedDict(
        [
            ("hidden1", nn.Linear(784, 128)),
            ("relu", nn.ReLU()),
            ("hidden2", nn.Linear(128, 64)),
            ("relu", nn.ReLU()),
            ("output", nn.Linear(64, 10)),
        ]
    )
)
print(double)

# %%
# A dictionary has room for one entry of a name: the second "relu" takes the place of
# the first. So one layer is gone, without an error.
#
# No ReLU is left after the second hidden layer. It passes negative numbers on, so that
# it and the output layer collapse into one, as in step 7. To see the difference, give
# both networks the same weights: ReLU has none, so they fit.

assert len(double) == 4
double.load_state_dict(deep.state_dict())
with torch.no_grad():
    after_hidden2 = {
        "as intended": named[:4](inputs),
        "duplicate name": double[:3](inputs),
    }
for name, values in after_hidden2.items():
    print(f"{name:<15} smallest value {values.min():.2f}")
fig = plots.histograms(
    after_hidden2,
    xlabel="what the output layer gets",
    title="A duplicate name leaves the second hidden layer linear",
)
assert after_hidden2["as intended"].min() >= 0
assert after_hidden2["duplicate name"].min() < 0

# %%
# Some names do raise an error: an empty one, one with a dot, and one that a module
# already uses for something else.

for name in ("", "layer.1", "train"):
    try:
        nn.Sequential(OrderedDict([(name, nn.Linear(784, 10))]))
    except KeyError as error:
        print(error)

# %%
# Which to choose
# ---------------
#
# ``Sequential`` is enough while the data run straight through. As soon as a result is
# used twice, or two results are combined, write a class.
#
# **You can now** answer these questions:
#
# - ``model[:4]`` is a shorter network. Whose weights does it have?
# - Why does the ``state_dict`` of the class fit one ``Sequential``, and not the other?
# - How do you notice that a duplicate name has cost you a layer?
#
# **Next, step 9** looks at the weights that a network starts with, and changes them.

plt.show()
