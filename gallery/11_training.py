"""
11. Train the network
=====================

Teach the network with a training set, and test it on digits that it has never seen.

**You will** choose a loss, write the training loop, follow loss and accuracy over the
epochs, look at the digits that the network misreads, and save what it has learnt.

**You need** the class of step 7; this page imports it. Training takes less than a minute.
"""

# %%
# Load both sets whole
# --------------------
#
# The data loader of step 1 makes each image anew every time it is asked for. In
# training we go through the set several times, so it pays to do this once, for all
# images, as step 1 did by hand.
#
# PyTorch shares the work on a large matrix among the cores of your processor. The
# matrices of this network are so small that handing out the shares costs more time than
# it saves, above all where other programs are busy. So one thread does it all.

import itertools
import math
import pickle
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from mnistlesson import data, plots
from mnistlesson.models import DeepNetwork
from torchvision import datasets

torch.set_num_threads(1)

print(data.in_use())
trainset = datasets.MNIST(data.root(), download=True, train=True)
testset = datasets.MNIST(data.root(), download=True, train=False)


def inputs_of(dataset):
    return ((dataset.data / 255 - 0.5) / 0.5).flatten(1)


train_inputs, train_labels = inputs_of(trainset), trainset.targets
test_inputs, test_labels = inputs_of(testset), testset.targets
print(tuple(train_inputs.shape), tuple(test_inputs.shape))

# %%
# Choose a loss
# -------------
#
# The loss is a number that says how wrong the network is. For classes, it is the
# *cross-entropy*: the negative logarithm of the probability that the network gives to
# the right class. It is 0 for a network that is certain and right, and grows without
# end for one that is certain and wrong.

torch.manual_seed(0)
model = DeepNetwork()
with torch.no_grad():
    logits = model(test_inputs)
by_hand = (
    -torch.softmax(logits, dim=1)[range(len(test_labels)), test_labels].log().mean()
)
loss = F.cross_entropy(logits, test_labels)
print(f"loss before training: {loss:.3f}, by hand {by_hand:.3f}")
print(f"loss of ten equal probabilities: {math.log(10):.3f}")
assert torch.allclose(loss, by_hand, atol=1e-4)

# %%
# ``cross_entropy`` takes logits: it applies softmax itself, in a form that cannot
# overflow. Give it probabilities, and softmax is applied twice, without an error. Then
# even a perfect answer, 1 for the right class and 0 for the others, is punished.

perfect = F.one_hot(torch.tensor([3]), 10).float()
print(f"{F.cross_entropy(perfect, torch.tensor([3])):.3f}")
assert F.cross_entropy(perfect, torch.tensor([3])) > 1.46
assert F.cross_entropy(1000 * perfect, torch.tensor([3])) == 0

# %%
# That is why the networks of this lesson return logits.
#
# Write the loop
# --------------
#
# One training step is five lines. Compute the loss of a batch. Delete the old
# gradients, since PyTorch adds new ones to them. Compute the gradient of the loss for
# every parameter: this is *backpropagation*. Then let the optimizer move each parameter
# a little against its gradient.
#
# The optimizer is Adam, which adapts the size of its steps to each parameter. A round
# through the training set is an *epoch*. After each, the scheduler multiplies the step
# size by the same factor, so that at the end it is a twentieth: large steps first, to
# get there, small ones later, to settle.
#
# How many epochs? An epoch of MNIST's 60,000 images has 938 batches, each a step of the
# optimizer. One of the 6,048 of the sample has only 95. So the sample gets more epochs,
# though never as many steps: what few images can teach is sooner learnt by heart.

epochs = 8 if len(train_inputs) == 60_000 else 24
print(f"{epochs} epochs of {math.ceil(len(train_inputs) / 64)} steps")

optimizer = torch.optim.Adam(model.parameters(), lr=0.002)
gamma = 0.05 ** (1 / epochs)
scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma)


def evaluate(inputs, labels):
    model.eval()
    with torch.no_grad():
        logits = model(inputs)
    accuracy = (logits.argmax(dim=1) == labels).float().mean()
    return F.cross_entropy(logits, labels).item(), accuracy.item()


