"""A real browser and the built site, for the tests that open pages."""

import functools
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from support.site import SITE

# Milliseconds for which a page is waited for, on a busy machine too.
PATIENCE = 120_000
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def browser_path() -> str:
    """Return where the system's browser is."""
    # The first has no window to draw, and opens a page in a third of the time of the others.
    names = (
        *("chromium-headless-shell", "chromium", "chromium-browser"),
        *("google-chrome", "google-chrome-stable", "chrome"),
    )
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        # On a laptop a reason to skip; in CI, which installs one, none.
        (pytest.fail if "CI" in os.environ else pytest.skip)(f"no browser: none of {names}")
    return path


def be_patient(browser: Browser) -> None:
    """Let everything that is waited for take its time: all pages of a browser, and ``expect``."""
    browser.on("context", lambda context: context.set_default_timeout(PATIENCE))
    expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the system's browser."""
    path = browser_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        be_patient(browser)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def unscripted(browser: Browser) -> Iterator[Browser]:
    """Start a browser that runs no scripts, and so shows what stands there instead."""
    options = [*OPTIONS, "--blink-settings=scriptEnabled=false"]
    browser = browser.browser_type.launch(executable_path=browser_path(), args=options)
    be_patient(browser)
    yield browser
    browser.close()


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and keeps no log of it."""

    def log_message(self, *_: object) -> None:
        """Keep none."""


@contextmanager
def serving(folder: Path, how: type[SimpleHTTPRequestHandler] = Quiet) -> Iterator[str]:
    """Serve a folder on this machine, and give its address."""
    handler = functools.partial(how, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """Serve the site, and return its address."""
    with serving(SITE) as address:
        yield address


@pytest.fixture(scope="session", params=[pytest.param("server", marks=pytest.mark.slow), "folder"])
def base(request: pytest.FixtureRequest, served: str) -> str:
    """Return where the site is: in a folder on disk, which may do less; and on a server."""
    return served if request.param == "server" else f"{SITE.as_uri()}/"


@contextmanager
def opened(browser: Browser, address: str, **options: Any) -> Iterator[Page]:  # noqa: ANN401 - as `new_page`
    """Open a page of its own, as Playwright's ``new_page`` does."""
    page = browser.new_page(**options)
    page.goto(address)
    yield page
    page.close()


@pytest.fixture
def pad(browser: Browser, base: str) -> Iterator[Page]:
    """Open the digit pad, from a server and from a folder."""
    with opened(browser, f"{base}draw.html") as page:
        yield page


@pytest.fixture
def hosted(browser: Browser, served: str) -> Iterator[Page]:
    """Open the digit pad from a server."""
    with opened(browser, f"{served}draw.html") as page:
        yield page


@pytest.fixture
def phone(browser: Browser, served: str) -> Iterator[Page]:
    """Open the digit pad on a phone."""
    screen = {"width": 375, "height": 700}
    address = f"{served}draw.html"
    with opened(browser, address, viewport=screen, has_touch=True, is_mobile=True) as page:
        yield page


def violations(page: Page, part: str = "html") -> str:
    """Return which rules of accessibility axe finds broken in a page, or a part: none is well."""
    # It would fetch the page's styles again, which a page on disk may not, and report all that is
    # well, too.
    found = Axe().run(page, part, options={"preload": False, "resultTypes": ["violations"]})
    return str(found.generate_report()) if found.violations_count else ""
