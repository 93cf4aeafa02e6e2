"""
11. Learn from one batch
========================

Measure how wrong a network is, ask each weight how to do better, and go downhill.

**You will** compute the loss by hand, check the gradient of a weight by moving it,
write gradient descent with nothing but tensors, and compare four learning rates.

**You need** the softmax of step 4 and the gradients of step 7; this page makes
everything else.
"""

# %%
# The networks so far have random weights, and their answers are no better than guesses.
# *Training* finds better weights. This page does it with a single batch and a single
# layer, so that nothing is hidden: ten units that look at the 784 pixels, like the one
# in step 3 that looks for a 0. But nobody chooses their weights. They begin at zero.
# (Only hidden units need random weights to become different. Each of these ten has a
# task of its own: its digit.)

import math
import textwrap
from itertools import pairwise

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from mnistlesson import data, plots
from mnistlesson.models import DeepNetwork, softmax
from torch import nn
from torchvision import datasets

print(data.in_use())
images, labels = data.first_batch()
inputs = images.flatten(1)

w = torch.zeros(784, 10)
b = torch.zeros(10)
probabilities = softmax(inputs @ w + b)
print(probabilities[0])

# %%
# Measure how wrong it is
# -----------------------
#
# What should count is the probability that the network gives to the right digit. The
# usual measure is its negative logarithm, the *cross-entropy*, one kind of *loss*: a
# number that says how wrong the network is, and that training lowers.

p = torch.linspace(0.005, 1, 200)
fig = plots.line_chart(
    p,
    {"-log p": -p.log()},
    labels=("probability p of the right digit", "loss -log p (nats)"),
    title="Certain and right costs nothing, certain and wrong a lot",
)
for value in (0.9, 0.5, 0.1, 0.01):
    print(f"p = {value:<4}  loss {-math.log(value):.2f}")

# %%
# Being right with certainty costs nothing. Each time that the probability becomes ten
# times smaller, 2.3 are added, so a network that is certain and wrong pays without end.
#
# The loss of a batch is the mean over its images. ``[range(64), labels]`` takes from
# each row the probability of the right digit. All are 0.1 now, so the loss is the
# logarithm of 10, the entropy that step 4 found in ten equal probabilities.

loss = -probabilities[range(64), labels].log().mean()
print(f"loss {loss:.4f}")
assert math.isclose(loss, math.log(10), rel_tol=1e-5)

# %%
# ``F.cross_entropy`` computes the same from the logits. It takes softmax and logarithm
# in one, so that nothing overflows, and there is no logarithm of a rounded 0. So give
# it logits. What does it give for the probabilities of a perfect answer?

assert torch.allclose(loss, F.cross_entropy(inputs @ w + b, labels))
perfect = F.one_hot(torch.tensor([3]), 10).float()
print(perfect)
print(f"its loss, taken for logits: {F.cross_entropy(perfect, torch.tensor([3])):.3f}")

# %%
# As logits, 1 and 0 lie close together: softmax gives the right digit no more than
# :math:`e / (e + 9)` or about 0.23, and the loss is the negative logarithm of that. So
# softmax is applied twice, without an error, and even a perfect answer is punished.
# That is why the networks of this lesson return logits.
#
# Ask one weight
# --------------
#
# Which way should a weight change? Try it: move the weight from the pixel in the middle
# of the image to the digit 3 a little, and look at the loss.

assert torch.allclose(softmax(perfect)[0, 3], torch.tensor(math.e / (math.e + 9)))
middle = 14 * 28 + 14
w[middle, 3] = 0.01
moved = F.cross_entropy(inputs @ w + b, labels)
w[middle, 3] = 0.0
slope = (moved - loss) / 0.01
print(f"loss {loss:.5f}, then {moved:.5f}. By moving the weight: {slope:+.4f}")

# %%
# The last number is nearly the slope of the loss at this weight. To ask all 7,850
# weights and biases would take 7,850 runs of the network. Autograd finds all slopes in
# a single pass from the loss back to the weights. This is *backpropagation*.