train_history, test_history = [], []
print("    training set          test set")
print("     loss    right       loss    right")
for epoch in range(1, epochs + 1):
    model.train()
    for batch in torch.randperm(len(train_inputs)).split(64):
        logits = model(train_inputs[batch])
        loss = F.cross_entropy(logits, train_labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    scheduler.step()

    train_history.append(evaluate(train_inputs, train_labels))
    test_history.append(evaluate(test_inputs, test_labels))
    print(f"{epoch:2}", "{:8.3f} {:7.1%}".format(*train_history[-1]), end="")
    print("{:13.3f} {:7.1%}".format(*test_history[-1]))

# %%
# ``torch.randperm`` shuffles the numbers of the examples, and ``split(64)`` cuts them
# into batches. That is what the data loader does.
#
# Read the curves
# ---------------

train_losses, train_accuracies = zip(*train_history, strict=True)
test_losses, test_accuracies = zip(*test_history, strict=True)
fig = plots.training_curves(
    train_losses, test_losses, train_accuracies, test_accuracies
)

# %%
# The loss falls steeply at first, then slowly. On the digits that it was trained with,
# the network ends up better than on those of the test set. The difference is what it
# learnt by heart rather than in general. Only the test set tells you how it will do on
# new digits. (It does so as long as you only look. To choose between networks, take a
# third set, a *validation set*: what you choose by is no longer new.)

accuracy = test_accuracies[-1]
print(f"{accuracy:.2%} of the test set are read correctly")
assert accuracy >= (0.97 if data.in_use().name == "MNIST" else 0.90)
assert train_losses[-1] < train_losses[0]
assert train_accuracies[-1] > test_accuracies[-1]

# %%
# Look at the mistakes
# --------------------

with torch.no_grad():
    probabilities = torch.softmax(model(test_inputs), dim=1)
top, answers = probabilities.max(dim=1)
misread = (answers != test_labels).nonzero().flatten()
print(len(misread), "of", len(test_labels), "are misread")
fig = plots.misread_digits(
    test_inputs[misread[:12]],
    test_labels[misread[:12]],
    answers[misread[:12]],
    probabilities=top[misread[:12]],
)

# %%
# Some are hard to read for you, too. Which two digits are confused most often?

pairs = itertools.combinations(range(10), 2)
confused = {
    (a, b): (
        ((test_labels == a) & (answers == b)) | ((test_labels == b) & (answers == a))
    )
    .sum()
    .item()
    for a, b in pairs
}
for (a, b), count in sorted(confused.items(), key=lambda item: -item[1])[:3]:
    print(f"{a} and {b}: {count} times")

# %%
# Confidence that is earned
# -------------------------
#
# In step 4, an untrained network was mostly sure and nearly always wrong. Compare what
# this one claims with what it delivers.

print(f"mean highest probability: {top.mean():.3f}")
print(f"share of right answers:   {accuracy:.3f}")
right, wrong = top[answers == test_labels], top[answers != test_labels]
print(f"where it is right: {right.mean():.3f}; where it is wrong: {wrong.mean():.3f}")
assert abs(top.mean() - accuracy) < 0.06
assert wrong.mean() < right.mean()

# %%
# The first two are near one another, and where it is wrong it is less sure.

fig = plots.view_classify(
    test_inputs[0],
    probabilities[0],
    title=f"A {test_labels[0]}, read as {answers[0]} by the trained network",
)

# %%
# Save what it has learnt
# -----------------------
# Save the ``state_dict``: the parameters by name, and nothing else. Then load it. A
# file that PyTorch loads can contain a program, which loading would run.
# ``weights_only=True``, the default today, accepts tensors and plain containers of
# them. It refuses the rest: for instance a whole model, saved with its class.

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder, "digits.pt")
    torch.save(model.state_dict(), path)
    state = torch.load(path, weights_only=True)

    torch.save(model, path)
    try:
        torch.load(path, weights_only=True)
    except pickle.UnpicklingError as error:
        print(str(error).split(".")[0])

restored = DeepNetwork()
restored.load_state_dict(state)
restored.eval()
with torch.no_grad():
    assert torch.equal(restored(test_inputs), model(test_inputs))
print("the restored network gives the same logits")

# %%
# The file holds no class: whoever loads it needs the code of ``DeepNetwork`` too.
# **This was the last step.** You have built one network from tensors, as a module and
# with functions, and a deeper one as a class and with ``Sequential``. The deeper one
# now reads digits.

plt.show()
