"""
3. Build a network from tensors
===============================

Write a network of 784 inputs, 256 hidden units and 10 outputs with matrix products
alone.

**You will** compute one unit by hand, see what it looks for in an image, follow every
shape through the network, and get ten scores for each image.

**You need** the flattened batch of step 2; this page makes it.
"""

# %%
# In a fully connected or *dense* layer, each unit multiplies every number of the layer
# before by a weight, adds up the products, and adds one more number, its *bias*. An
# *activation function* turns this weighted sum into the unit's result. A network of
# such layers is a *multilayer perceptron*, or MLP.

import matplotlib.pyplot as plt
import torch
from mnistlesson import data, plots

print(data.in_use())
images, labels = data.first_batch()
inputs = images.flatten(1)
print(inputs.shape)

# %%
# Ours has 784 inputs, one for each pixel; 256 *hidden units*, also called neurons; and
# 10 outputs, one for each digit. "Hidden" means only that their numbers are neither
# what goes into the network nor what comes out.

fig = plots.network_diagram(
    [784, 256, 10], labels=["input", "hidden", "output"], first_unit=True
)

# %%
# Create weights and biases
# -------------------------
#
# There is one weight for each connection, and one bias for each hidden unit and each
# output. ``torch.randn`` draws them from a *normal distribution*, the bell curve, with
# mean 0 and standard deviation 1. The seed gives you the same numbers each time, with
# the same version of PyTorch on the same kind of machine.

torch.manual_seed(0)
w1 = torch.randn(784, 256)
b1 = torch.randn(256)
w2 = torch.randn(256, 10)
b2 = torch.randn(10)

connections, units = w1.numel() + w2.numel(), b1.numel() + b2.numel()
print(f"{connections:,} weights and {units:,} biases")

# %%
# Each hidden unit has 784 weights, one for each input, and each output has 256, one for
# each hidden unit. So the two products are added. The product of all three numbers
# would count the ways from an input to an output, and a weight belongs to one
# connection.
#
# One unit, by hand
# -----------------
#
# Column 0 of ``w1`` holds the 784 weights of hidden unit 0, which are the blue lines of
# the figure. This is the unit's weighted sum for image 0: 784 products, added up, and
# the bias.

assert connections == 256 * 784 + 10 * 256
by_hand = (inputs[0] * w1[:, 0]).sum() + b1[0]
print(by_hand)

# %%
# The activation function of our units is the *sigmoid*,
#
# .. math:: \sigma(x) = \frac{1}{1 + e^{-x}}.
#
# It squashes any number into the range between 0 and 1: a large negative sum becomes
# nearly 0, a large positive one nearly 1, and 0 becomes one half.


def sigmoid(x):
    return 1 / (1 + torch.exp(-x))


print(sigmoid(torch.tensor([-5.0, 0.0, 5.0])))
print(f"unit 0, image 0: {sigmoid(by_hand):.4f}")

# %%
# See what a unit looks for
# -------------------------
#
# Why should such sums tell digits apart? Think of a unit as a question about the image,
# and of its weights as a picture of what it looks for. Where a weight is positive, ink
# speaks for "yes"; where it is negative, ink speaks against; where it is near zero, the
# pixel hardly matters.
#
# To see this, choose the weights of a unit yourself. Its question is: is this a 0? Its
# weights are the mean of the zeros in the batch minus the mean of the other digits,
# divided by ten to keep the sums small.

zeros, others = inputs[labels == 0], inputs[labels != 0]
weights = (zeros.mean(dim=0) - others.mean(dim=0)) / 10
halfway = (zeros.mean(dim=0) + others.mean(dim=0)) / 2
bias = -(halfway @ weights)

fig = plots.one_unit(zeros[0], weights, bias, title="A unit that looks for a 0")
assert weights[28 * 14 + 14] < 0  # in the middle, a 0 is empty
assert zeros[0, 28 * 14 + 14] == -1

# %%
# The weights are positive (blue) where the zeros have more ink than the other digits,
# and negative (orange) where they have less, as in the hole in the middle. In the
# products, blue is evidence for a 0 and orange is evidence against. The empty hole is
# blue, too: its pixels are -1, and a negative weight times -1 is positive.
#
# The sum is the balance of the evidence. The bias is the unit's own leaning, which
# decides how large the sum must be before the answer is nearer to yes than to no. Ours
# is chosen so that an image halfway between the two means gets exactly one half. The
# sigmoid turns the result into an answer between 0, no, and 1, yes.

