"""
9. Initialise the weights
=========================

Find out what the default initialisation is, replace it, and see what the scale of the
weights does.

**You will** read the default from the numbers, fill weights safely, compare scales from
0.001 to 1, and see why equal weights stay equal.

**You need** the classes of steps 5 and 7; this page imports them.
"""

# %%
# A layer draws random weights when it is created. Which ones? Look.

import math
import textwrap

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
# weights and its biases beside ``1 / sqrt(fan_in)``.

layers = {"hidden1": model.hidden1, "hidden2": model.hidden2, "output": model.output}
for name, layer in layers.items():
    bound = 1 / math.sqrt(layer.in_features)
    print(f"{name}: fan_in {layer.in_features}, bound {bound:.4f}")
    for kind, values in [("weights", layer.weight), ("biases", layer.bias)]:
        print(f"    {kind:<7} from {values.min():.4f} to {values.max():.4f}")
        assert values.abs().max() <= bound
    assert layer.weight.abs().max() > 0.95 * bound

# %%
# The bound is never passed, and the weights go right up to it. Every value in between
# is about equally frequent: the histograms are flat. The last one is ragged because it
# counts only 640 weights.

fig = plots.histograms(
    {name: layer.weight for name, layer in layers.items()},
    xlabel="weight",
    bins=10,
    share_x=False,
    title="Default weights: uniform, up to 1 / sqrt(fan_in)",
)

# %%
# So ``nn.Linear`` draws weights and biases from a *uniform distribution* between ``-1 /
# sqrt(fan_in)`` and ``1 / sqrt(fan_in)``. The number of outputs plays no part: a layer
# from 784 to 10 has the same bound as one from 784 to 128.

ten = nn.Linear(784, 10)
print(f"{ten.weight.abs().max():.4f} and {model.hidden1.weight.abs().max():.4f}")
assert torch.allclose(
    ten.weight.abs().max(), model.hidden1.weight.abs().max(), atol=1e-3
)

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
# Take care with its arguments. The first one is the mean.

with torch.no_grad():
    oops = torch.empty(784, 128).normal_(0.01)
print(f"normal_(0.01): mean {oops.mean():.2f}, std {oops.std():.2f}")

# %%
# Without ``no_grad`` it fails: autograd refuses to change a parameter that it records.
# In the message, *Variable* is an old name for a tensor that autograd knows; a *leaf*
# is one that you made, not one computed from others.

try:
    model.hidden1.weight.normal_(std=0.01)
except RuntimeError as error:
    print(error)

# %%
# Why not .data
# -------------
#
# Older code writes ``model.hidden1.weight.data.normal_()``. It gets around the watch,
# and that is the trouble. Here is a parameter of 3, and its square. The gradient of
# :math:`w^2` is :math:`2 w`, so 6. Now change the parameter between the forward and the
# backward pass.

w = nn.Parameter(torch.tensor(3.0))
square = w * w
w.data.fill_(10.0)
square.backward()
print("with .data the gradient is", w.grad.item())
assert w.grad == 20

# %%
# 20 is wrong, and there was no error. The same edit under ``no_grad`` is noticed.

w = nn.Parameter(torch.tensor(3.0))
square = w * w
with torch.no_grad():
    w.fill_(10.0)
try:
    square.backward()
except RuntimeError as error:
    print(textwrap.fill(str(error).split(";")[0], 80))

# %%
# Try many scales
# ---------------
#
# Step 4 found a network that was sure of itself because its weights were large. Now
# measure this over a range of scales. Take the network of step 5, with its sigmoid, and
# give it zero biases and weights from normal distributions of growing standard
# deviation. (The last one is that of step 4, with other random numbers and without
# biases.)


def init_normal(model, std):
    for layer in model.modules():
        if isinstance(layer, nn.Linear):
            nn.init.normal_(layer.weight, std=std)
            nn.init.zeros_(layer.bias)


scales = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]
measures = {"share saturated": [], "top probability": [], "entropy (nats)": []}
hidden_by_scale = {}
model = Network()

