"""What a page tells of itself, and what the site has where its address is known."""

import functools
import re
import shutil
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from bs4 import Tag
from playwright.sync_api import Browser, Page
from sphinx.errors import ConfigError
from sphinx.testing.util import SphinxTestApp

from lesson_site.html.meta_tags import LONGEST, shorten
from support.site import PAGES, ROOT, SITE, page_name
from support.site import page as soup

ADDRESS = "https://lesson.example.org/digits/"
REPOSITORY = "https://github.com/OWNER/NAME"
GENERATED = {"404", "genindex", "search"}
CONF = f"""\
extensions = [
    "lesson_site.html.site_urls",
    "lesson_site.html.meta_tags",
    "lesson_site.html.not_found",
    "lesson_site.html.sitemap",
    "lesson_site.html.theme_strings",
    "lesson_site.downloads.directives",
]
project = "A site"
html_theme = "furo"
html_baseurl = "{ADDRESS.rstrip("/")}"
repository = "{REPOSITORY}/"
html_static_path = ["{ROOT / "docs" / "_static"}"]
templates_path = ["templates", "{ROOT / "docs/_ext/lesson_site/html/templates"}"]
html_additional_pages = {{"404": "404.html"}}
"""
# Of the site's own page the parts under test; the rest speaks of digits and versions.
PAGE = """\
{% extends "!page.html" %}
{% block site_meta %}{{ super() }}{% include "meta.html" %}{% endblock %}
{% block content %}{{ super() }}{% include "launch.html" %}{% endblock %}
"""
FILES = {
    "conf.py": CONF,
    "templates/page.html": PAGE,
    "downloads/mnistlesson-1.0-py3-none-any.whl": "",
    "downloads/lesson.zip": "",
    "index.rst": "Home\n====\n\nHello, reader.\n\n.. install::\n.. downloads::\n\n"
    ".. toctree::\n\n   lesson/index\n   lesson/01_digits\n   exercises/index\n",
    "lesson/index.rst": "Steps\n=====\n",
    "lesson/01_digits.rst": "1. Load\n=======\n\nGet images.\n",
    "exercises/index.rst": "Exercises\n=========\n",
}


def build(folder: Path, **changed: str) -> Path:
    """Build a small site from :data:`FILES`, and return the folder of its pages."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    app = SphinxTestApp(srcdir=folder, confoverrides=changed, warningiserror=True)
    app.build()
    app.cleanup()
    assert app.warning.getvalue() == ""
    return Path(app.outdir)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site that knows its address and its repository."""
    return build(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="module")
