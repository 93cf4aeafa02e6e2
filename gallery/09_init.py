"""
9. Initialise the weights
=========================

Find out which weights a network starts with, replace them, and see what their scale
does.

**You will** read the default from the numbers, fill weights safely, compare scales from
0.001 to 1, choose a scale for a layer, and see what becomes of equal weights.

**You need** the gradients of step 7, and the classes of steps 5 and 7; this page
imports them.
"""

# %%
# A layer draws random weights when it is created. Training starts from them, so it
# matters which ones they are: choosing them is called *initialisation*. Look.

import math

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from mnistlesson import data, plots
from mnistlesson.models import DeepNetwork, Network, softmax
from torch import nn

print(data.in_use())
images, labels = data.first_batch()
inputs = images.flatten(1)

torch.manual_seed(0)
model = DeepNetwork()
print(model.hidden1.weight)

# %%
# Find the default
# ----------------
#
# ``fan_in`` is the number of inputs of a layer. Print, for each layer, the range of its
# weights and its biases.

layers = {"hidden1": model.hidden1, "hidden2": model.hidden2, "output": model.output}
for name, layer in layers.items():
    print(f"{name}: fan_in {layer.in_features}")
    for kind, values in [("weights", layer.weight), ("biases", layer.bias)]:
        print(f"    {kind:<7} from {values.min():.4f} to {values.max():.4f}")

# %%
# The fewer inputs a layer has, the larger its weights. Their bound is ``1 /
# sqrt(fan_in)``: it is never passed, and the weights go right up to it. Every value in
# between is about equally frequent: the histograms are flat. The last one is ragged
# because it counts only 640 weights.

for name, layer in layers.items():
    bound = 1 / math.sqrt(layer.in_features)
    print(f"{name}: bound {bound:.4f}")
    assert 0.95 * bound < layer.weight.abs().max() <= bound
    assert layer.bias.abs().max() <= bound
fig = plots.histograms(
    {name: layer.weight for name, layer in layers.items()},
    xlabel="weight",
    bins=10,
    share_x=False,
    title="Default weights: uniform, up to 1 / sqrt(fan_in)",
)

# %%
# So ``nn.Linear`` draws weights and biases from a *uniform distribution* between ``-1 /
# sqrt(fan_in)`` and ``1 / sqrt(fan_in)``. (In PyTorch's source you find it as
# ``kaiming_uniform_(weight, a=math.sqrt(5))``, which comes to the same, and is not the
# rule of that name below.) The number of outputs plays no part: a layer from 784 to 10
# has the same bound as one from 784 to 128.

ten = nn.Linear(784, 10)
print(f"{ten.weight.abs().max():.4f} and {model.hidden1.weight.abs().max():.4f}")
assert torch.allclose(
    ten.weight.abs().max(), model.hidden1.weight.abs().max(), atol=1e-3
)
torch.manual_seed(0)
nn.init.kaiming_uniform_(ten.weight, a=math.sqrt(5))
torch.manual_seed(0)
assert torch.equal(ten.weight, nn.Linear(784, 10).weight)

# %%
# Replace it
# ----------
#
# The functions of ``nn.init`` fill a tensor in place: that is what their underscore
# says. Set the biases to zero, and draw the weights from a normal distribution with
# standard deviation 0.01.

torch.manual_seed(0)
nn.init.zeros_(model.hidden1.bias)
nn.init.normal_(model.hidden1.weight, std=0.01)
weight, bias = model.hidden1.weight, model.hidden1.bias
print(f"bias:   from {bias.min():.4f} to {bias.max():.4f}")
print(f"weight: mean {weight.mean():.4f}, std {weight.std():.4f}")

# %%
# A tensor's own method does the same, under ``torch.no_grad()``.

by_init = model.hidden1.weight.clone()
torch.manual_seed(0)
with torch.no_grad():
    model.hidden1.weight.normal_(std=0.01)
assert torch.equal(by_init, model.hidden1.weight)

# %%
# Take care with its arguments. Here is the call without the name ``std``.

