"""
4. Turn scores into probabilities
=================================

Write softmax, avoid its two classic traps, and measure how sure an untrained network is
of its answers.

**You will** turn ten scores into a probability distribution, sum along the right axis,
keep large scores from overflowing, and measure how confident random weights are.

**You need** the network of step 3; this page imports it.
"""

# %%
# The network of step 3 gives ten scores for each image. They can be any numbers. We
# want a *probability distribution* over the ten digits, the *classes* between which the
# network chooses: ten numbers from 0 to 1 that sum to 1.

import math

import matplotlib.pyplot as plt
import torch
from mnistlesson import data, plots
from mnistlesson.models import raw_mlp, raw_parameters

print(data.in_use())
images, labels = data.first_batch()
inputs = images.flatten(1)
torch.manual_seed(0)
parameters = raw_parameters()
out = raw_mlp(inputs, *parameters)
print(out.shape)

# %%
# The formula
# -----------
#
# Two operations lead from scores :math:`x_1, \ldots, x_K` to probabilities. The
# exponential makes every number positive, and division by the sum makes them sum to 1.
# Together they are *softmax*:
#
# .. math::
#    \text{softmax}(x)_i = \frac{e^{x_i}}{e^{x_1} + e^{x_2} + \ldots + e^{x_K}}
#
# Try it on three scores, and compare each probability with the first.

scores = torch.tensor([1.0, 2.0, 3.0])
exps = torch.exp(scores)
probabilities = exps / exps.sum()
print("times the first:", probabilities / probabilities[0])
fig = plots.bar_charts(
    {"scores": scores, "exponentials": exps, "probabilities": probabilities},
    xlabel="class",
    title="From scores to probabilities",
)
assert torch.allclose(probabilities.sum(), torch.tensor(1.0))

# %%
# Why the exponential, when other functions make numbers positive and keep their order,
# too? It turns a *difference* of scores into a *ratio* of probabilities. A score that
# is higher by 1 gets :math:`e` times the probability, wherever the two scores lie; one
# that is higher by 2 gets :math:`e^2` times as much.

assert torch.allclose(probabilities[1:] / probabilities[:-1], torch.tensor(math.e))
assert torch.allclose(probabilities[2] / probabilities[0], torch.tensor(math.e**2))

# %%
# So only differences count. Add 100 to every score, and the probabilities stay:
# :math:`e^{x + 100} = e^{100} e^x`, and the factor :math:`e^{100}`, which stands in
# every term of the fraction, cancels.

assert torch.allclose(torch.softmax(scores, dim=0), torch.softmax(scores + 100, dim=0))

# %%
# Sum along the right axis
# ------------------------
#
# A batch needs one sum for each row. ``sum`` takes the axis to add along, ``dim``. That
# axis is the one that disappears.

