"""
5. Write the network as a Module
================================

Build the same network from ``nn.Module`` and ``nn.Linear``, and prove that it is the
same.

**You will** write a class, find its parameters, put the weights of step 3 into it, and
see what each of its lines is for.

**You need** the network of step 3; this page imports it.
"""

# %%
# Tensors and matrix products are enough for a network, but you have to carry every
# weight around yourself. ``torch.nn`` does that for you.

import matplotlib.pyplot as plt
import torch
from mnistlesson import data, plots
from mnistlesson.models import raw_mlp, raw_parameters
from torch import nn

print(data.in_use())
images, labels = data.first_batch()
inputs = images.flatten(1)

# %%
# Write the class
# ---------------
#
# A class is a plan. ``Network()`` *instantiates* it, which means that it makes an
# object by that plan.


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, 256)
        self.sigmoid = nn.Sigmoid()
        self.output = nn.Linear(256, 10)

    def forward(self, x):
        x = self.hidden(x)
        x = self.sigmoid(x)
        return self.output(x)


# %%
# Line by line:
#
# ``class Network(nn.Module)``. You may call it what you like. ``nn.Module`` in the
# brackets makes it a *subclass*: it begins with all that ``nn.Module`` can do. Its
# objects are *modules*, which keep track of their layers and weights.
#
# ``super().__init__()`` prepares that book-keeping, so it comes before the first layer.
#
# ``self.hidden = nn.Linear(784, 256)`` creates a layer with 784 inputs and 256 outputs,
# together with its weights and biases. Because it is assigned to ``self``, the module
# knows of it.
#
# ``self.sigmoid = nn.Sigmoid()`` is an activation function in the form of a module. It
# has no weights.
#
# ``def forward(self, x)`` says what happens to the input, in which order. Here the
# order of the lines matters.
#
# The result is logits, not probabilities. A layer for softmax, ``nn.Softmax(dim=1)``,
# is missing on purpose: the *loss* of step 11, which measures how wrong the answers
# are, is computed from logits, and you can apply softmax whenever you want to look at
# probabilities.

torch.manual_seed(0)
model = Network()
print(model)

# %%
# The printed form lists the modules that were assigned in ``__init__``. It does not say
# what ``forward`` does with them.

logits = model(inputs)
print(logits.shape)
assert torch.equal(nn.Softmax(dim=1)(logits), torch.softmax(logits, dim=1))

# %%
# Find the parameters
# -------------------
#
# The weights and biases are *parameters*, of type ``nn.Parameter``: tensors that a
# module has registered, and that training will change.

total = 0
for name, parameter in model.named_parameters():
    print(f"{name:<14} {tuple(parameter.shape)!s:<11} {parameter.numel():>8,}")
    total += parameter.numel()
print(f"{'total':<26} {total:>8,}")

w1, b1, w2, b2 = raw_parameters()
assert total == sum(parameter.numel() for parameter in (w1, b1, w2, b2))

# %%
# Look at the first shape: the layer from 784 to 256 has a weight of shape (256, 784),
# one *row* for each unit. So ``nn.Linear`` computes :math:`x W^T + b`, with the weight
# transposed.

weight, bias = model.hidden.weight, model.hidden.bias
assert torch.allclose(model.hidden(inputs), inputs @ weight.T + bias, atol=1e-5)

try:
    inputs @ weight
except RuntimeError as error:
    print(error)

# %%
# Here are both, on one scale. What training changes is orange.

fig = plots.tensor_shapes(
    {
        "step 3: inputs @ w1 + b1": {"inputs": inputs, "w1": w1, "b1": b1},
        "nn.Linear: inputs @ weight.T + bias": {
            "inputs": inputs,
            "weight": weight,
            "bias": bias,
        },
    },
    learnt=["w1", "b1", "weight", "bias"],
    title="nn.Linear keeps its weight transposed",
)

# %%
# Show that it is the same network
# --------------------------------
#
# Put the numbers of step 3 into the module. Our ``w1`` is (784, 256), so it goes in
# transposed. PyTorch records what is done with parameters, because training needs that.
# ``torch.no_grad()`` switches the record off: setting the numbers is no part of
# training.

torch.manual_seed(0)
w1, b1, w2, b2 = raw_parameters()
with torch.no_grad():
    model.hidden.weight.copy_(w1.T)
    model.hidden.bias.copy_(b1)
    model.output.weight.copy_(w2.T)
    model.output.bias.copy_(b2)

expected = raw_mlp(inputs, w1, b1, w2, b2)
difference = (model(inputs) - expected).abs().max()
print(f"largest difference {difference:.0e}, largest score {expected.abs().max():.0f}")
assert difference < 1e-3

# %%
# The scores agree up to rounding.
#
# What each line is for
# ---------------------
#
# Leave out ``super().__init__()``, and the first assignment of a layer fails.


class Forgetful(nn.Module):
    def __init__(self):
        self.hidden = nn.Linear(784, 256)


try:
    Forgetful()
except AttributeError as error:
    print(error)

# %%
# Does the order of the lines in ``__init__`` matter? Here is the same network with its
# layers in another order.


class Swapped(nn.Module):
    def __init__(self):
        super().__init__()
        self.output = nn.Linear(256, 10)
        self.sigmoid = nn.Sigmoid()
        self.hidden = nn.Linear(784, 256)

    def forward(self, x):
        x = self.hidden(x)
        x = self.sigmoid(x)
        return self.output(x)


torch.manual_seed(0)
one = Network()
torch.manual_seed(0)
other = Swapped()
print("same weights:", torch.equal(one.hidden.weight, other.hidden.weight))
other.load_state_dict(one.state_dict())
print("same scores, once loaded:", torch.equal(one(inputs), other(inputs)))

# %%
# The layers draw their random weights in the order of the lines, so the same seed gives
# other weights. For what ``forward`` computes, that order makes no difference: with the
# same weights they give the same result. A ``state_dict`` is all that a module has to
# remember, by name: its parameters, and in some layers other tensors, *buffers*, of
# which ours has none.
#
# Call the model, not forward
# ---------------------------
#
# You write ``forward``, but you call ``model(inputs)``. To see the difference, take a
# *hook*: a function that you hang onto a module to watch it work. This one keeps what
# the hidden layer gives.

caught = []


def keep(_layer, _inputs, result):
    caught.append(result)


hook = model.hidden.register_forward_hook(keep)
model.hidden(inputs)
print("after the call:", len(caught))
model.hidden.forward(inputs)
print("after forward: ", len(caught))
hook.remove()

# %%
# The call runs ``forward`` and also every hook. Calling ``forward`` yourself skips the
# hooks.
#
# A hook is also a way to look inside a network: ``caught`` holds what the hidden layer
# has computed.

assert len(caught) == 1
print(tuple(caught[0].shape))
assert torch.equal(caught[0], model.hidden(inputs))

# %%
# **You can now** answer these questions:
#
# - Why is the weight of the layer from 784 to 256 of shape (256, 784)?
# - Does the order of the lines in ``__init__`` matter?
# - Why do you call ``model(inputs)`` and not ``model.forward(inputs)``?
#
# **Next, step 6** writes the same network more briefly, with functions.

plt.show()
