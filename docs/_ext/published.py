"""What a site needs at its address: a page for addresses where nothing is, and a map for robots.

A server answers every wrong address with ``404.html``, also one many folders deep, from where
relative links lead nowhere. So on that page the address of the site stands before each link. Where
the address is not known, the page is plain text with one link: it needs no file, so none can be
missing, and ``index.html`` leads somewhere from each folder of the site that has one.
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.sax.saxutils import escape

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

_MAP = """\
<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{}
</urlset>
"""


def _missing(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], _: object
) -> str | None:
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


def _publish(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.name != "html":
        return
    site, folder = app.config.html_baseurl, Path(app.outdir)
    robots, sitemap = folder / "robots.txt", folder / "sitemap.xml"
    if not site:  # nor any that an earlier build knew
        robots.unlink(missing_ok=True)
        sitemap.unlink(missing_ok=True)
        return
    pages = [site + app.builder.get_target_uri(page) for page in sorted(app.env.found_docs)]
    entries = "\n".join(f"<url><loc>{escape(page)}</loc></url>" for page in pages)
    sitemap.write_text(_MAP.format(entries), encoding="utf-8")
    robots.write_text(f"User-agent: *\nAllow: /\n\nSitemap: {site}sitemap.xml\n", encoding="utf-8")
    missing = folder / "404.html"
    missing.write_text(rooted(missing.read_text(encoding="utf-8"), site), encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Choose the page's form, and write the rest when all pages are there."""
    app.connect("html-page-context", _missing)
    app.connect("build-finished", _publish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
