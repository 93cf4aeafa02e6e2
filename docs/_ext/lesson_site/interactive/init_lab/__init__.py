"""The initialisation lab: a slider over the scale of the weights."""
