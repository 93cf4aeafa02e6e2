"""The digit pad: draw a digit, and see it read layer by layer."""
