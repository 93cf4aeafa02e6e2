"""The site in a real browser: nothing in its console, nothing asked of anyone else."""

import functools
import os
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

SITE = Path(__file__).parents[1] / "build" / "html"
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the system's browser."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        # On a laptop a reason to skip; in CI, which installs one, none.
        (pytest.fail if "CI" in os.environ else pytest.skip)(f"no browser: none of {names}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield browser
        browser.close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """Serve the site on this machine, and return its address."""
    handler = functools.partial(_Quiet, directory=str(SITE))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(params=["server", "folder"])
def base(request: pytest.FixtureRequest, served: str) -> str:
    """Return where the site is: on a server, and in a folder on disk."""
    return served if request.param == "server" else f"{SITE.as_uri()}/"


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("page", ["index.html", "lesson/04_softmax.html", "api/plots.html"])
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
