"""
7. Choose an activation function
================================

See why a network needs one, compare three, and build a deeper network with ReLU.

**You will** collapse two linear layers into one, separate with eight hidden units what
no single layer can, plot three activation functions with their gradients, and write the
784-128-64-10 network that the rest of the lesson uses.

**You need** nothing but the batch of step 1; this page loads it.
"""

# %%
# Why a network needs one
# -----------------------
#
# Take two linear layers with nothing in between.

import math

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
# The two layers are one. Count the numbers of both, and of the single layer.

two, one = first.weight.numel() + first.bias.numel(), weight.numel() + bias.numel()
two += second.weight.numel() + second.bias.numel()
print(f"{two:,} and {one:,}")

# %%
# The 203,530 numbers can do no more than the 7,850 of the single layer, and a third
# layer would change nothing.
#
# Put a function between the layers that is not linear, and they no longer collapse.
# Here it is the *rectified linear unit*, ReLU, which sets negative numbers to 0 and
# leaves the others alone.

assert (two, one) == (203_530, 7_850)
with_relu = second(F.relu(first(inputs)))
print(f"largest difference: {(with_relu - once).abs().max():.2f}")
assert not torch.allclose(with_relu, once, atol=1e-2)

# %%
# See what it buys
# ----------------
#
# What can two layers do now that one cannot? Points in a plane show it, since they can
# be drawn: two inputs in the place of 784. Class 1 lies in a ring around class 0.

torch.manual_seed(0)
angles = 2 * math.pi * torch.rand(120)
radii = 0.8 * torch.rand(120)
ring = torch.arange(120) >= 60
radii[ring] = 1.4 + 0.5 * torch.rand(60)
points = torch.stack([radii * angles.cos(), radii * angles.sin()], dim=1)

# %%
# One layer multiplies each coordinate by a weight, adds, and adds a bias. Its score is
# above 0 on one side of a straight line. Try 360 directions of that line, and in each
# all places where it could lie, and keep the best.

turns = torch.arange(0, 2 * math.pi, 2 * math.pi / 360)
directions = torch.stack([turns.cos(), turns.sin()])
places = points @ directions
right = ((places > places[:, None]) == ring[:, None]).float().mean(dim=1)
place, direction = divmod(right.argmax().item(), 360)
print(f"best line: {right.max():.0%} of the points are right")

# %%
# Even the best line puts many points on the wrong side.
#
# Now put a hidden layer of eight units before it. Each looks in a direction of its own:
# its sum grows as a point moves that way. The output adds up the eight results and
# takes 2.8 away. Without an activation function, opposite units cancel, and all points
# get the same score. With ReLU, a unit counts only on its own side, so the score grows
# in every direction: it is below 0 inside an octagon, and above 0 outside.

assert right.max() < 0.8
looks = directions[:, ::45]
axis = torch.linspace(-2.2, 2.2, 61)
plane = torch.cartesian_prod(axis, axis)[:, [1, 0]]
line = directions[:, direction], places[place, direction]


def share_right(scores):
    return ((scores > 0) == ring).float().mean().item()


linear = share_right((points @ looks).sum(dim=1) - 2.8)
bent = share_right(F.relu(points @ looks).sum(dim=1) - 2.8)
print(f"eight hidden units: {linear:.0%} without ReLU, {bent:.0%} with it")
assert linear == 0.5
assert bent == 1

fig = plots.decision_regions(
    points,
    ring,
    {
        "one layer, at best": (plane @ line[0] - line[1]).view(61, 61),
        "eight units with ReLU": (F.relu(plane @ looks).sum(1) - 2.8).view(61, 61),
    },
    limit=2.2,
    title="A line cannot separate the ring, eight units with ReLU can",
)

# %%
# The border of the octagon is made of straight pieces, one between each two kinks. More
# units make more pieces, so that a larger hidden layer can follow a region more
# closely. The right weights still have to be found. Here they were chosen by hand, and
# with 784 inputs they are learnt.
#
# Digits profit from this, too. A single layer can only count a pixel for a digit or
# against it. But whether ink at one place speaks for a 4 depends on the ink beside it.
#
# Compare three
# -------------
#
# ReLU is one of many activation functions. The *sigmoid* of step 3 maps to (0, 1). The
# *hyperbolic tangent*, tanh, maps to (-1, 1).
#
# Which one is best? That depends on how well a network learns with it, so look ahead.
# Step 11 changes each weight a little, in the direction that makes the answers less
# wrong. To find the direction, it asks of each weight: if it grew a little, how fast
# would the error grow? This rate is the *gradient*, the slope. PyTorch computes it from
# the last layer back to the first, and at each unit on the way multiplies by the slope
# of its activation function. Where that slope is nearly zero, next to nothing gets
# through, and the weights before it stay as they are. So the slopes matter as much as
# the values.
#
# The part of PyTorch that computes slopes is *autograd*. With ``requires_grad=True``,
# it records what is done with ``x``, and ``backward`` then fills ``x.grad``.
# ``backward`` has to start from a single number, so we add up all the ``y``. Each ``y``
# depends on its own ``x`` alone, so ``x.grad`` then holds the slope at every point.
# ``detach`` gives the numbers of ``y`` without the record. Print the slopes at -6, near
# 0, and at 6.

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
    print(f"{name:<8} {x.grad[0]:.4f}  {x.grad[121]:.4f}  {x.grad[-1]:.4f}")

# %%
# Here are all of them: the functions, and their slopes.

fig = plots.activation_functions(
    x.detach(),
    values,
    gradients,
    title="Sigmoid and tanh go flat far from zero, ReLU does not",
)
assert max(gradients["sigmoid"]) <= 0.25
assert gradients["tanh"][-1] < 0.001
assert gradients["ReLU"][-1] == 1

# %%
# The slope of the sigmoid is never more than a quarter, and far from zero, where the
# sigmoid *saturates*, it is almost nothing: such a unit hardly learns. The slope of
# tanh reaches 1 at zero and dies away just the same. ReLU has slope 1 wherever its
# input is positive, so that gradients pass unchanged, and 0 where it is negative. (A
# unit whose sum is negative for every image learns nothing any more. It is called
# *dead*, and is the price of ReLU.)
#
# Not every non-linear function will do. The sign of a number is one, but its slope is 0
# everywhere except at 0, where it jumps, so no weight before it would ever change.

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
# layers, of 128 and 64 units, with ReLU. Since the layers do not collapse, the second
# one can add something: it asks its questions about the answers of the first. Step 12
# compares this network with a single layer.

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
# It has one layer more than the network of step 5, which has 203,530 parameters.

total = sum(parameter.numel() for parameter in model.parameters())
print(f"{total:,}")

# %%
# About half as many. Most of them belong to the first layer, which has 128 units here.

by_layer = [(784 + 1) * 128, (128 + 1) * 64, (64 + 1) * 10]
assert total == sum(by_layer) == 109_386
assert by_layer[0] > 0.9 * total

# %%
# **You can now** answer these questions:
#
# - Two linear layers have more numbers than one. Why can they still do no more?
# - Why does a unit in the flat part of a sigmoid hardly learn?
# - The deeper network has one layer more, and fewer parameters. Which layer decides?
#
# **Next, step 8** writes this network without a class.

plt.show()
