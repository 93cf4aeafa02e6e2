"""
2. Flatten images into vectors
==============================

Turn a batch of shape (64, 1, 28, 28) into one of shape (64, 784): a row of numbers for
each image.

**You will** flatten a batch in three ways, find out what each of them copies, and meet
three ways that go wrong.

**You need** the batch of step 1; this page loads it for you.
"""

# %%
# The next step builds *layers*, which consist of *units*. A unit multiplies each number
# of its input by a *weight* of its own and adds up the products. In a *fully connected*
# layer, each unit is connected to every number of the input. To a sum, rows and columns
# make no difference, so such a layer takes each image as one vector.

import textwrap

import matplotlib.pyplot as plt
import torch
from mnistlesson import data, plots
from torch import nn

print(data.in_use())
images, labels = data.first_batch()
print(images.shape)

# %%
# Flatten
# -------
#
# To *flatten* is to merge axes into one. ``flatten(1)`` merges all axes from axis 1 on.
# Axis 0, which numbers the images, stays.

inputs = images.flatten(1)
print(inputs.shape)

# %%
# 784 is 28 times 28. The rows of the image lie end to end: pixel (row, column) is now
# number ``28 * row + column``.

row, column = 14, 10
assert inputs[0, 28 * row + column] == images[0, 0, row, column]

fig = plots.rows_end_to_end(images[0])

# %%
# Two more methods give the same numbers another shape. ``view`` and ``reshape`` are
# told which; -1 stands for whatever is left over.

viewed = images.view(images.shape[0], -1)
reshaped = images.reshape(-1, 784)
assert torch.equal(inputs, viewed)
assert torch.equal(inputs, reshaped)

# %%
# Know what is copied
# -------------------
# You may skip this section at a first reading. ``clone`` makes a copy, so that the
# images stay as they are. Flatten it, change the result, and look at what you started
# from.

original = images.clone()
flat = original.flatten(1)
flat[0, 0] = 5.0
print(original[0, 0, 0, 0])

# %%
# A change in one shows in the other. None of the three ways has copied a number: each
# describes the same memory in another shape. ``data_ptr`` says where in memory a tensor
# begins, and all of them begin at the same place.

assert original[0, 0, 0, 0] == 5.0
for result in (inputs, viewed, reshaped):
    assert result.data_ptr() == images.data_ptr()

# %%
# Sharing works only while the numbers lie in memory in the order that the new shape
# needs. Transpose the images, and they no longer do. ``view`` never copies, so it
# refuses. (A *stride* is the distance in memory from one number of an axis to the
# next.)

turned = images.transpose(2, 3)
try:
    turned.view(64, 784)
except RuntimeError as error:
    print(textwrap.fill(str(error), 80))

# %%
# ``reshape`` and ``flatten`` copy where they must. The results are right, but they no
# longer share memory with the images.

for flat in (turned.reshape(64, 784), turned.flatten(1)):
    assert flat.data_ptr() != images.data_ptr()
    assert flat[0, 28 * column + row] == images[0, 0, row, column]

# %%
# So ``flatten(1)`` always works, and ``view`` guarantees that nothing is copied.
#
# Three traps
# -----------
#
# The size of the training set is not a multiple of 64, so the last batch of each round
# is smaller. To stand in for it, take as many images of this batch.

size = data.in_use().train % 64
print("images in the last batch:", size)
last = images[:size].clone()

# %%
# **Trap 1: the number 64 written into the code.** 64 is the *batch size*, the number of
# images, of most batches, but not of this one.

by_number = last.view(64, -1)
print("view(64, -1):", by_number.shape)
print("flatten(1):  ", last.flatten(1).shape)

# %%
# ``view(64, -1)`` makes 64 rows, whatever the batch size. With 30 images you would get
# an error, because 64 does not divide 30 times 784. With 32 you get 64 halves: the
# upper half of the first digit, its lower half, and so on.

assert 30 * 784 % 64 != 0
assert torch.equal(by_number[0], images[0, 0, :14].flatten())
assert torch.equal(by_number[1], images[0, 0, 14:].flatten())

# %%
# **Trap 2: resize_.** The underscore at the end of a name says that a method changes
# its tensor *in place*, and makes no new one. ``resize_`` gives the tensor itself a new
# shape. Where there are too few numbers, it adds memory and leaves in it whatever lay
# there before.

before = last.shape
last.resize_(64, 1, 784)
print(before, "became", last.shape)

# %%
# Half of these 64 are no images, but what happened to lie in memory. ``flatten(1)`` has
# neither problem: it takes the batch size from the tensor, and leaves your images
# alone.
#
# **Trap 3: no flatten at all.** ``nn.Linear(784, 256)`` is a ready-made fully connected
# layer: 784 numbers in, 256 out. Step 5 takes it apart. It acts on the last axis of its
# input, which in an image runs along a row of 28 pixels. So it refuses the images.

try:
    nn.Linear(784, 256)(images)
except RuntimeError as error:
    print(error)

# %%
# Now give them to a layer for 28 numbers.

results = nn.Linear(28, 256)(images)
print(results.shape)

# %%
# There is no error, but it is not what you want. The layer has treated each row of
# pixels as an example of its own: it has computed 1,792 results, and you want 64, one
# for each image.

assert results.shape[:-1].numel() == 1_792

# %%
# Know what is lost
# -----------------
#
# Two pixels, one above the other, are neighbours in the image. In the vector they are
# 28 places apart. To a fully connected layer it makes no difference: shuffle the 784
# numbers of all images in the same way, shuffle the weights to match, and every result
# stays the same.

torch.manual_seed(0)
weights = torch.randn(784, 256)
order = torch.randperm(784)
assert torch.allclose(inputs @ weights, inputs[:, order] @ weights[order], atol=1e-3)

# %%
# So the network knows nothing of rows and columns. What it finds out about neighbouring
# pixels, it finds out from the examples.
#
# **You can now** answer these questions:
#
# - At which position of the vector does the pixel of row 2, column 5 lie?
# - When does ``view`` raise an error, and what does ``flatten`` do then?
# - What can a fully connected layer not know of its input?
#
# **Next, step 3** builds a network that takes these 784 numbers and gives ten scores.

plt.show()
