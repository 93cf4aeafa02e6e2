"""
12. Train the network
=====================

Train the network with the whole training set, and test it on digits that are new to it.

**You will** write the training loop, compare the network with three simpler readers,
tell from the curves whether it learns by heart, see what its units have learnt, and
save it.

**You need** the class of step 7 and the learning of step 11; this page imports the
class. Training takes less than a minute.
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

import math
import pickle

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from mnistlesson import data, plots
from mnistlesson.models import DeepNetwork
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from torchvision import datasets

torch.set_num_threads(1)

print(data.in_use())
trainset = datasets.MNIST(data.root(), download=True, train=True)
testset = datasets.MNIST(data.root(), download=True, train=False)


def inputs_of(dataset):
    return ((dataset.data / 255 - 0.5) / 0.5).flatten(1)


train_inputs, train_labels = inputs_of(trainset), trainset.targets
test_inputs, test_labels = inputs_of(testset), testset.targets

# %%
# The *training set* is what the network learns from. The *test set* was written by
# other people, and the network never learns from it: it tells how well new digits are
# read.
#
# Know what to beat
# -----------------
#
# Is an *accuracy*, a share of right answers, of 90% good? To judge, you need a
# *baseline*, what a simple method reaches. The simplest one always gives the most
# frequent digit of the training set. A better one learns ten mean images, and gives the
# digit whose mean is nearest.


def share_right(answers):
    return (answers == test_labels).float().mean().item()


readers = {}
readers["most frequent digit"] = share_right(train_labels.mode().values)
means = torch.stack([train_inputs[train_labels == d].mean(dim=0) for d in range(10)])
nearest = torch.cdist(test_inputs, means).argmin(dim=1)
readers["nearest mean digit"] = share_right(nearest)
print({name: f"{share:.1%}" for name, share in readers.items()})

# %%
# Write the loop
# --------------
#
# The images are tensors already, so the data loader only has to shuffle them and cut
# them into batches. One round through all of them is an *epoch*.

assert readers["most frequent digit"] < 0.2
assert 0.7 < readers["nearest mean digit"] < 0.9
loader = DataLoader(TensorDataset(train_inputs, train_labels), 64, shuffle=True)

# %%
# For each batch, the loop does what step 11 did. Only the optimizer is another: *Adam*
# keeps an average of the last gradients of each parameter, moves against that, and
# adapts the size of the steps to each parameter. It needs less trying than SGD to find
# a good learning rate. (``AdamW``, which you will often meet, also draws each weight a
# little towards 0.) A batch stands for the whole set: its gradient points roughly the
# same way, at a small part of the cost.
#
# ``train`` and ``eval`` change nothing here, but the loop is right with dropout, too.


def train_epoch(model, optimizer):
    model.train()
    for inputs, labels in loader:
        loss = F.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def evaluate(model, inputs, labels):
    model.eval()
    with torch.no_grad():
        logits = model(inputs)
    accuracy = (logits.argmax(dim=1) == labels).float().mean()
    return F.cross_entropy(logits, labels).item(), accuracy.item()


# %%
# How many epochs? An epoch of MNIST's 60,000 images has 938 batches, each a step of the
# optimizer. One of the 6,048 of the sample has only 95. So the sample gets more epochs,
# though never as many steps: few images are sooner learnt by heart.
#
# First a third baseline, a single linear layer, which learns ten questions about the
# pixels as in step 11. It gets only a quarter of the epochs.

epochs = 8 if len(train_inputs) == 60_000 else 24
print(f"{epochs} epochs of {len(loader)} steps")

torch.manual_seed(0)
linear = nn.Linear(784, 10)
optimizer = torch.optim.Adam(linear.parameters(), lr=0.002)
for _ in range(epochs // 4):
    train_epoch(linear, optimizer)
_, readers["one linear layer"] = evaluate(linear, test_inputs, test_labels)

# %%
# Now the network. After each epoch the *scheduler* multiplies the learning rate by the
# same factor, so that at the end it is a twentieth: large steps first, to get there,
# small ones later, to settle.

torch.manual_seed(0)
model = DeepNetwork()
before = model.hidden1.weight.detach().clone()
optimizer = torch.optim.Adam(model.parameters(), lr=0.002)
gamma = 0.05 ** (1 / epochs)
scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma)

train_history = [evaluate(model, train_inputs, train_labels)]
test_history = [evaluate(model, test_inputs, test_labels)]
for _ in range(epochs):
    train_epoch(model, optimizer)
    scheduler.step()
    train_history.append(evaluate(model, train_inputs, train_labels))
    test_history.append(evaluate(model, test_inputs, test_labels))

print("       training set          test set")
print("epoch  loss    right       loss    right")
for epoch, (train, test) in enumerate(zip(train_history, test_history, strict=True)):
    print("{:4} {:7.3f} {:7.1%} {:11.3f} {:7.1%}".format(epoch, *train, *test))

# %%
# Epoch 0 is the network before training: its loss is about :math:`\log\,10 = 2.30`,
# that of ten equal probabilities.
#
# Read the curves
# ---------------

train_losses, train_right = zip(*train_history, strict=True)
test_losses, test_right = zip(*test_history, strict=True)
fig = plots.training_curves(train_losses, test_losses, train_right, test_right)
accuracy = readers["the network"] = test_right[-1]
assert accuracy >= (0.97 if data.in_use().name == "MNIST" else 0.90)
assert abs(test_losses[0] - math.log(10)) < 0.1
assert test_losses[0] - test_losses[1] > test_losses[1] - test_losses[-1]
assert train_losses[-1] / train_losses[1] < test_losses[-1] / test_losses[1]
assert train_right[-1] > test_right[-1]

# %%
# The first epoch does most of the work. From then on, the curves of the two sets part:
# the loss falls further on the digits that the network was trained with than on new
# ones. This gap shows *overfitting*: part of what the network has learnt, it has learnt
# by heart. The remedies are more data, a smaller network, or dropout.
#
# Only the test set tells how a network does on new digits, and only as long as you do
# not choose by it. To choose between networks or rates, keep back a part of the
# training set, as a *validation set*: what you choose by is no longer new.

for name, share in readers.items():
    print(f"{name:<20} {share:.1%}")
assert sorted(readers.values()) == [*readers.values()]

# %%
# The network beats them all. A part of its lead over the linear layer may come from
# longer training. The rest is what the hidden layers are worth.
#
# Look at the mistakes
# --------------------
#
# Each row of a *confusion matrix* is a digit, and each column an answer. ``10 * label +
# answer`` is a number for each pair of the two, and ``bincount`` counts these numbers.

with torch.no_grad():
    probabilities = torch.softmax(model(test_inputs), dim=1)
top, answers = probabilities.max(dim=1)
pairs = 10 * test_labels + answers
counts = pairs.bincount(minlength=100).view(10, 10)
fig = plots.confusion_matrix(counts)
assert math.isclose(counts.trace() / len(test_labels), accuracy, abs_tol=1e-6)

# %%
# Here are the first twelve that are misread. Some are hard to read for you, too.

misread = (answers != test_labels).nonzero().flatten()
fig = plots.misread_digits(
    test_inputs[misread[:12]],
    test_labels[misread[:12]],
    answers[misread[:12]],
    probabilities=top[misread[:12]],
)

# %%
# See what the units have learnt
# ------------------------------
#
# These are the weights of the first hidden layer before training and after it, of those
# four units that have changed most.

after = model.hidden1.weight.detach()
most = (after - before).norm(dim=1).topk(4).indices
fig = plots.unit_weights(
    {"before": before[most], "after": after[most]},
    title="Four hidden units: random questions, and learnt ones",
)

# %%
# Out of the noise have grown spots and arcs where a unit looks for ink or for none.
# They are not parts of digits that you would name: nobody told the units what to look
# for, only that the answers of the whole network should be right.
#
# Check its confidence
# --------------------
#
# In step 4, a network was sure of most answers, and right no more often than a guess.
# Compare what this one claims with what it delivers.

print(f"mean highest probability: {top.mean():.3f}")
print(f"share of right answers:   {accuracy:.3f}")
right, wrong = top[answers == test_labels], top[answers != test_labels]
print(f"where it is right: {right.mean():.3f}; where it is wrong: {wrong.mean():.3f}")

# %%
# The first two are close: on average, it claims about what it delivers. Where it is
# wrong, it is less sure, but not unsure. A high probability is no proof.
#
# See what the start is worth
# ---------------------------
#
# Step 9 gave the network weights of several scales. Train each by SGD, for one epoch on
# the first 6,048 images with the learning rate 0.03, and test it.

assert abs(top.mean() - accuracy) < 0.06
assert 0.5 < wrong.mean() < right.mean()
few = TensorDataset(train_inputs[:6048], train_labels[:6048])
loader = DataLoader(few, 64, shuffle=True)
starts = {}
for start in ("default", "Kaiming", "std 0.01", "std 1.0"):
    torch.manual_seed(0)
    started = DeepNetwork()
    for layer in started.children():
        if start == "Kaiming":
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        elif start != "default":
            nn.init.normal_(layer.weight, std=float(start.removeprefix("std ")))
    train_epoch(started, torch.optim.SGD(started.parameters(), lr=0.03))
    _, starts[start] = evaluate(started, test_inputs, test_labels)
    print(f"{start:<8} {starts[start]:6.1%}")

# %%
# With the two extreme scales it has learnt next to nothing. Of the other two starts,
# Kaiming's is ahead. Above, Adam and more epochs have made up for the default, but
# nothing is cheaper than a good start.
#
# Save what it has learnt
# -----------------------
#
# Save the ``state_dict``, for this network its parameters by name. A file that PyTorch
# loads can contain a program, which loading would run. ``weights_only=True``, the
# default today, accepts tensors, numbers, strings and plain containers of them, and
# refuses what it does not know: for instance a whole model, saved with its class.

assert starts["Kaiming"] > starts["default"] > 0.5
assert max(starts["std 0.01"], starts["std 1.0"]) < 0.2
torch.save(model, "digits.pt")
try:
    torch.load("digits.pt", weights_only=True)
except pickle.UnpicklingError as error:
    print(str(error).split(".")[0])

torch.save(model.state_dict(), "digits.pt")
restored = DeepNetwork()
restored.load_state_dict(torch.load("digits.pt", weights_only=True))
restored.eval()
with torch.no_grad():
    assert torch.equal(restored(test_inputs), model(test_inputs))
print("the restored network gives the same logits")

# %%
# The file stays, in the folder from which you have run this. It holds no class: whoever
# loads it needs the code of ``DeepNetwork``, too.
#
# **You can now** answer these questions:
#
# - What does a result of 90% mean, and what do you compare it with?
# - How do the curves tell you that a network learns by heart?
# - Why do you not choose the learning rate by the test set?
#
# **This was the last step.** You have built one network from tensors, as a module and
# with functions, and a deeper one as a class and with ``Sequential``, which now reads
# digits. The page "What next" shows how to go on with it.

plt.show()
