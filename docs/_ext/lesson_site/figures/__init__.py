"""How a figure of Matplotlib becomes a part of a page."""
