"""How well two colours can be told apart."""

import numpy as np


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, ``#rrggbb``, from 1 to 21, as the WCAG define it."""
    linear = []
    for colour in (one, other):
        rgb = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
        parts = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        linear.append(float(parts @ [0.2126, 0.7152, 0.0722]) + 0.05)
    return max(linear) / min(linear)
