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
# MNIST is a set of 70,000 images of handwritten digits, each 28 by 28 *pixels* in
# *greyscale*: each pixel is one number, its brightness. The goal of this lesson is a
# neural network that looks at such an image and says which digit it shows.
#
# torchvision has a class that downloads the images and reads them. Our own small
# package ``mnistlesson`` finds the images on your disk (``data``), draws the figures
# (``plots``), and keeps the networks that earlier steps have built (``models``). Where
# MNIST cannot be downloaded, it brings a sample of 7,048 of these images. This page was
# made with:

import matplotlib.pyplot as plt
import torch
from mnistlesson import data, plots
from torchvision import datasets, transforms

print(data.in_use())

# %%
# Make tensors of the images
# --------------------------
#
# A *tensor* is an array of numbers with any number of *axes*: a vector has one, a
# matrix two. Its *shape* lists the lengths of the axes.
#
# A *transform* is applied to each image as it is loaded. This one has two parts.
# ``ToTensor`` turns the bytes 0 to 255 of a greyscale image into floats from 0 to 1. It
# also puts an axis in front, for the colour *channels*: a grey image has one, a colour
# photograph three. ``Normalize((0.5,), (0.5,))`` subtracts 0.5 and divides by 0.5: one
# number each, because there is one channel.

transform = transforms.Compose(
    [transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))]
)

# %%
# Now load both sets: a *training set*, from which the network learns, and a *test set*,
# which it never sees in training and which tells how well it reads new digits.
# ``download=True`` fetches the files where they are not there yet.

trainset = datasets.MNIST(data.root(), download=True, train=True, transform=transform)
testset = datasets.MNIST(data.root(), download=True, train=False, transform=transform)
print(len(trainset), "digits to train with")
print(len(testset), "digits to test with")

# %%
# One *example* is a pair: an image and its *label*, the digit that it shows. ``dtype``
# is the type of a tensor's numbers.

image, label = trainset[0]
print("image:", type(image), image.shape, image.dtype)
print("label:", type(label), label)

# %%
# See what Normalize does
# -----------------------
#
# ``trainset.data``, which has nothing to do with our ``data``, holds the bytes
# as they lie on disk, before any transform. Do by hand what the transform does, and
# compare. ``assert`` states that something is so, and stops the program where it is
# not. The steps check with it what the text says: no output means that it holds.

before = trainset.data / 255
after = (before - 0.5) / 0.5
assert torch.equal(image[0], after[0])

for name, pixels in [("before", before), ("after", after)]:
    low, high, mean, std = pixels.min(), pixels.max(), pixels.mean(), pixels.std()
    print(f"{name:>6}: from {low:4.1f} to {high:.1f}, mean {mean:7.4f}, std {std:.4f}")

# %%
# The name promises more than this transform does. It moved the range from [0, 1] to
# [-1, 1]. It did not *standardise* the pixels: their mean is not 0, and their *standard
# deviation*, which tells how far they spread around the mean, is not 1. Most pixels are
# background, which is now -1, so the mean lies well below 0.
#
# To standardise, pass the mean and the standard deviation of the line "before".

mean, std = before.mean(), before.std()
standardised = (before - mean) / std
print(
    f"standardised: mean {standardised.mean().abs():.4f}, std {standardised.std():.4f}"
)
assert standardised.mean().abs() < 1e-3
assert (standardised.std() - 1).abs() < 1e-3
assert after.mean() < -0.5
assert (before == 0).float().mean() > 0.5

# %%
# The lesson keeps [-1, 1]: it is simple, and step 12 shows that a network learns from
# it. What counts is that the numbers are small: large ones make large sums, and step 4
# shows what these do.
#
# Take batches
# ------------
#
# A network reads many images at a time: a *batch*. The *data loader* groups the
# examples into batches of 64. ``shuffle=True`` puts them into a new random order each
# time you go through the set. A computer calculates its random numbers from a starting
# number, the *seed*. The same seed gives the same order, and with it the digits of this
# page, if you have the same set.

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
# To look at a single batch, make an iterator with ``iter``, and ask Python's function
# ``next`` for its first item. Older notebooks call a method, ``dataiter.next()``, which
# PyTorch no longer has.

generator.manual_seed(0)
dataiter = iter(trainloader)
assert not hasattr(dataiter, "next")
images, labels = next(dataiter)

print("images:", type(images), images.shape, images.dtype)
print("labels:", type(labels), labels.shape, labels.dtype)

# %%
# Read the shape from left to right: 64 images, 1 channel, 28 rows, 28 columns. There
# are 64 labels, one for each image.
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
# To the network, an image is nothing but numbers: -1 for the background (the "paper"),
# which is drawn black, 1 for the stroke (the "ink"), drawn white, and others for greys.
# The next figure marks a square of seven by seven pixels and prints its numbers.

fig = plots.digit_values(images[0], title=f"A {labels[0]}, and some of its numbers")

# %%
# Here are the first 32 digits, each with its label.

fig = plots.digit_grid(images[:32], labels[:32], title="32 digits and their labels")

# %%
# **You can now** answer these questions:
#
# - Why is the mean of the pixels not 0 after ``Normalize((0.5,), (0.5,))``?
# - What does each of the four numbers in the shape of a batch count?
# - Why is the last batch smaller, and how large is it?
#
# **Next, step 2** lays the 28 rows of each image end to end, so that an image becomes
# one vector.

plt.show()