print(f"halfway between the means: {sigmoid(halfway @ weights + bias):.2f}")
print(f"mean answer to the zeros:  {sigmoid(zeros @ weights + bias).mean():.2f}")
print(f"mean answer to the others: {sigmoid(others @ weights + bias).mean():.2f}")
assert sigmoid(zeros @ weights + bias).min() > 0.5
assert (sigmoid(others @ weights + bias) < 0.5).float().mean() > 0.9

# %%
# So one unit can tell the zeros of this batch from most of its other digits, if its
# weights are right. The weights of our 256 units are random, so that each asks a
# question without meaning. Here is hidden unit 0 again:

fig = plots.one_unit(
    images[0], w1[:, 0], b1[0], title="Hidden unit 0, with random weights"
)

# %%
# Nobody chooses the weights of a network by hand. *Training* changes them little by
# little, until the questions are useful ones. Step 11 shows how, and step 12 does it.
#
# All units, all images
# ---------------------
#
# A *matrix product* computes the sums of every unit for every image at once. The inner
# sizes must agree, and they disappear from the result: (64, 784) times (784, 256) gives
# (64, 256).

products = inputs @ w1
print(tuple(inputs.shape), "@", tuple(w1.shape), "=", tuple(products.shape))

# %%
# ``@`` is matrix multiplication. ``torch.mm`` is the same for two matrices.

assert torch.equal(products, torch.mm(inputs, w1))

# %%
# The bias has shape (256,), one number for each unit, and the products (64, 256).

weighted = products + b1
print(tuple(products.shape), "+", tuple(b1.shape), "=", tuple(weighted.shape))

# %%
# PyTorch lines the shapes up at the right and repeats the bias for each of the 64 rows.
# This is *broadcasting*. It copies nothing, but the result is as if it had.
#
# The sigmoid works *element-wise*, on each number of its own, so the shape stays.

assert torch.equal(weighted, products + b1.expand(64, 256))
assert torch.allclose(weighted[0, 0], by_hand, atol=1e-3)
hidden = sigmoid(weighted)
print(hidden.shape)
assert torch.allclose(hidden, torch.sigmoid(weighted), atol=1e-6)

# %%
# Get ten scores
# --------------
#
# The output layer is built in the same way, but without an activation function, since a
# score may be any number.
#
# It could take the pixels themselves. Then each of its ten units would ask one question
# about them, like that for the 0. With a *hidden layer* before it, the network asks 256
# questions first, and the output layer judges by their answers: each digit can be
# recognised by many signs, and one sign can serve many digits. Nobody tells the hidden
# units what to ask. How many there are is a *hyperparameter*, a number that you choose:
# more units can ask more, and take longer.

out = hidden @ w2 + b2
shapes = [tuple(tensor.shape) for tensor in (hidden, w2, b2, out)]
print("{} @ {} + {} = {}".format(*shapes))
print(out[0])

# %%
# Each image has ten scores, one for each digit. They can be any numbers, positive or
# negative. Such raw scores are called *logits*. The network's answer is the digit with
# the highest score; ``argmax`` finds where that is.

answers = out.argmax(dim=1)
right = (answers == labels).sum().item()
print("answers:", answers[:10].tolist())
print("labels: ", labels[:10].tolist())
print(f"{right} of 64 are right")

# %%
# That is about what guessing would give, because the weights are random and the network
# has not learnt anything yet. It also repeats itself: count how often it gives each
# answer. Step 10 comes back to this.

assert right < 20
counts = answers.bincount(minlength=10)
print(counts.tolist())
assert counts.max() > 64 / 4

# %%
# Keep it
# -------
#
# Here is the whole network again, as two functions. The next steps import them, and the
# sigmoid, from ``mnistlesson.models``, which holds only what the steps have written
# out.


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
# **You can now** answer these questions:
#
# - A weight of a unit is negative. Does ink on its pixel speak for "yes" or against it?
#   And an empty pixel?
# - What does the bias of a unit decide?
# - Why does ``b1`` have 256 numbers, although it is added to 64 times 256?
#
# **Next, step 4** turns the ten scores into probabilities, and measures how sure this
# network is of its answers.

plt.show()
