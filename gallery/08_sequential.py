"""
8. Stack layers with Sequential
===============================

Write the deeper network as a list of layers, by position and by name, and reach each
layer in it.

**You will** build the network of step 7 without a class, load its weights, and lose a
layer to a duplicate name.

**You need** the class of step 7; this page imports it.
"""

# %%
# In the network of step 7, each layer's result goes into the next layer and nowhere
# else. For such a network you need no ``forward``: ``nn.Sequential`` runs its layers in
# order.

import textwrap
from collections import OrderedDict

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
# Here the printed form does tell you what runs, and in which order. The activation
# functions are modules, because a ``Sequential`` holds nothing else. Calling it is the
# same as calling one layer after another.

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
# A slice gives you a shorter network, with the same layers in it.

features = model[:4]
print(features(inputs).shape)
assert features[0] is model[0]

# %%
# By name
# -------
#
# Numbers are poor names: put a layer in front, and every number after it changes. An
# ``OrderedDict`` names the layers. We keep this version in ``mnistlesson.models``.


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
# Each layer now answers to its name and to its position.

assert named.hidden1 is named[0]
print(named.hidden1)

# %%
# Same weights, same result
# -------------------------
#
# This ``Sequential`` has the architecture of step 7. The names of its parameters come
# from the names of its layers. They are those of the class, so its ``state_dict`` fits
# a new ``DeepNetwork``, which has random weights of its own.

torch.manual_seed(1)
deep = DeepNetwork()
print(list(deep.state_dict()))
assert list(named.state_dict()) == list(deep.state_dict())

assert not torch.allclose(named(inputs), deep(inputs))
deep.load_state_dict(named.state_dict())
assert torch.equal(named(inputs), deep(inputs))
print("same scores as DeepNetwork")

# %%
# Without names, the keys are positions, and the ``state_dict`` of the class does not
# fit.

print(list(model.state_dict()))
try:
    model.load_state_dict(deep.state_dict())
except RuntimeError as error:
    print(*(textwrap.fill(line, 80) for line in str(error).splitlines()), sep="\n")

# %%
# Use each name once
# ------------------
#
# Give both activations the name "relu". In a dictionary, the second entry of a name
# replaces the first and keeps its place. There is no error, and one layer is gone.

damaged = nn.Sequential(
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
print(damaged)
assert len(damaged) == 4

# %%
# The second hidden layer is now linear: it passes negative numbers on, which ReLU never
# would. To compare, give both networks the same weights: ReLU has none, so they fit.

damaged.load_state_dict(deep.state_dict())
with torch.no_grad():
    after_hidden2 = {
        "as intended": named[:4](inputs),
        "duplicate name": damaged[:3](inputs),
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
# Two kinds of name do raise an error: those with a dot, and those that a module already
# uses for something else.

for name in ("layer.1", "train"):
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
# **Next, step 9** looks at the weights that a network starts with, and changes them.

plt.show()