small = torch.tensor([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
print("dim=0", small.sum(dim=0), "shape", tuple(small.sum(dim=0).shape))
print("dim=1", small.sum(dim=1), "shape", tuple(small.sum(dim=1).shape))

# %%
# ``dim=1`` gives one sum for each row, as we need. Now divide.

exps = torch.exp(out)
sums = exps.sum(dim=1)
try:
    exps / sums
except RuntimeError as error:
    print(tuple(exps.shape), "/", tuple(sums.shape))
    print(error)

# %%
# Broadcasting lines shapes up at the right, so it set the 10 scores of a row against
# the 64 sums. Now do the same with a batch of ten images.

ten = exps[:10]
result = ten / ten.sum(dim=1)
print(tuple(ten.shape), "/", tuple(ten.sum(dim=1).shape), "=", tuple(result.shape))
print("row sums:", [f"{total:.1g}" for total in result.sum(dim=1).tolist()])

# %%
# Here you get no error, and wrong numbers: each *column* was divided by the sum of the
# row of the same number. Only the diagonal is right. ``keepdim=True`` keeps the
# summed axis with length 1. The sums then have shape (64, 1), and each belongs to its
# row, whatever the batch size.

sums = exps.sum(dim=1, keepdim=True)
print(tuple(exps.shape), "/", tuple(sums.shape), "=", tuple((exps / sums).shape))


def naive_softmax(x):
    exps = torch.exp(x)
    return exps / exps.sum(dim=1, keepdim=True)


row_sums = naive_softmax(out).sum(dim=1)
print("row sums:", row_sums[:5])
assert torch.allclose(row_sums, torch.ones(64))
assert not torch.allclose(result.sum(dim=1), torch.ones(10), atol=0.1)
assert torch.allclose(result.diagonal(), naive_softmax(out[:10]).diagonal())

# %%
# Keep it from overflowing
# ------------------------
#
# The formula is right, but the code has a limit. PyTorch stores each of these numbers
# in 32 bits, as a ``float32``, and there is a largest one. The exponential passes it
# above the score that is its logarithm, which is called *overflow*.

largest = torch.finfo(torch.float32).max
print(f"largest float32: {largest:.2g}, its logarithm: {math.log(largest):.2f}")

# %%
# Beyond it, ``exp`` gives infinity, and infinity divided by infinity is not a number.

print(torch.exp(torch.tensor([88.0, 89.0])))
large = torch.tensor([[1000.0, 1001.0], [0.0, 1.0]])
print(naive_softmax(large))
assert naive_softmax(large)[0].isnan().all()

# %%
# The repair uses what you saw above: only differences count. Subtract the highest score
# of the row. Then the largest exponential is :math:`e^0 = 1`, and nothing overflows.
# ``max`` along an axis gives a pair, the values and where they are.


def softmax(x):
    shifted = x - x.max(dim=1, keepdim=True).values
    exps = torch.exp(shifted)
    return exps / exps.sum(dim=1, keepdim=True)


print(softmax(large))

# %%
# It must be the row's own highest score. The highest of the whole batch saves the first
# row and ruins the second: its exponentials all become 0, and 0 divided by 0 is not a
# number either.

print(naive_softmax(large - large.max()))
assert naive_softmax(large - large.max())[1].isnan().all()

# %%
# PyTorch's own softmax does what ours does.

probabilities = softmax(out)
assert torch.allclose(probabilities, torch.softmax(out, dim=1), atol=1e-6)
assert torch.allclose(softmax(large), torch.softmax(large, dim=1))

# %%
# Its ``dim`` is the axis along which the results sum to 1. With ``dim=1``, the ten
# digits compete for each image. With ``dim=0``, the 64 images compete for each digit:
# there is no error, and the shape is the same, but a row is no longer a distribution
# over the digits.

for dim in (0, 1):
    row_sums = torch.softmax(out, dim=dim).sum(dim=1)
    print(f"dim={dim}: rows sum to {row_sums.min():.2f} up to {row_sums.max():.2f}")
assert torch.softmax(out, dim=0).sum(dim=1).min() < 0.5

# %%
# Measure how sure it is
# ----------------------
#
# Softmax is complete. What does it say of our network, which has learnt from no digit?
# Measure the highest probability of each image, averaged over the batch, and the share
# of right answers.

top, answers = probabilities.max(dim=1)
right = (answers == labels).float().mean()
print(f"mean highest probability: {top.mean():.2f}")
print(f"share of right answers:   {right:.2f}")

# %%
# You might have expected about equal probabilities, 0.1 for each. But it is sure of its
# answers, and most of them are wrong. Those that are right are so by chance.
#
# A second measure is the *entropy*, the sum of :math:`-p \,\log\, p` over the ten
# probabilities, which ``torch.special.entr`` computes. It is 0 for a network that is
# certain, and :math:`\log\, 10` for one that gives each digit the same probability.
# :math:`e` to the power of the entropy says, so to speak, between how many digits the
# network hesitates: from 1 to 10.

assert top.mean() > 0.7
assert right < 0.35
entropy = torch.special.entr(probabilities).sum(dim=1)
print(f"mean entropy: {entropy.mean():.2f} of at most {math.log(10):.2f}")
print(f"it hesitates between {entropy.mean().exp():.1f} digits")
assert entropy.mean().exp() < 2

# %%
# Here is one image where it is sure and wrong.

surest = (top * (answers != labels)).argmax()
fig = plots.view_classify(
    images[surest],
    probabilities[surest],
    title=f"Untrained and sure: a {labels[surest]}, read as {answers[surest]}",
)
assert top[surest] > 0.9

# %%
# Where does the confidence come from? Follow the numbers through the layers. A hidden
# unit is called *saturated* where its sigmoid is very near an end: here, below 0.01 or
# above 0.99. ``norm`` is the length of a vector: the root of the sum of its squares.

w1, b1, w2, b2 = parameters
weighted = inputs @ w1 + b1
hidden = torch.sigmoid(weighted)
saturated = ((hidden < 0.01) | (hidden > 0.99)).float().mean()
print(f"length of an input vector:  {inputs.norm(dim=1).mean():5.1f}")
print(f"std before the sigmoid:     {weighted.std():5.1f}")
print(f"saturated hidden units:     {saturated:5.0%}")
print(f"std of the scores:          {out.std():5.1f}")
assert abs(weighted.std() / inputs.norm(dim=1).mean() - 1) < 0.1
assert saturated > 0.75

# %%
# A hidden unit adds 784 products of a pixel and a weight. How far does such a sum
# spread? The *variance*, the square of the standard deviation, of a sum of independent
# numbers is the sum of their variances. A weight of variance 1, times a pixel
# :math:`x`, has the variance :math:`x^2`. So the variance of the sum is the sum of all
# :math:`x^2`, and its root, the standard deviation, is the length of the input vector.
# That is why the first two lines are about equal.
#
# The sigmoid of such large numbers is nearly 0 or nearly 1: most units are saturated.
# The output layer adds 256 of these, the scores end up far apart, and softmax turns
# distance into certainty. In the figure, each panel has scales of its own.

fig = plots.histograms(
    {"before the sigmoid": weighted, "after the sigmoid": hidden, "scores": out},
    xlabel="value",
    share_x=False,
    title="Weights of standard deviation 1 saturate the hidden units",
)

# %%
# So the confidence comes from the *scale* of the weights. Make every weight and bias a
# hundred times smaller.

quiet = softmax(raw_mlp(inputs, *(0.01 * parameter for parameter in parameters)))
quiet_entropy = torch.special.entr(quiet).sum(dim=1)
print(f"mean highest probability: {quiet.max(dim=1).values.mean():.2f}")
print(f"it hesitates between {quiet_entropy.mean().exp():.1f} digits")
assert quiet.max(dim=1).values.mean() < 0.15
assert quiet_entropy.mean().exp() > 9.5

# %%
# Now the probabilities are about equal. The network knows as little as before, but it
# no longer looks certain. Keep this in mind: a probability from softmax is only as good
# as the scores that went in. Step 9 comes back to the scale of the weights.
#
# **You can now** answer these questions:
#
# - The scores of two digits differ by 2. By which factor do their probabilities differ?
# - When does ``exps / exps.sum(dim=1)`` raise an error, and when is it wrong without
#   one?
# - Why does the scale of its weights decide how sure an untrained network is?
#
# **Next, step 5** writes the network of step 3 as PyTorch programs do.

plt.show()