print(f"{'std':>6} {'saturated':>10} {'top probability':>16} {'entropy':>8}")
for scale in scales:
    torch.manual_seed(0)
    init_normal(model, scale)
    with torch.no_grad():
        hidden = model.sigmoid(model.hidden(inputs))
        probabilities = softmax(model(inputs))
    saturated = ((hidden < 0.01) | (hidden > 0.99)).float().mean().item()
    top = probabilities.max(dim=1).values.mean().item()
    entropy = torch.special.entr(probabilities).sum(dim=1).mean().item()
    print(f"{scale:>6} {saturated:>10.0%} {top:>16.2f} {entropy:>8.2f}")
    for values, value in zip(measures.values(), (saturated, top, entropy), strict=True):
        values.append(value)
    hidden_by_scale[scale] = hidden

# %%
# Compare the first lines with what ten equal probabilities would give:

print(f"top probability {0.1:.2f}, entropy {math.log(10):.2f}")

fig = plots.scale_curves(
    torch.tensor(scales),
    {name: torch.tensor(values) for name, values in measures.items()},
    title="Larger weights saturate the units and make the answers confident",
)
assert measures["share saturated"][0] == 0
assert measures["share saturated"][-1] > 0.75
assert measures["entropy (nats)"] == sorted(measures["entropy (nats)"], reverse=True)

# %%
# Small weights leave the network undecided. Large ones make it certain, without any
# reason: it has still not seen a label. Look at the hidden units at three of the
# scales.

fig = plots.histograms(
    {f"weights of std {scale}": hidden_by_scale[scale] for scale in (0.01, 0.1, 1.0)},
    xlabel="output of a hidden unit",
    title="Hidden units under three scales of weights",
)
assert 0.2 < hidden_by_scale[0.01].min() < hidden_by_scale[0.01].max() < 0.8

# %%
# At 0.01, every unit stays near one half, whatever the image. At 1, most sit at 0 or 1,
# where step 7 showed a slope of almost nothing. In between, they tell images apart and
# can still move. A standard deviation of ``1 / sqrt(fan_in)`` suits the layer: a sum of
# 784 products is then about as large as one input. (The default has this number for its
# *bound*; its standard deviation is smaller.)

std = 1 / math.sqrt(784)
torch.manual_seed(0)
init_normal(model, std)
with torch.no_grad():
    weighted = model.hidden(inputs)
print(f"std of the weights {std:.4f}")
print(f"typical size of an input {inputs.square().mean().sqrt():.2f}")
print(f"typical size of a sum    {weighted.square().mean().sqrt():.2f}")
assert 0.8 < weighted.square().mean().sqrt() / inputs.square().mean().sqrt() < 1.25
assert nn.Linear(784, 256).weight.std() < 0.7 * std

# %%
# Depth multiplies the scale
# --------------------------
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

# %%
# The logits are not a hundred times larger. Each of the three layers multiplies by a
# hundred once more. The biases are zero, and ReLU lets a positive factor through, so
# nothing else happens on the way.

ratio = logits[1.0].std() / logits[0.01].std()
print(f"ratio of the logits: {ratio:,.0f}")
assert torch.allclose(logits[1.0], 100**3 * logits[0.01], rtol=1e-3, atol=1e-2)

# %%
# The logits of the large network go far above 88.7, where ``exp`` overflows in float32
# (step 4). Leave the maximum in, and every image has a NaN among its probabilities.

naive = torch.exp(logits[1.0]) / torch.exp(logits[1.0]).sum(dim=1, keepdim=True)
print(f"images with a NaN: {naive.isnan().any(dim=1).float().mean():.0%}")
assert naive.isnan().any(dim=1).all()

# %%
# Why random at all
# -----------------
#
# Give all weights the same value instead. Then all hidden units compute the same thing,
# and get the same gradient, so that each training step changes them alike. Take ten
# such steps. (Step 11 explains the loop.)

model = Network()
for parameter in model.parameters():
    nn.init.constant_(parameter, 0.001)

optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(10):
    loss = F.cross_entropy(model(inputs), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

with torch.no_grad():
    hidden = model.sigmoid(model.hidden(inputs))
spread = hidden.std(dim=1).max()
moved = (model.hidden.weight - 0.001).abs().max()
print(f"largest change of a weight:      {moved:.4f}")
print(f"spread over the 256 units: at most {spread:.0e}")
assert moved > 1e-4
assert spread < 1e-5

# %%
# The weights moved, and the 256 units are still twins: as good as one. Random weights
# *break the symmetry*. That is why they are random.
#
# **Next, step 10** follows one digit through the network, layer by layer.

plt.show()
