"""The site in a real browser: nothing in its console, nothing asked of anyone else."""

import pytest
from playwright.sync_api import Browser


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize(
    "page",
    [
        "index.html",
        "lesson/04_softmax.html",
        "api/index.html",
        "api/plots.html",
        "changes.html",
        "errors.html",
        "glossary.html",
        "questions.html",
        "shapes.html",
        "silent.html",
    ],
)
def test_page_opens(browser: Browser, base: str, page: str, width: int) -> None:
    tab = browser.new_page(viewport={"width": width, "height": 800})
    complaints: list[str] = []
    requests: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("requestfailed", lambda request: complaints.append(request.url))
    tab.on("request", lambda request: requests.append(request.url))

    tab.goto(base + page, wait_until="networkidle")

    assert complaints == []
    assert [url for url in requests if not url.startswith((base, "data:"))] == []
    assert tab.locator("h1").count() == 1
    # Every picture that has been asked for is drawn.
    for image in tab.locator("img").all():
        image.scroll_into_view_if_needed()
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    # A phone shows the page at its own width: what is wider scrolls in its own box.
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.close()
