"""
6. Write it with functions
==========================

Replace the activation module by a function call, and see what that changes and what it
does not.

**You will** shorten the class of step 5, compare what the two print and what they
remember, and learn when to use a function.

**You need** the class of step 5; this page imports it.
"""

# %%
# A sigmoid has no weights. Nothing about it needs to be kept between two calls, so it
# need not be a module: a function will do. Both ways are usual.

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from mnistlesson import data, plots
from mnistlesson.models import Network, softmax
from torch import nn

print(data.in_use())
images, labels = data.first_batch()
inputs = images.flatten(1)


class FunctionalNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, 256)
        self.output = nn.Linear(256, 10)

    def forward(self, x):
        x = torch.sigmoid(self.hidden(x))
        return self.output(x)


# %%
# Functions for networks live in ``torch.nn.functional``, which everybody imports as
# ``F``. The sigmoid is so common that it has a place in ``torch`` itself. Functions and
# modules compute the same.

x = torch.linspace(-5, 5, 11)
assert torch.equal(torch.sigmoid(x), F.sigmoid(x))
assert torch.equal(torch.sigmoid(x), nn.Sigmoid()(x))

# %%
# Compare the printed forms
# -------------------------

torch.manual_seed(0)
modular = Network()
functional = FunctionalNetwork()
print(modular)
print(functional)

# %%
# The sigmoid is gone from the second. It is still computed, but the printed form lists
# only the modules that were assigned, and a function is not one. Do not read it as a
# description of what the network does. For that, read ``forward``.
#
# Pass the weights on
# -------------------
#
# What does each of them remember?

print("modular:   ", list(modular.state_dict()))
print("functional:", list(functional.state_dict()))

# %%
# Both classes have the same parameters under the same names. So the ``state_dict`` of
# one fits the other. A new network has random weights of its own, and gives other
# scores. After loading, the scores are the same, to the last bit.

assert list(modular.state_dict()) == list(functional.state_dict())

functional = FunctionalNetwork()
assert not torch.equal(modular(inputs), functional(inputs))
functional.load_state_dict(modular.state_dict())
assert torch.equal(modular(inputs), functional(inputs))
print("same scores as the class Network")

# %%
# Even a layer can be a function. ``F.linear`` is what ``nn.Linear`` calls, with the
# weight and the bias that the module keeps for it.

hidden = F.linear(inputs, functional.hidden.weight, functional.hidden.bias)
assert torch.equal(hidden, functional.hidden(inputs))

# %%
# ``F.softmax`` is the softmax of step 4; it needs to know the axis. As in step 5,
# ``torch.no_grad()`` tells PyTorch to keep no record, because we only look.

with torch.no_grad():
    probabilities = F.softmax(functional(inputs), dim=1)
    assert torch.allclose(probabilities, softmax(functional(inputs)), atol=1e-6)

fig = plots.view_classify(
    images[0],
    probabilities[0],
    title=f"A {labels[0]}, and an untrained network that is unsure",
)
print(f"highest probability in the batch: {probabilities.max():.2f}")
assert probabilities.max() < 0.2

# %%
# The network of step 4 was untrained too, and sure of itself. The weights that
# ``nn.Linear`` starts with are much smaller. Step 9 measures them.
#
# When to use which
# -----------------
#
# What has parameters must be a module, so that they are found. What has none may be a
# function; make it a module if you want to see it printed, or to exchange it later.
#
# Some operations behave differently in training, such as *dropout*, which then sets
# randomly chosen numbers to zero and enlarges the others to make up for them. There is
# a module for it, and a function. ``eval()`` says that training is over.

dropout = nn.Dropout(0.5).eval()
ones = torch.ones(1000)
print("module:  ", (dropout(ones) == 0).sum().item(), "of 1000 dropped")
print("function:", (F.dropout(ones, 0.5) == 0).sum().item(), "of 1000 dropped")

# %%
# ``eval`` cannot reach a function, so you have to pass the mode on:
# ``training=self.training``. Such an operation is better off as a module.

assert torch.equal(dropout(ones), ones)
assert set(F.dropout(ones, 0.5).tolist()) == {0, 2}
assert torch.equal(F.dropout(ones, 0.5, training=False), ones)

# %%
# **You can now** answer these questions:
#
# - Which part of this network does its printed form not show, and why?
# - Why does the ``state_dict`` of one class fit the other?
# - Which operations should be modules, although they have no parameters?
#
# **Next, step 7** looks at what else could stand in the place of the sigmoid, and
# builds a deeper network.

plt.show()