w = torch.zeros(784, 10, requires_grad=True)
b = torch.zeros(10, requires_grad=True)
F.cross_entropy(inputs @ w + b, labels).backward()
print(f"by autograd: {w.grad[middle, 3]:+.4f}")
assert torch.allclose(w.grad[middle, 3], slope, atol=2e-3)

# %%
# For softmax with cross-entropy the gradient has a plain form. For each score, it is
# what the network said minus what is so: the probability, minus 1 if the digit is the
# right one. A weight multiplies its pixel, so this error is multiplied by the pixel and
# averaged over the batch.

error = probabilities - F.one_hot(labels, 10)
assert torch.allclose(w.grad, inputs.T @ error / 64, atol=1e-6)
assert torch.allclose(b.grad, error.mean(dim=0), atol=1e-6)

# %%
# Against the gradient the loss falls. So look at the gradient with its sign turned, as
# ten pictures: a first step adds a small multiple of this to the weights of each unit.

fig = plots.unit_weights(
    {"0 to 4": -w.grad.T[:5], "5 to 9": -w.grad.T[5:]},
    title="What the first step adds to the weights of the ten units",
)

# %%
# The units begin to ask the question that step 3 chose by hand: each looks for ink
# (blue) where the images of its digit have more of it than the others, and for none
# (orange) where they have less. The background is tinted, too. All its pixels are -1,
# so a negative weight (orange) raises the score, for digits that are frequent in this
# batch, and a positive one (blue) lowers it, for rare ones.

share = labels.bincount(minlength=10) / 64
assert torch.allclose(-w.grad[0], 0.1 - share)

# %%
# Go downhill
# -----------
#
# *Gradient descent* repeats three things: delete the old gradients, because
# ``backward`` would add new ones to them; compute the loss and its gradients; and move
# each number a little against its own. A step is the gradient times the *learning
# rate*, here 0.01. ``no_grad`` tells autograd not to record the change itself.

w = torch.zeros(784, 10, requires_grad=True)
b = torch.zeros(10, requires_grad=True)
for step in range(20):
    loss = F.cross_entropy(inputs @ w + b, labels)
    if step % 5 == 0:
        right = ((inputs @ w + b).argmax(dim=1) == labels).sum().item()
        print(f"step {step:2}: loss {loss:.3f}, {right} of 64 are right")
    w.grad = b.grad = None
    loss.backward()
    with torch.no_grad():
        w -= 0.01 * w.grad
        b -= 0.01 * b.grad

loss = F.cross_entropy(inputs @ w + b, labels)
right = ((inputs @ w + b).argmax(dim=1) == labels).sum().item()
print(f"at last: loss {loss:.3f}, {right} of 64 are right")
assert loss < 1.5
assert right > 45

# %%
# This is all that learning is. What follows only makes these lines shorter, faster, or
# better at choosing the steps.
#
# Why not simply count the mistakes, and lower their number? Change a weight in twenty
# small steps, and compare.

losses, counts = [], []
with torch.no_grad():
    for change in torch.linspace(-0.01, 0.01, 20):
        changed = w.clone()
        changed[middle, 3] += change
        logits = inputs @ changed + b
        losses.append(F.cross_entropy(logits, labels).item())
        counts.append((logits.argmax(dim=1) == labels).sum().item())
print(f"{len(set(losses))} different losses, right answers: {sorted(set(counts))}")

# %%
# The loss answers every small change. The count jumps once at most, and otherwise
# stands still, so its slope is 0 and says nothing about the way.
#
# Why not .data
# -------------
#
# Older code writes ``w.data -= 0.01 * w.grad`` instead. To see what it can do, here is
# a parameter of 3, and its cube. The gradient of :math:`v^3` is :math:`3 v^2`, so 27.
# Now change the parameter between the *forward pass*, which computes the cube, and the
# *backward pass*, which computes the gradient.

assert len(set(losses)) == 20
assert sum(a != b for a, b in pairwise(counts)) <= 1
v = nn.Parameter(torch.tensor(3.0))
cube = v * v * v
v.data.fill_(10.0)
cube.backward()
print("with .data the gradient is", v.grad.item())

