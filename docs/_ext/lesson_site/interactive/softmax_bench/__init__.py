"""The softmax bench: choose a way to write softmax, and see what PyTorch answered."""