with torch.no_grad():
    drawn = torch.empty(784, 128).normal_(0.01)
print(f"normal_(0.01): mean {drawn.mean():.2f}, std {drawn.std():.2f}")

# %%
# The first argument is the mean.
#
# Without ``no_grad`` it fails: autograd refuses to change a parameter in place while it
# is recording. In the message, *Variable* is an old name for a tensor that autograd
# knows; a *leaf* is one that you made, not one computed from others.

try:
    model.hidden1.weight.normal_(std=0.01)
except RuntimeError as error:
    print(error)

# %%
# Try many scales
# ---------------
#
# Step 4 found a network that was sure of itself because its weights were large. Now
# measure this over a range of scales. Take the network of step 5, with its sigmoid, and
# give it zero biases and weights from normal distributions of growing standard
# deviation. One network may be an odd one, so make 20 at each scale.


def init_normal(model, std):
    for layer in model.modules():
        if isinstance(layer, nn.Linear):
            nn.init.normal_(layer.weight, std=std)
            nn.init.zeros_(layer.bias)


scales = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]
saturated, top, entropy = torch.zeros(3, 20, len(scales))
model = Network()
for seed in range(20):
    for at, scale in enumerate(scales):
        torch.manual_seed(seed)
        init_normal(model, scale)
        with torch.no_grad():
            hidden = model.sigmoid(model.hidden(inputs))
            probabilities = softmax(model(inputs))
        assert scale > 0.01 or 0.2 < hidden.min() < hidden.max() < 0.8
        saturated[seed, at] = ((hidden < 0.01) | (hidden > 0.99)).float().mean()
        top[seed, at] = probabilities.max(dim=1).values.mean()
        entropy[seed, at] = torch.special.entr(probabilities).sum(dim=1).mean()

print("   std  saturated  top probability  entropy")
means = [measure.mean(dim=0).tolist() for measure in (saturated, top, entropy)]
for line in zip(scales, *means, strict=True):
    print("{:>6} {:>10.0%} {:>16.2f} {:>8.2f}".format(*line))
assert means[0][0] == 0
assert means[0][-1] > 0.75
assert means[2] == sorted(means[2], reverse=True)

# %%
# Small weights leave the network undecided: its highest probability is near 0.1 and the
# entropy near :math:`\log\,10`, the dashed lines below. Large weights make it certain,
# without any reason: it has still not seen a label. The band around each curve reaches
# from the lowest of the 20 networks to the highest.

fig = plots.scale_curves(
    torch.tensor(scales),
    {
        "share saturated": saturated,
        "top probability": top,
        "entropy (nats)": entropy,
    },
    references={"top probability": 0.1, "entropy (nats)": math.log(10)},
    title="Larger weights saturate the units and make the answers confident",
)
assert top[:, 0].max() < 0.11
assert entropy[:, 0].min() > 0.99 * math.log(10)

# %%
# At 0.01, every hidden unit stays near one half, whatever the image. At 1, most sit at
# 0 or 1, where step 7 showed a slope of almost nothing. In between, they tell images
# apart and can still move.
#
# Choose a scale
# --------------
#
# Which scale suits a layer? By the argument of step 4, the variance of a sum is the sum
# of the variances. So a sum of ``fan_in`` products is about ``std * sqrt(fan_in)``
# times as large as one input. With ``std = 1 / sqrt(fan_in)`` it is about as large as
# one input. (The default has this number for its bound, and a smaller ``std``.)
#
# Two rules that you will meet by name follow from this. *Kaiming* (or He)
# initialisation multiplies the variance by 2, because ReLU sets about half of the
# numbers to zero. *Xavier* (or Glorot) initialisation also looks at the way back, on
# which gradients add up over ``fan_out``, the number of outputs, and takes the mean of
# the two. Compare both with the default in the network of step 7.


def sizes_of(model):
    with torch.no_grad():
        hidden1 = F.relu(model.hidden1(inputs))
        hidden2 = F.relu(model.hidden2(hidden1))
        layers = inputs, hidden1, hidden2, model.output(hidden2)
    return [layer.square().mean().sqrt().item() for layer in layers]


