"""The sitemap, and ``robots.txt``, which names it, where the address of the site is known."""

from pathlib import Path
from xml.sax.saxutils import escape

from sphinx.application import Sphinx

_SITEMAP = """\
<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{}
</urlset>
"""


def _write(app: Sphinx, error: Exception | None) -> None:
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
    sitemap.write_text(_SITEMAP.format(entries), encoding="utf-8")
    robots.write_text(f"User-agent: *\nAllow: /\n\nSitemap: {site}sitemap.xml\n", encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Write them when all pages are there."""
    app.connect("build-finished", _write)
