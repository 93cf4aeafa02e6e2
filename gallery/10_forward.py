"""
10. Pass a digit forward
========================

Follow one digit through every layer of the network, and read its answer.

**You will** run the layers one by one, compare logits with probabilities, switch off
what only training needs, and find out what an untrained network says.

**You need** the class of step 7; this page imports it.
"""

# %%
# Take the network of step 7, as it is created: with random weights, untrained.

import math

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from mnistlesson import data, plots
from mnistlesson.models import DeepNetwork
from torch import nn

print(data.in_use())
images, labels = data.first_batch()
inputs = images.flatten(1)
torch.manual_seed(0)
model = DeepNetwork()

# %%
# One digit, layer by layer
# -------------------------
#
# A batch may hold a single image. ``inputs[:1]`` keeps the batch axis; ``inputs[0]``
# would drop it.

digit = inputs[:1]
print("one digit:", digit.shape, "label", labels[0].item())

with torch.no_grad():
    hidden1 = F.relu(model.hidden1(digit))
    hidden2 = F.relu(model.hidden2(hidden1))
    logits = model.output(hidden2)
    probabilities = torch.softmax(logits, dim=1)

for name, values in [("hidden 1", hidden1), ("hidden 2", hidden2), ("logits", logits)]:
    zero = (values == 0).float().mean()
    print(f"{name:<8} {tuple(values.shape)}")
    print(f"    from {values.min():.3f} to {values.max():.3f}, {zero:.0%} are zero")

# %%
# This is all that the model does. Calling it gives the same logits.

with torch.no_grad():
    assert torch.equal(model(digit), logits)
for hidden in (hidden1, hidden2):
    assert 0.25 < (hidden == 0).float().mean() < 0.75
assert logits.min() < 0 < logits.max()

fig = plots.layer_activations(
    {
        "input": digit[0],
        "hidden 1": hidden1[0],
        "hidden 2": hidden2[0],
        "logits": logits[0],
        "probabilities": probabilities[0],
    }
)

# %%
# The input still looks like a digit. The hidden layers do not: their units have no
# positions, only numbers, each the answer to a question about the layer before. About
# half of the answers are zero, because random sums are as often negative as positive,
# and ReLU removes the negative ones. The logits keep both signs: no ReLU follows them.
#
# What happens without the batch axis? ``nn.Linear`` acts on the last axis, so the model
# accepts a single vector and gives ten logits. But then there is no axis 1 for softmax
# to work along.

with torch.no_grad():
    alone = model(inputs[0])
print(alone.shape)
try:
    torch.softmax(alone, dim=1)
except IndexError as error:
    print(error)

# %%
# Some code keeps the channel axis instead: flattened to (64, 1, 784), a single image is
# (1, 784). That works, because the channel is taken for a batch of one.

channel = images.flatten(2)[0]
print(channel.shape)
assert torch.equal(channel, digit)

# %%
# Logits and probabilities
# ------------------------
#
# Softmax turns logits into probabilities and keeps their order, so the highest logit
# has the highest probability. To know the answer, you need no softmax. To know how sure
# the network is, you do.

print("logits:       ", logits[0].numpy().round(3))
print("probabilities:", probabilities[0].numpy().round(3))
assert logits.argmax() == probabilities.argmax()
assert torch.equal(logits.argsort(), probabilities.argsort())

fig = plots.view_classify(
    images[0],
    probabilities[0],
    title=f"A {labels[0]}, read as {logits.argmax()} by an untrained network",
)

# %%
# Switch off what only training needs
# -----------------------------------
#
# By default, PyTorch records each operation with parameters, so that it can compute
# gradients later. Inside ``torch.no_grad()`` it does not, which saves time and memory
# when you only want the result. (For results that never meet autograd again, there is
# ``torch.inference_mode()``, which saves a little more and is stricter.)

print("recorded:", model(digit).requires_grad)
with torch.no_grad():
    print("recorded:", model(digit).requires_grad)
with torch.inference_mode():
    assert torch.equal(model(digit), logits)

# %%
# ``model.eval()`` is something else. It tells layers that behave differently in
# training, such as the dropout of step 6, that training is over. Our network has no
# such layer, so nothing changes. It is a good habit all the same, because the day you
# add one, your code is right already.

model.train()
with torch.no_grad():
    in_training = model(inputs)
model.eval()
with torch.no_grad():
    in_evaluation = model(inputs)
assert torch.equal(in_training, in_evaluation)

# %%
# Does one of the two do the work of the other?

assert not model.training
print("recorded after eval():", model(digit).requires_grad)
with torch.no_grad():
    dropped = (nn.Dropout(0.5)(torch.ones(1000)) == 0).sum()
print(dropped.item(), "of 1000 dropped under no_grad()")

# %%
# Neither replaces the other: after ``eval()`` PyTorch still records, and under
# ``no_grad()`` dropout still drops.
#
# What an untrained network says
# ------------------------------
#
# Steps 3 and 4 looked at a network with large weights, which was sure of itself. This
# one has PyTorch's smaller weights, and is sure of nothing: its probabilities are close
# to 0.1 for all images of the batch, and the entropy is close to its highest possible
# value.

assert dropped > 0
probabilities = torch.softmax(in_evaluation, dim=1)
entropy = torch.special.entr(probabilities).sum(dim=1).mean()
print(f"from {probabilities.min():.3f} to {probabilities.max():.3f}")
print(f"mean entropy {entropy:.3f} of at most {math.log(10):.3f}")
assert entropy > 0.98 * math.log(10)

# %%
# Does that mean that it names each digit about equally often? Count its answers.

counts = probabilities.argmax(dim=1).bincount(minlength=10)
print("answers: ", counts.tolist())
print("labels:  ", labels.bincount(minlength=10).tolist())
print(f"the most frequent answer is given {counts.max()} times")

# %%
# No, it has favourites. Nor is this the bad luck of one seed. Make a hundred networks,
# and look at how often each gives its favourite answer.

shares = []
for seed in range(100):
    torch.manual_seed(seed)
    with torch.no_grad():
        answers = DeepNetwork()(inputs).argmax(dim=1)
    shares.append(answers.bincount(minlength=10).max().item() / 64)
print(f"share of the favourite answer: {sum(shares) / 100:.0%} on average")
print(f"in half of the networks at least {sorted(shares)[50]:.0%}")
assert sum(shares) / 100 > 0.5

# %%
# The reason is that a part of each logit is the same for all images. It comes from the
# biases, and from what the images have in common. That part differs more from output to
# output than the rest differs from image to image. Compare the two.

between_outputs = in_evaluation.mean(dim=0).std()
between_images = in_evaluation.std(dim=0).mean()
print(f"std between the ten outputs: {between_outputs:.3f}")
print(f"std between the 64 images:   {between_images:.3f}")
assert between_outputs > between_images

# %%
# So "each digit is about equally likely" and "it mostly says the same digit" are both
# true of this network. Probabilities tell you how sure it is, and counts tell you what
# it says.
#
# **You can now** answer these questions:
#
# - Why are about half of a hidden layer's numbers zero, and none of the logits?
# - When do you need softmax, and when is ``argmax`` enough?
# - What does ``eval()`` switch off, and what does ``no_grad()``?
#
# **Next, step 11** lets a network learn, from a single batch.

plt.show()
