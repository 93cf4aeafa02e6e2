"""How a figure of Matplotlib becomes a part of a page."""

from pathlib import Path


def thumbnail(pages: str, step: str) -> Path:
    """Return where a step leaves the small picture that stands for it."""
    return Path(pages, "images", "thumb", f"{step}.svg")