def nameless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the same site without either."""
    return build(tmp_path_factory.mktemp("nameless"), html_baseurl="", repository="")


def meta(path: Path) -> dict[str, str]:
    """Return what a page says of itself; it may say each thing once."""
    tags = soup(path).select("meta[content]")
    names = [str(tag.get("name") or tag.get("property")) for tag in tags]
    told = [name for name in names if name == "description" or name.startswith("og:")]
    assert len(told) == len(set(told))
    return dict(zip(names, (str(tag["content"]) for tag in tags), strict=True))


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_page_describes_itself(page: Path) -> None:
    told = meta(page)
    text = told["description"]
    assert 20 <= len(text) <= LONGEST
    assert text[-1] in ".!?…"
    assert told["og:description"] == text
    assert told["og:title"]
    assert told["og:type"] == ("website" if page == SITE / "index.html" else "article")
    # What it says, the page says: whole words of it, in that order.
    if page.stem not in GENERATED:
        body = soup(page).select_one("article")
        assert isinstance(body, Tag)
        shown = re.sub(r"\s+", " ", body.get_text())
        assert re.search(re.escape(text[:-1]) + r"(?!\w)", shown)


def test_no_two_pages_describe_themselves_alike() -> None:
    texts = [meta(page)["description"] for page in PAGES]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("One.  Two\nlines.", "One. Two lines."),
        ("One. And then:", "One."),
        ("Only this:", "Only this."),
        ("A version 2.5 counts as one. " + "x" * 150 + ".", "A version 2.5 counts as one."),
        ("word, " * 40, "word, " * 25 + "word…"),
    ],
)
def test_a_description_is_whole_sentences_or_words(text: str, short: str) -> None:
    assert shorten(text) == short
    assert len(short) <= LONGEST


def test_a_site_without_an_address_names_none(nameless: Path) -> None:
    for page in nameless.rglob("*.html"):
        assert not {"og:url", "og:image"} & set(meta(page))
        assert not soup(page).select("link[rel=canonical]")
        assert not soup(page).select(".launch")
    assert not {"sitemap.xml", "robots.txt"} & {path.name for path in nameless.iterdir()}
    text = soup(nameless / "index.html").get_text()
    assert "$ pip install mnistlesson-1.0-py3-none-any.whl" in text


def test_pages_name_their_address_and_a_picture(published: Path) -> None:
    told = meta(published / "lesson" / "01_digits.html")
    assert told["og:url"] == f"{ADDRESS}lesson/01_digits.html"
    picture = (SITE / told["og:image"].removeprefix(ADDRESS)).read_bytes()
    assert picture.startswith(b"\x89PNG")
    size = tuple(int.from_bytes(picture[at : at + 4]) for at in (16, 20))
    assert size == (int(told["og:image:width"]), int(told["og:image:height"]))
    assert len(picture) < 50_000
    assert told["og:image:alt"]


def test_the_line_that_installs_names_the_site(published: Path) -> None:
    text = soup(published / "index.html").get_text()
    assert f"$ pip install {ADDRESS}mnistlesson-1.0-py3-none-any.whl" in text


def test_robots_find_every_page(published: Path) -> None:
    tree = ET.parse(published / "sitemap.xml").getroot()  # noqa: S314 - our own build wrote it
    pages = [published / str(loc.text).removeprefix(ADDRESS) for loc in tree.iter() if loc.text]
    written = {p for p in published.rglob("*.html") if p.stem not in GENERATED}
    assert {page for page in pages if page.suffix == ".html"} == written
    assert f"Sitemap: {ADDRESS}sitemap.xml" in (published / "robots.txt").read_text()


def test_a_step_can_be_run_elsewhere(published: Path) -> None:
    links = soup(published / "lesson" / "01_digits.html").select(".launch a")
    assert [link["href"] for link in links] == [
        "https://colab.research.google.com/github/OWNER/NAME/blob/notebooks/01_digits.ipynb",
        "https://mybinder.org/v2/gh/OWNER/NAME/notebooks?labpath=01_digits.ipynb",
    ]
    for page in ("index.html", "lesson/index.html", "exercises/index.html"):
        assert not soup(published / page).select(".launch")
    assert not soup(published / "lesson" / "01_digits.html").select("article img")


@pytest.mark.parametrize(
    "told",
    [
        {"html_baseurl": "lesson.example.org"},
        {"html_baseurl": "https://lesson.example.org/?page=1"},
        {"repository": "https://example.org/OWNER/NAME"},
        {"repository": "https://github.com/OWNER"},
    ],
)
def test_what_is_no_address_is_refused(tmp_path: Path, told: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match=next(iter(told.values())).replace("?", r"\?")):
        build(tmp_path, **told)


class _Host(SimpleHTTPRequestHandler):
    """Answers a wrong address as hosts of sites do: with 404.html of the site."""

    def log_message(self, *_: object) -> None:
        pass

    def send_error(self, code: int, *_: object) -> None:
        page = Path(self.directory, "digits", "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(page)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[str]:
    """Serve what is laid into a folder, and return the address."""
    handler = functools.partial(_Host, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/digits/"
        server.shutdown()


def follow(tab: Page) -> list[str]:
    """Return which links of the page's text lead nowhere."""
    links = tab.locator("main a, article a[href]").evaluate_all("links => links.map(a => a.href)")
    assert links
    return [str(link) for link in links if not tab.request.get(str(link)).ok]


@pytest.mark.parametrize("wrong", ["none.html", "lesson/none.html", "no/such/folder/none.html"])
def test_a_wrong_address_is_answered_in_the_site(
    published: Path, host: str, tmp_path: Path, browser: Browser, wrong: str
) -> None:
    shutil.copytree(published, tmp_path / "digits")
    tab = browser.new_page()
    failed: list[str] = []
    tab.on("response", lambda answer: failed.extend([answer.url] * (not answer.ok)))
    tab.goto(host + wrong, wait_until="networkidle")
    assert failed == [host + wrong]
    assert tab.title().startswith("Page not found")
    assert follow(tab) == []
    # In the theme: a stylesheet has arrived.
    assert tab.locator(".sidebar-drawer").count() == 1
    assert tab.evaluate("document.styleSheets.length") > 1
    tab.close()


@pytest.mark.parametrize("wrong", ["none.html", "lesson/none.html", "exercises/none.html"])
def test_a_wrong_address_is_answered_without_any_file(
    nameless: Path, host: str, tmp_path: Path, browser: Browser, wrong: str
) -> None:
    shutil.copytree(nameless, tmp_path / "digits")
    tab = browser.new_page()
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(host + wrong, wait_until="networkidle")
    assert [url for url in asked if not url.startswith("data:")] == [host + wrong]
    assert tab.locator("h1").inner_text() == "Page not found"
    assert follow(tab) == []
    tab.close()
