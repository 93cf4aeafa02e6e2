"""The page for addresses where nothing is: ``404.html``.

A server answers every wrong address with it, also one many folders deep, from where relative links
lead nowhere. So on that page the address of the site stands before each link. Where the address is
not known, the page is plain text with one link: it needs no file, so none can be missing, and
``index.html`` leads somewhere from each folder of the site that has one.
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from sphinx.application import Sphinx


def _choose(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], _: object
) -> str | None:
    """Choose the template, by whether the site's address is known."""
    if page != "404":
        return None
    context["title"] = "Page not found"
    context["pageurl"] = None  # it stands for many addresses
    return None if app.config.html_baseurl else "404_plain.html"


def rooted(page: str, site: str) -> str:
    """Return a page with the path of the site before each of its relative links."""
    root = urlsplit(site).path

    def absolute(match: re.Match[str]) -> str:
        return f'{match[1]}="{urljoin(root, match[2])}"'

    # Neither a place on the page itself nor an address with a scheme.
    links = r'(\s(?:href|src|action|data-content_root))="(?!#|[a-z]+:)([^"]*)"'
    return re.sub(links, absolute, page)


def _root(app: Sphinx, error: Exception | None) -> None:
    page = Path(app.outdir, "404.html")
    if not error and app.builder.name == "html" and app.config.html_baseurl:
        text = rooted(page.read_text(encoding="utf-8"), app.config.html_baseurl)
        page.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Choose the page's form, and complete its links when it is written."""
    app.connect("html-page-context", _choose)
    app.connect("build-finished", _root)
