"""The image scraper of figures: sphinx-gallery calls it after each block of a step.

sphinx-gallery imports this in every build, and needs it only in the process of a step. So the
modules that draw are imported when it is called.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lesson_site.figures import thumbnail

# Which figure shows best what a step is about, where it is not the first. A comment in the script,
# which sphinx-gallery would read, would stay in the download.
CHOSEN = {"01_digits": 2, "09_init": 2}


def figures(_block: object, variables: dict[str, Any], config: Mapping[str, Any]) -> str:
    """Return the figures that a block has opened as a part of the page; save one for the card."""
    from matplotlib import pyplot as plt  # noqa: PLC0415

    from lesson_site.figures import compute_html  # noqa: PLC0415

    step = Path(variables["src_file"]).stem
    parts = []
    for number in plt.get_fignums():
        figure = plt.figure(number)
        parts.append(f"\n.. raw:: html\n\n   {compute_html.html(figure)}\n")
        # sphinx-gallery hands over the same variables after each block of a step.
        variables["figures"] = variables.get("figures", 0) + 1
        if variables["figures"] == CHOSEN.get(step, 1):
            path = thumbnail(config["gallery_dirs"], step)
            path.write_text(compute_html.thumbnail(figure), encoding="utf-8")
    plt.close("all")
    return "".join(parts)
