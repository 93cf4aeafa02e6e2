"""A verdict in a notebook, which has no style sheet of ours: the same object, light and dark."""

from collections.abc import Iterator

import pytest
from mnistlesson.check import Level, Verdict
from playwright.sync_api import Browser, Page

from support.browsing import violations

# Paper, ink and links of JupyterLab's and of VS Code's themes.
NOTEBOOKS = {
    "JupyterLab, light": ("#ffffff", "#212121", "#1565c0"),
    "JupyterLab, dark": ("#111111", "#ffffff", "#64b5f6"),
    "VS Code, light": ("#ffffff", "#3b3b3b", "#005fb8"),
    "VS Code, dark": ("#1f1f1f", "#cccccc", "#4daafc"),
}
VERDICTS = [
    Verdict("softmax", level, "softmax-sign", "It is so.", ("a b " * 60, "c"), see="error-nan")
    for level in Level
]


@pytest.fixture(params=NOTEBOOKS)
def notebook(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open a page with the colours of a notebook, and a verdict of each level on it."""
    paper, ink, link = NOTEBOOKS[request.param]
    page = browser.new_page(viewport={"width": 600, "height": 900})
    shown = "".join(verdict._repr_html_() for verdict in VERDICTS)
    page.set_content(
        f"""<!doctype html><html lang="en"><title>A notebook</title>
        <style>body {{ background: {paper}; color: {ink} }} a {{ color: {link} }}</style>
        <main><h1>Cells</h1>{shown}</main></html>"""
    )
    yield page
    page.close()


def test_all_of_a_verdict_can_be_read(notebook: Page) -> None:
    assert notebook.locator(".verdict").count() == len(Level)
    assert violations(notebook) == ""


def test_a_verdict_fits_and_has_a_colour_of_its_own(notebook: Page) -> None:
    assert notebook.evaluate("document.documentElement.scrollWidth") <= 600
    look = """marks => marks.map((mark) => {
        const { backgroundColor } = getComputedStyle(mark);
        return [backgroundColor, getComputedStyle(mark.closest(".verdict")).borderTopColor];
    })"""
    colours = notebook.eval_on_selector_all(".verdict-mark", look)
    assert all(mark == frame for mark, frame in colours)
    assert len({mark for mark, _ in colours}) == len(Level)