# %%
# That is neither the gradient at 3, which is 27, nor the one at 10, which is 300. The
# backward pass has mixed numbers of both: the square is still the 9 of the forward
# pass, and everywhere else it finds 10. By the product rule that is
# ``9 + 10 * (10 + 10)``. There was no error, because ``.data`` hides the change from
# autograd. The same edit under ``no_grad`` is noticed.

assert v.grad == 9 + 10 * (10 + 10)
u = nn.Parameter(torch.tensor(3.0))
cube = u * u * u
with torch.no_grad():
    u.fill_(10.0)
try:
    cube.backward()
except RuntimeError as error:
    print(textwrap.fill(str(error).split(";")[0], 80))

# %%
# Let PyTorch do it
# -----------------
#
# An *optimizer* makes the steps for you. ``torch.optim.SGD`` is the rule above, and
# ``zero_grad`` deletes the gradients. SGD is short for *stochastic gradient descent*:
# descent that looks at one random batch at a time, as in step 12.

w2 = torch.zeros(784, 10, requires_grad=True)
b2 = torch.zeros(10, requires_grad=True)
optimizer = torch.optim.SGD([w2, b2], lr=0.01)
for _ in range(20):
    loss = F.cross_entropy(inputs @ w2 + b2, labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
assert torch.allclose(w, w2, atol=1e-6)
assert torch.allclose(b, b2, atol=1e-6)
print("the same weights as by hand")

# %%
# Choose the learning rate
# ------------------------
#
# How large should the steps be? Try four learning rates on the network of step 7, fifty
# steps each, from the same weights.

curves, shares = {}, {}
for rate in (0.001, 0.01, 0.1, 1.0):
    torch.manual_seed(0)
    model = DeepNetwork()
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    losses = []
    for _ in range(50):
        loss = F.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    curves[f"rate {rate:g}"] = torch.tensor(losses)
    with torch.no_grad():
        shares[rate] = (model(inputs).argmax(dim=1) == labels).float().mean().item()
    if rate == 0.1:
        learnt = model
    print(f"rate {rate:<5}: loss {losses[-1]:5.2f}, {shares[rate]:4.0%} are right")

fig = plots.line_chart(
    torch.arange(50),
    curves,
    labels=("step", "loss (nats)"),
    log_y=True,
    title="The loss with four learning rates",
)

# %%
# With 0.001 the network hardly moves. With 0.01 it goes down slowly, and with 0.1 it
# gets there, not without steps up. With 1, a step leads past the valley and far up its
# other side, to a loss that is many times the first. The network does not recover: its
# ReLU units are dead, so that it gives all images the same scores. There is no formula
# for a good rate. It is found by trying, in steps of a factor of 3 or 10.

assert curves["rate 0.001"][-1] > 2.2
assert curves["rate 0.1"][-1] < 0.5 < curves["rate 0.01"][-1]
assert curves["rate 1"].max() > 10
assert (curves["rate 0.1"].diff() > 0).any()
assert shares[1.0] < 0.4
assert shares[0.1] > 0.9
with torch.no_grad():
    assert model(inputs).std(dim=0).max() < 1e-6

# %%
# With the rate 0.1, the network reads nearly all of its 64 digits. How well does it
# read digits that were not in the batch?

testset = datasets.MNIST(data.root(), download=True, train=False)
others = ((testset.data[:1000] / 255 - 0.5) / 0.5).flatten(1)
with torch.no_grad():
    new = (learnt(others).argmax(dim=1) == testset.targets[:1000]).float().mean()
print(f"of its own batch:  {shares[0.1]:.0%}")
print(f"of 1,000 others: {new:.0%}")
assert 0.3 < new < shares[0.1] - 0.1

# %%
# Far less well, and far better than guesses. It has learnt from the batch what its
# digits look like, and in part it has learnt the batch by heart. To read digits in
# general, it needs more of them.
#
# **You can now** answer these questions:
#
# - Why is the loss a logarithm, and not the number of mistakes?
# - A weight's gradient is positive. In which direction does a step move the weight?
# - What do you see in the loss if the learning rate is too small, or too large?
#
# **Next, step 12** trains the network of step 7 with the whole training set.

plt.show()
