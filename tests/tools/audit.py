"""Audit every page of the built site with Lighthouse and axe: ``make site-audit``.

Needs Node.js, whose ``npx`` fetches Lighthouse, and Chromium. Prints a table, and ends with an
error where a page is under the bars. Arguments, if any, name the pages to audit.
"""

import gzip
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, sync_playwright

from support.browsing import OPTIONS, browser_path, serving, violations
from support.site import PAGES, SITE, page_name

LIGHTHOUSE = "lighthouse@13.5.0"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
KILOBYTES = 120
FORMS: tuple[Literal["phone", "desktop"], ...] = ("phone", "desktop")
# A page of search results is not to be indexed, which costs it points.
NOT_INDEXED = {"search.html": "seo", "404.html": "seo"}


class Compressing(SimpleHTTPRequestHandler):
    """Sends text compressed, as hosts of static sites do."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send a file."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        content = path.read_bytes()
        self.send_response(HTTPStatus.OK)
        kind = self.guess_type(path)
        self.send_header("Content-Type", kind)
        if kind.startswith("text/") or kind.endswith(("json", "javascript", "svg+xml")):
            content = gzip.compress(content)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "max-age=31536000")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Keep no log."""


def lighthouse(url: str, form: str) -> dict[str, Any]:
    """Return Lighthouse's report on a page."""
    flags = ["--headless=new", *OPTIONS]
    command = ["npx", "--yes", LIGHTHOUSE, url, "--output=json", "--quiet"]
    command += [f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={' '.join(flags)}"]
    command += ["--preset=desktop"] if form == "desktop" else []
    environment = os.environ | {"CHROME_PATH": browser_path()}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        raise RuntimeError(f"Lighthouse failed on {url}: {result.stderr[-2000:]}")
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def broken_rules(browser: Browser, url: str, form: str) -> str:
    """Return what axe finds on a page, light and dark."""
    found = ""
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        page = browser.new_page(
            viewport={"width": 375 if form == "phone" else 1280, "height": 800},
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        page.goto(url)
        found += violations(page)
        page.close()
    return found


def faults(page: str, report: dict[str, Any], axe: str) -> Iterator[str]:
    """Say where a page is under the bars."""
    for name in CATEGORIES:
        score = report["categories"][name]["score"]
        if score < 1 and NOT_INDEXED.get(page) != name:
            failed = [
                audit["id"]
                for reference in report["categories"][name]["auditRefs"]
                if reference["weight"]
                and (audit := report["audits"][reference["id"]])["score"] not in {None, 1}
            ]
            yield f"{name} {score:.0%}: {', '.join(failed)}"
    if shift := report["audits"]["cumulative-layout-shift"]["numericValue"]:
        yield f"layout shift {shift:.3f}"
    weight = report["audits"]["total-byte-weight"]["numericValue"] / 1000
    if weight > KILOBYTES:
        yield f"{weight:.0f} kB"
    if axe:
        yield f"axe: {axe}"


def row(page: str, form: str, report: dict[str, Any]) -> str:
    """Return a page's row of the table."""
    scores = (report["categories"][name]["score"] for name in CATEGORIES)
    seconds, shift, size = (
        report["audits"][name]["numericValue"]
        for name in ("largest-contentful-paint", "cumulative-layout-shift", "total-byte-weight")
    )
    cells = "".join(f"{100 * score:6.0f}" for score in scores)
    return f"{page:36} {form:7} {cells} {seconds / 1000:6.1f} s {shift:7.3f} {size / 1000:5.0f} kB"


def audit(pages: Sequence[str]) -> int:
    """Print a row for each page and form, then its faults; return how many have some."""
    print(f"{'page':36} {'form':7}   perf  a11y  best   seo      LCP   shift  weight")
    wrong = 0
    with serving(SITE, Compressing) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=OPTIONS)
        for page, form in itertools.product(pages, FORMS):
            report = lighthouse(address + page, form)
            print(row(page, form, report), flush=True)
            found = list(faults(page, report, broken_rules(browser, address + page, form)))
            wrong += bool(found)
            for fault in found:
                print(f"    {fault}", flush=True)
    return wrong


if __name__ == "__main__":
    sys.exit(min(1, audit(sys.argv[1:] or [page_name(page) for page in PAGES])))
