"""The project, and the site as ``make html`` left it."""

import functools
import gc
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

ROOT = Path(__file__).parents[2]
SITE = ROOT / "build" / "html"
STEPS = sorted((ROOT / "gallery").glob("*.py"))
PAGES = sorted(SITE.rglob("*.html"))
# What these show is computed from the digits, and so is what every page of a step shows.
OF_DIGITS = {
    "changes.html",
    "draw.html",
    "errors.html",
    "exercises/predict.html",
    "index.html",
    "next.html",
    "questions.html",
    "shapes.html",
    "silent.html",
}


def page_name(path: Path) -> str:
    """Return a page's name, as its address ends."""
    return path.relative_to(SITE).as_posix()


def of_digits(name: str) -> list[pytest.MarkDecorator]:
    """Return the mark of a test of a page: it is run on other digits where these change it."""
    return [pytest.mark.digits] if name in OF_DIGITS or name.startswith("lesson/") else []


@functools.cache
def page(path: Path | str) -> BeautifulSoup:
    """Return a page of the site, parsed once: all tests share it, and none may change it."""
    # Thousands of objects, which stay: looking through them for garbage takes half of the time.
    gc.disable()
    parsed = BeautifulSoup((SITE / path).read_text(encoding="utf-8"), "html.parser")
    gc.freeze()
    gc.enable()
    return parsed


@functools.cache
def anchors(path: Path | str) -> dict[str, Tag]:
    """Return the elements of a page that have an id."""
    return {str(tag["id"]): tag for tag in page(path).select("[id]")}


def of_step(step: Path) -> BeautifulSoup:
    """Return the page of a step."""
    return page(f"lesson/{step.stem}.html")
