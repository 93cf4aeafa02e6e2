"""The site as some read it: with letters twice as large, or without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from support.browsing import OPTIONS, be_patient, browser_path, opened
from support.slow import quick_for

# One page of each kind.
KINDS = [
    *("index.html", "lesson/index.html", "lesson/04_softmax.html", "draw.html", "next.html"),
    *("exercises/index.html", "exercises/softmax.html", "exercises/mistakes/softmax.html"),
    *("errors.html", "glossary.html", "shapes.html", "search.html", "api/data.html"),
]
# Those with most on them.
MOST = ["lesson/04_softmax.html", "draw.html", "exercises/softmax.html", "errors.html"]


@pytest.fixture(scope="module")
def large(browser: Browser) -> Iterator[Browser]:
    """Start a browser whose reader has set letters of twice the usual size."""
    options = [*OPTIONS, "--blink-settings=defaultFontSize=32"]
    browser = browser.browser_type.launch(executable_path=browser_path(), args=options)
    be_patient(browser)
    yield browser
    browser.close()


# What is cut off: wider or higher than the box that hides the rest. What only screen readers get
# is clipped on purpose.
CUT = """() => Array.from(document.querySelectorAll("body *")).filter((element) => {
    if (!element.checkVisibility({ visibilityProperty: true })) return false;
    const { overflowX, overflowY, clipPath } = getComputedStyle(element);
    if (clipPath !== "none") return false;
    return (/hidden|clip/.test(overflowX) && element.scrollWidth > element.clientWidth + 1)
        || (/hidden|clip/.test(overflowY) && element.scrollHeight > element.clientHeight + 1);
}).map((element) => element.outerHTML.slice(0, 100))"""


@pytest.mark.parametrize("name", quick_for(KINDS, MOST))
def test_letters_twice_as_large_fit(large: Browser, served: str, name: str) -> None:
    with opened(large, served + name, viewport={"width": 1280, "height": 900}) as page:
        size = page.evaluate(
            "getComputedStyle(document.querySelector('article :is(p, h1)')).fontSize"
        )
        assert float(size.removesuffix("px")) >= 26
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280
        assert page.evaluate(CUT) == []


@pytest.mark.parametrize("name", quick_for(KINDS, MOST))
def test_without_scripts_no_control_is_shown_that_does_nothing(
    unscripted: Browser, base: str, name: str
) -> None:
    with opened(unscripted, base + name, viewport={"width": 1280, "height": 900}) as page:
        controls = page.locator("body :is(button, input, select, textarea):visible")
        # Those of the menu are the theme's, and need none.
        own = [control.get_attribute("class") for control in controls.all()]
        assert set(own) <= {"toctree-checkbox"}
        assert page.locator("h1:visible").first.inner_text()