print("         input  hidden1  hidden2  logits")
for rule in ("default", "Xavier", "Kaiming"):
    torch.manual_seed(0)
    model = DeepNetwork()
    for layer in (model.hidden1, model.hidden2, model.output):
        if rule == "Xavier":
            nn.init.xavier_normal_(layer.weight)
        if rule == "Kaiming":
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    sizes = sizes_of(model)
    print("{:<8} {:5.2f} {:8.2f} {:8.2f} {:7.2f}".format(rule, *sizes))
    if rule == "default":
        assert sizes[3] < 0.25 * sizes[0]
    if rule == "Kaiming":
        assert 0.7 < sizes[2] / sizes[0] < 1.4

# %%
# These are the typical sizes of the numbers in each layer. With Kaiming's rule they
# stay; with the default they shrink from layer to layer, so that a deep network would
# have little left. Kaiming's rule is the usual one for ReLU, Xavier's for sigmoid and
# tanh. Step 12 measures what the start means for learning.
#
# Follow the scale through the layers
# -----------------------------------
#
# Now the deeper network of step 7. Make it twice, from the same seed, with weights of
# standard deviation 0.01 and 1. The seed fixes the random numbers, and ``std`` only
# multiplies them: one network is the other, times a hundred.

deep = {}
for scale in (0.01, 1.0):
    torch.manual_seed(0)
    deep[scale] = DeepNetwork()
    init_normal(deep[scale], scale)
small, large = deep[0.01], deep[1.0]
assert torch.allclose(100 * small.hidden1.weight, large.hidden1.weight)

with torch.no_grad():
    logits = {scale: network(inputs) for scale, network in deep.items()}
for scale, values in logits.items():
    top = softmax(values).max(dim=1).values.mean()
    print(
        f"std {scale:<4}: logits up to {values.max():7.2g}, top probability {top:.2f}"
    )
print(f"ratio of the logits: {logits[1.0].std() / logits[0.01].std():,.0f}")

# %%
# The logits are not a hundred times larger. Each of the three layers multiplies by a
# hundred once more. The biases are zero, and ReLU lets a positive factor through, so
# nothing else happens on the way.

assert torch.allclose(logits[1.0], 100**3 * logits[0.01], rtol=1e-3, atol=1e-2)

# %%
# The logits of the large network go far above 88.7, where ``exp`` overflows in float32
# (step 4). Without subtracting each row's maximum first, every image gets a NaN among
# its probabilities.

naive = torch.exp(logits[1.0]) / torch.exp(logits[1.0]).sum(dim=1, keepdim=True)
print(f"images with a NaN: {naive.isnan().any(dim=1).float().mean():.0%}")
assert naive.isnan().any(dim=1).all()

# %%
# Why random at all
# -----------------
#
# Give all weights the same value instead, and take ten small steps that raise the mean
# score of the right digits, which ``[range(64), labels]`` picks.

model = Network()
for parameter in model.parameters():
    nn.init.constant_(parameter, 0.001)

for _ in range(10):
    model(inputs)[range(64), labels].mean().backward()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(parameter.grad)
            parameter.grad = None

with torch.no_grad():
    hidden = model.sigmoid(model.hidden(inputs))
spread = hidden.std(dim=1).max()
moved = (model.hidden.weight - 0.001).abs().max()
print(f"largest change of a weight:      {moved:.4f}")
print(f"spread over the 256 units: at most {spread:.4f}")

# %%
# The weights have moved, and the 256 units are still equal: together they can do no
# more than one. All compute the same number, and all get the same gradient, since the
# weights that lead on from them are equal, too. So whatever follows the gradient
# changes them alike. Random weights *break the symmetry*. That is why they are random.

assert moved > 1e-3
assert spread < 1e-5

# %%
# **You can now** answer these questions:
#
# - Which number of a layer decides how large its weights should be, and why?
# - What happens to the hidden units where the weights are much too large?
# - Why can a layer of equal weights not learn to ask different questions?
#
# **Next, step 10** follows one digit through the network, layer by layer.

plt.show()
