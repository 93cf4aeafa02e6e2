"""
7. Choose an activation function
================================

See why a network needs one, compare three, and build a deeper network with ReLU.

**You will** collapse two linear layers into one, plot three activation functions with
their gradients, and write the 784-128-64-10 network that the rest of the lesson uses.

**You need** nothing but the batch of step 1; this page loads it.
"""

# %%
# Why a network needs one
# -----------------------
#
# Take two linear layers with nothing in between.

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from mnistlesson import data, plots
from torch import nn

print(data.in_use())
images, labels = data.first_batch()
inputs = images.flatten(1)

torch.manual_seed(0)
first = nn.Linear(784, 256)
second = nn.Linear(256, 10)
twice = second(first(inputs))

# %%
# Now multiply the two weights, and build a single layer from the product. Written out,
#
# .. math:: (x W_1^T + b_1) W_2^T + b_2
#
# is the same as
#
# .. math:: x (W_2 W_1)^T + (W_2 b_1 + b_2).

weight = second.weight @ first.weight
bias = second.weight @ first.bias + second.bias
once = F.linear(inputs, weight, bias)

print(
    tuple(second.weight.shape), "@", tuple(first.weight.shape), "=", tuple(weight.shape)
)
print("same result:", torch.allclose(twice, once, atol=1e-4))
assert torch.allclose(twice, once, atol=1e-4)

# %%
# The two layers are one. Their 203,530 numbers can do no more than the 7,850 of the
# single layer, and a third layer would change nothing.

two, one = first.weight.numel() + first.bias.numel(), weight.numel() + bias.numel()
two += second.weight.numel() + second.bias.numel()
print(f"{two:,} and {one:,}")
assert (two, one) == (203_530, 7_850)

# %%
# Put a function between the layers that is not linear, and they no longer collapse.

with_relu = second(F.relu(first(inputs)))
print(f"largest difference: {(with_relu - once).abs().max():.2f}")
assert not torch.allclose(with_relu, once, atol=1e-2)

# %%
# Compare three
# -------------
#
# The *sigmoid* maps to (0, 1). The *hyperbolic tangent*, tanh, maps to (-1, 1). The
# *rectified linear unit*, ReLU, sets negative numbers to 0 and leaves the others alone.
#
# Training follows the gradient, so look at the gradients too. PyTorch computes them.
# This is *autograd*: with ``requires_grad=True`` it records what is done with ``x``,
# and ``backward`` then fills ``x.grad``. It starts from a single number, so we take the
# sum. Each ``y`` depends on its own ``x`` alone, so the gradient of the sum holds the
# slope at every point. ``detach`` gives the numbers without the record.

values, gradients = {}, {}
for name, function in [
    ("sigmoid", torch.sigmoid),
    ("tanh", torch.tanh),
    ("ReLU", F.relu),
]:
    x = torch.linspace(-6, 6, 241, requires_grad=True)
    y = function(x)
    y.sum().backward()
    values[name], gradients[name] = y.detach(), x.grad

fig = plots.activation_functions(
    x.detach(),
    values,
    gradients,
    title="Far from zero, sigmoid and tanh go flat; ReLU keeps slope 1",
)

# %%
# Read the right half. Here are its numbers at -6, near 0, and at 6.

for name, gradient in gradients.items():
    print(f"{name:<8} {gradient[0]:.4f}  {gradient[121]:.4f}  {gradient[-1]:.4f}")

assert max(gradients["sigmoid"]) <= 0.25
assert gradients["tanh"][-1] < 0.001
assert gradients["ReLU"][-1] == 1

# %%
# The slope of the sigmoid is never more than a quarter, and far from zero it is almost
# nothing: a saturated unit hardly learns. The slope of tanh reaches 1 at zero and dies
# away just the same. ReLU has slope 1 wherever its input is positive, and 0 where it is
# negative.
#
# Could any function serve? Not every function is useful. The sign of a number is not
# linear, but its slope is 0 wherever it has one, and training would stand still.

x = torch.linspace(-6, 6, 241, requires_grad=True)
torch.sign(x).sum().backward()
assert x.grad.abs().max() == 0

# %%
# In plain networks like ours, ReLU is the usual choice for hidden layers. Transformers,
# the networks behind language models, mostly use its smooth relatives GELU and SiLU.

x = torch.tensor([-2.0, -0.5, 0.5, 2.0])
print("ReLU", F.relu(x))
print("GELU", F.gelu(x))
print("SiLU", F.silu(x))

# %%
# All of these are element-wise: each number is changed on its own. Softmax is not.
# Change one score, and every probability moves.

a = torch.softmax(torch.tensor([1.0, 2.0, 3.0]), dim=0)
b = torch.softmax(torch.tensor([1.0, 2.0, 4.0]), dim=0)
print(a, b)
assert (a != b).all()

# %%
# Build the deeper network
# ------------------------
#
# A network is called *deep* for its many layers. Ours is a modest one: two hidden
# layers, of 128 and 64 units, with ReLU. Now that layers do not collapse, another one
# is worth having.

sizes = [784, 128, 64, 10]
fig = plots.network_diagram(
    sizes, labels=["input", "hidden, ReLU", "hidden, ReLU", "output"]
)


class DeepNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden1 = nn.Linear(784, 128)
        self.hidden2 = nn.Linear(128, 64)
        self.output = nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.hidden1(x))
        x = F.relu(self.hidden2(x))
        return self.output(x)


torch.manual_seed(0)
model = DeepNetwork()
print(model)
print(model(inputs).shape)

# %%
# It has one layer more than the network of step 5, and about half as many parameters.

total = sum(parameter.numel() for parameter in model.parameters())
by_hand = (784 + 1) * 128 + (128 + 1) * 64 + (64 + 1) * 10
print(f"{total:,}")
assert total == by_hand == 109_386

# %%
# **Next, step 8** writes this network without a class.

plt.show()
