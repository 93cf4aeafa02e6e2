"""
1. Load the digits
==================

Get the images with torchvision, see what ``Normalize`` really does to them, and look at
a batch.

**You will** load a training set and a test set, turn images into tensors, and take
batches of 64 from a data loader.

**You need** Python, PyTorch and the package ``mnistlesson``. Each step stands alone.
"""

# %%
# MNIST is a set of 70,000 images of handwritten digits, each 28 by 28 pixels in
# greyscale. The goal of this lesson is a network that looks at such an image and says
# which digit it shows.
#
# The images come with torchvision. The package ``mnistlesson`` says where they lie on
# your disk (``data``), draws figures (``plots``), and keeps what the steps have built.
# Where MNIST cannot be had, because there is no network, it has a sample to offer: the
# first 7,048 of these images. This page was made with:

import matplotlib.pyplot as plt
import torch
from mnistlesson import data, plots
from torchvision import datasets, transforms

print(data.in_use())

# %%
# Make tensors of the images
# --------------------------
#
# A transform is applied to each image as it is loaded. This one has two parts.
# ``ToTensor`` turns the bytes 0 to 255 of a greyscale image into floats from 0 to 1.
# ``Normalize((0.5,), (0.5,))`` subtracts 0.5 and divides by 0.5: one number each,
# because there is one channel.

transform = transforms.Compose(
    [transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))]
)

# %%
# Now load both sets: one to train the network with, and one that the network never sees
# in training, to test it with. ``download=True`` fetches the files where they are not
# there yet.

trainset = datasets.MNIST(data.root(), download=True, train=True, transform=transform)
testset = datasets.MNIST(data.root(), download=True, train=False, transform=transform)
print(len(trainset), "digits to train with")
print(len(testset), "digits to test with")

# %%
# One example is a pair: an image and its label, the digit that it shows.

image, label = trainset[0]
print("image:", type(image), image.shape, image.dtype)
print("label:", type(label), label)

# %%
# See what Normalize does
# -----------------------
#
# ``trainset.data`` holds the bytes as they lie on disk, before any transform. Do by
# hand what the transform does, and compare.

before = trainset.data / 255
after = (before - 0.5) / 0.5
assert torch.equal(image[0], after[0])

for name, pixels in [("before", before), ("after", after)]:
    low, high, mean, std = pixels.min(), pixels.max(), pixels.mean(), pixels.std()
    print(f"{name:>6}: from {low:4.1f} to {high:.1f}, mean {mean:7.4f}, std {std:.4f}")

# %%
# The name promises more than it does. It moved the range from [0, 1] to [-1, 1]. It did
# not *standardise* the pixels: their mean is not 0, and their standard deviation is
# not 1. Most of an image is paper, so the mean lies well below 0.
#
# To standardise, you would pass the mean and the standard deviation that you have just
# seen in the line "before".

mean, std = before.mean(), before.std()
standardised = (before - mean) / std
print(f"standardised: mean {standardised.mean():.4f}, std {standardised.std():.4f}")
assert standardised.mean().abs() < 1e-3
assert (standardised.std() - 1).abs() < 1e-3
assert after.mean() < -0.5

# %%
# The lesson keeps [-1, 1]: it is simple, and step 11 shows that a network learns from
# it.
#
# Take batches
# ------------
#
# A network reads many images at a time: a *batch*. The data loader groups the examples
# into batches of 64. ``shuffle=True`` puts them into a new random order each time you
# go through the set. The generator decides which order; seeded with a number, it gives
# you the digits of this page.

generator = torch.Generator().manual_seed(0)
trainloader = torch.utils.data.DataLoader(
    trainset, batch_size=64, shuffle=True, generator=generator
)
print(len(trainloader), "batches")
print("in the last one:", len(trainset) % 64)

# %%
# The last batch is smaller, because 64 does not divide the size of the set. Remember
# this: it breaks careless code in step 2.
#
# A ``for`` loop goes through all batches. We stop after three.

for number, (images, labels) in enumerate(trainloader):
    print(number, images.shape, labels.shape)
    if number == 2:
        break

# %%
# For a single batch, ask for an iterator and take its next item. Older notebooks write
# ``dataiter.next()``. That fails today: an iterator has no such method. ``next`` is a
# function.

generator.manual_seed(0)
dataiter = iter(trainloader)
assert not hasattr(dataiter, "next")
images, labels = next(dataiter)

print("images:", type(images), images.shape, images.dtype)
print("labels:", type(labels), labels.shape, labels.dtype)

# %%
# Read the shape from left to right: 64 images, 1 channel (grey), 28 rows, 28 columns.
# There are 64 labels, one for each image.
#
# The later steps need this same batch. They call ``data.first_batch()``, which does
# just what you have seen here.

same_images, same_labels = data.first_batch()
assert torch.equal(images, same_images)
assert torch.equal(labels, same_labels)

# %%
# Look at the digits
# ------------------
# ``imshow`` draws rows and columns, so ``squeeze`` first drops the channel, an axis of
# length 1. Matplotlib takes NumPy arrays; ``numpy()`` makes one of the tensor.

fig, axes = plt.subplots(figsize=(3, 3))
picture = axes.imshow(images[0].squeeze().numpy(), cmap="Greys_r")
title = axes.set_title(f"The first digit of the batch: a {labels[0]}")

# %%
# To the network, it is nothing but numbers: -1 is paper, 1 is ink. Here are the numbers
# inside the square.

fig = plots.digit_values(images[0], title=f"A {labels[0]}, and some of its numbers")

# %%
# And here are the first 32 digits, each with its label.

fig = plots.digit_grid(images[:32], labels[:32], title="32 digits and their labels")

# %%
# **Next, step 2** lays the 28 rows of each image end to end, so that an image becomes
# one vector.

plt.show()
