"""The picture that those who show a link to a page are given: a digit and the lesson's title."""

import io
import textwrap

from matplotlib import pyplot as plt
from mnistlesson import data

from lesson_site.html.meta_tags import SocialCard


def make(title: str) -> bytes:
    """Draw a digit and the title, as PNG."""
    images, _ = data.first_batch()
    card = SocialCard()
    figure = plt.figure(figsize=(card.width / 100, card.height / 100), dpi=100, facecolor="white")
    digit = figure.add_axes((0.04, 0.14, 0.378, 0.72))
    digit.imshow(images[0].squeeze().numpy(), cmap="Greys_r")
    digit.set_axis_off()
    lines = "\n".join(textwrap.wrap(title, width=16))
    figure.text(0.47, 0.5, lines, fontsize=44, weight="bold", va="center", linespacing=1.4)
    content = io.BytesIO()
    figure.savefig(content, format="png", metadata={"Software": None})
    return content.getvalue()
