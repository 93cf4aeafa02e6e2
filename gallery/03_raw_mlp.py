"""
3. Build a network from tensors
===============================

Write a network of 784 inputs, 256 hidden units and 10 outputs with matrix products
alone.

**You will** create weights and biases, write the sigmoid, follow every shape through
the network, and get ten scores for each image.

**You need** the flattened batch of step 2; this page makes it.
"""

# %%
# A network is made of layers. In a fully connected or *dense* layer, every unit takes
# all the numbers of the layer before, multiplies each by a *weight*, adds them up, and
# adds a number of its own, the *bias*. A network of such layers is a *multilayer
# perceptron*, or MLP. It is one kind of neural network among many.

import matplotlib.pyplot as plt
import torch
from mnistlesson import data, plots

print(data.in_use())
images, labels = data.first_batch()
inputs = images.flatten(1)
print(inputs.shape)

# %%
# Ours has 784 inputs, one for each pixel; 256 hidden units; and 10 outputs, one for
# each digit.

fig = plots.network_diagram([784, 256, 10], labels=["input", "hidden", "output"])

# %%
# Create weights and biases
# -------------------------
#
# ``torch.randn`` draws from a normal distribution with mean 0 and standard deviation 1.
# The seed makes the random numbers the same each time. There is one weight for each
# connection and one bias for each unit.

torch.manual_seed(0)
w1 = torch.randn(784, 256)
b1 = torch.randn(256)
w2 = torch.randn(256, 10)
b2 = torch.randn(10)

connections, units = w1.numel() + w2.numel(), b1.numel() + b2.numel()
print(f"{connections:,} weights and {units:,} biases")

# %%
# One unit, by hand
# -----------------
#
# This is what hidden unit 0 computes for image 0: 784 products, their sum, and the
# bias.

by_hand = (inputs[0] * w1[:, 0]).sum() + b1[0]
print(by_hand)

# %%
# All units, all images
# ---------------------
#
# A matrix product does this for every unit and every image at once. The inner sizes
# must agree, and vanish: (64, 784) times (784, 256) gives (64, 256).

products = inputs @ w1
print(tuple(inputs.shape), "@", tuple(w1.shape), "=", tuple(products.shape))

# %%
# ``@`` is matrix multiplication. ``torch.mm`` is the same for two matrices.

assert torch.equal(products, torch.mm(inputs, w1))

# %%
# The bias has shape (256,): one number for each unit. The sum has shape (64, 256).
# PyTorch lines the shapes up at the right and repeats the bias for each of the 64 rows.
# This is *broadcasting*. It copies nothing, but the result is as if it had.

weighted = products + b1
print(tuple(products.shape), "+", tuple(b1.shape), "=", tuple(weighted.shape))
assert torch.equal(weighted, products + b1.expand(64, 256))
assert torch.allclose(weighted[0, 0], by_hand, atol=1e-3)

# %%
# Write the sigmoid
# -----------------
#
# The hidden units pass their sum through an *activation function*. Step 7 shows why.
# Here it is the sigmoid,
#
# .. math:: \sigma(x) = \frac{1}{1 + e^{-x}},
#
# which squashes any number into the range between 0 and 1.


def sigmoid(x):
    return 1 / (1 + torch.exp(-x))


print(sigmoid(torch.tensor([-5.0, 0.0, 5.0])))
assert torch.allclose(sigmoid(weighted), torch.sigmoid(weighted), atol=1e-6)

# %%
# It works *element-wise*: each number on its own, so the shape stays.

hidden = sigmoid(weighted)
print(hidden.shape)

# %%
# Get ten scores
# --------------
#
# The output layer is built like the hidden layer, without an activation function.

out = hidden @ w2 + b2
print(
    tuple(hidden.shape),
    "@",
    tuple(w2.shape),
    "+",
    tuple(b2.shape),
    "=",
    tuple(out.shape),
)
print(out[0])

# %%
# Each image has ten scores, one for each digit. They are any numbers, positive or
# negative. The field calls such raw scores *logits*. The network's answer is the digit
# with the highest score.

answers = out.argmax(dim=1)
right = (answers == labels).sum().item()
print("answers:", answers[:10].tolist())
print("labels: ", labels[:10].tolist())
print(f"{right} of 64 are right")
assert right < 20

# %%
# Guessing would do as well: the weights are random, and the network has not learnt
# anything yet. It also repeats itself. Count how often it gives each answer; step 10
# comes back to this.

counts = answers.bincount(minlength=10)
print(counts.tolist())
assert counts.max() > 64 / 4

# %%
# Keep it
# -------
#
# Here is the whole network again, as two functions. The next steps import them, and the
# sigmoid, from ``mnistlesson.models``. There is nothing in that module that a step has
# not written out.


def raw_parameters():
    w1 = torch.randn(784, 256)
    b1 = torch.randn(256)
    w2 = torch.randn(256, 10)
    b2 = torch.randn(10)
    return w1, b1, w2, b2


def raw_mlp(inputs, w1, b1, w2, b2):
    hidden = sigmoid(inputs @ w1 + b1)
    return hidden @ w2 + b2


torch.manual_seed(0)
assert torch.equal(out, raw_mlp(inputs, *raw_parameters()))

# %%
# **Next, step 4** turns the ten scores into probabilities, and finds this network
# surprisingly sure of itself.

plt.show()
