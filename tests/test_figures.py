"""The figures of the pages: letters and colours of the page, the same bytes each time, legible."""

import base64
import io
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
import pytest
import tinycss2
import torch
from bs4 import BeautifulSoup, Tag
from matplotlib import pyplot as plt
from mnistlesson import plots
from mnistlesson.plots import _style
from PIL import Image
from playwright.sync_api import Browser

from lesson_site.figures import compute_html, compute_svg
from lesson_site.steps import scraper
from support.contrast import contrast
from support.figures import ARGUMENTS, draw
from support.site import PAGES, ROOT, of_step, page_name
from support.site import page as soup
from support.slow import quick_for

STYLES = [
    (ROOT / "docs" / "_static" / name).read_text(encoding="utf-8")
    for name in ("tokens.css", "figure.css")
]
SCHEMES = ("light", "dark")
# What stands on what, and the contrast that it needs at least: WCAG 2.2, 1.4.3 and 1.4.11.
# A line of the grid may be faint: it carries nothing that the scale does not say.
TEXT = ("ink", "soft", "link", "right", "not-yet", "error", "word")
GRAPHICS = ("edge", "positive", "negative", "third", "fourth")
PAIRS = {
    **{(name, on): 4.5 for name in TEXT for on in ("paper", "shade", "cell")},
    **{(name, f"{name}-tint"): 4.5 for name in ("right", "not-yet", "error")},
    ("link", "blue-tint"): 4.5,
    ("on-link", "link"): 4.5,
    **{(name, on): 3.0 for name in GRAPHICS for on in ("paper", "cell")},
    ("positive", "zero"): 3.0,
    ("negative", "zero"): 3.0,
}
every_function = pytest.mark.parametrize("name", ARGUMENTS)
every_page = pytest.mark.parametrize("page", PAGES, ids=page_name)


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    plt.close("all")
    yield
    plt.close("all")


def tokens() -> dict[str, dict[str, str]]:
    """Return the tokens of each of the three blocks of the style sheet, by its selector."""
    blocks: dict[str, dict[str, str]] = {}

    def read(rules: list[tinycss2.ast.Node]) -> None:
        for rule in rules:
            if rule.type == "at-rule":
                read(tinycss2.parse_rule_list(rule.content, skip_whitespace=True))
            elif rule.type == "qualified-rule":
                body = tinycss2.serialize(rule.content)
                selector = tinycss2.serialize(rule.prelude).strip()
                blocks[selector] = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body))

    read(tinycss2.parse_stylesheet(STYLES[0], skip_comments=True, skip_whitespace=True))
    return blocks


def scheme_tokens(scheme: str) -> dict[str, str]:
    """Return the colours of a scheme."""
    light, dark, _ = tokens().values()
    return light if scheme == "light" else light | dark


def drawn(name: str) -> Tag:
    """Return a figure of a function of ``plots``, as it stands in a page."""
    figure = BeautifulSoup(compute_html.html(draw(name)), "html.parser").figure
    assert figure is not None
    return figure


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("pair", "least"), PAIRS.items(), ids=str)
def test_colours_can_be_told_apart(pair: tuple[str, str], least: float, scheme: str) -> None:
    one, other = (scheme_tokens(scheme)[name] for name in pair)
    assert contrast(one, other) >= least


def test_the_dark_colours_are_the_same_for_a_choice_and_for_the_system() -> None:
    light, chosen, system = tokens().items()
    assert light[0] == "body"
    assert chosen[0] == 'body[data-theme="dark"]'
    assert system[0] == 'body:not([data-theme="light"])'
    assert chosen[1] == system[1]
    assert set(light[1]) - set(chosen[1]) == {"on-dark", "on-bright", "digit"}


def test_figures_are_drawn_in_the_colours_of_the_light_page() -> None:
    light = scheme_tokens("light")
    of_plots = {value for value in vars(_style).values() if str(value).startswith("#")}
    assert len(of_plots) > 9
    for colour in of_plots:
        assert light[compute_svg.TOKENS[colour]] == colour.lower()


@every_function
def test_every_colour_is_a_token(name: str) -> None:
    for figure in (compute_html.html(draw(name)), compute_html.thumbnail(draw(name))):
        assert not re.search(r"(fill|stroke|color):(?!none|var\(--[\w-]+\))", figure)
        used = set(re.findall(r"(?:fill|stroke):var\(--([\w-]+)\)", figure))
        assert used <= set(scheme_tokens("light"))


@pytest.mark.parametrize("name", quick_for(ARGUMENTS, ["histograms", "layer_activations"]))
def test_the_same_figure_gives_the_same_bytes(name: str) -> None:
    assert compute_html.html(draw(name)) == compute_html.html(draw(name))
    assert compute_html.thumbnail(draw(name)) == compute_html.thumbnail(draw(name))


@every_function
def test_a_figure_says_in_words_what_it_shows(name: str) -> None:
    figure = draw(name)
    label, title = figure.get_label(), " ".join(figure.get_suptitle().split())
    shown = drawn(name)
    drawing, caption = shown.svg, shown.figcaption
    assert drawing is not None
    assert caption is not None
    assert drawing["role"] == "img"
    assert drawing["aria-label"] == label
    assert caption.get_text() == title
    assert title not in drawing.get_text(" "), "it is not told twice"


@every_function
def test_text_is_text_in_the_font_of_the_page(name: str) -> None:
    figure = draw(name)
    written = {text.get_text() for axes in figure.axes for text in axes.texts}
    shown = drawn(name)
    assert {" ".join(part.split()) for text in written for part in text.split("\n")} <= {
        text.get_text() for text in shown.select("text")
    }
    for text in shown.select("text"):
        assert "font-family" not in str(text["style"]) or "--font-stack" in str(text["style"])


@every_function
def test_nothing_in_a_figure_tells_of_its_making_or_breaks_the_policy_of_the_pages(
    name: str,
) -> None:
    text = compute_html.html(draw(name))
    assert not re.search(r"<style|<script|<metadata|<!--|http|20\d\d-\d\d-\d\d", text)
    assert set(re.findall(r"(?:href=\"|url\()([^\")]{5})", text)) <= {
        "data:",
        *(link[:5] for link in re.findall(r"#[mpC][0-9a-f_]+", text)),
    }


def test_digits_keep_their_pixels() -> None:
    digit = torch.randint(0, 256, (1, 28, 28), generator=torch.Generator().manual_seed(0))
    figure = compute_html.html(plots.digit_grid(digit[None] / 127.5 - 1))
    grey = 255 * mpl.colormaps["Greys_r"](digit[0].numpy())[..., 0]
    (content,) = re.findall('href="data:image/png;base64,([^"]*)"', figure)
    with Image.open(io.BytesIO(base64.b64decode(content))) as image:
        assert image.size == (28, 28)
        pixels = np.flipud(np.asarray(image.convert("L")))
        if "scale(1 -1)" not in figure:
            pixels = np.flipud(pixels)
    assert abs(pixels - grey).max() <= 1
    assert ".figure image" in STYLES[1]
    assert "image-rendering: pixelated" in STYLES[1]


def test_a_figure_that_a_page_draws_itself_has_a_caption_and_the_colours_too() -> None:
    figure, axes = plt.subplots()
    axes.plot([1, 2])
    axes.set_title("Drawn\nby hand")
    assert compute_html.alt(figure) == "Drawn by hand"
    text = compute_html.html(figure)
    assert "<figcaption>Drawn by hand</figcaption>" in text
    assert "stroke:var(--positive)" in text
    assert not re.search("#[0-9a-f]{6}", re.sub(r"(href|id)=\S*|url\(\S*", "", text))


def test_a_thumbnail_has_no_letters_and_hides_from_a_screen_reader() -> None:
    for name in ARGUMENTS:
        shown = BeautifulSoup(compute_html.thumbnail(draw(name)), "html.parser").svg
        assert shown is not None
        assert not shown.select("text")
        assert shown["aria-hidden"] == "true"


def test_the_scraper_sets_each_open_figure_and_saves_the_one_for_the_card(tmp_path: Path) -> None:
    draw("digit_grid")
    plt.figure().subplots().set_title("Drawn by hand")
    (tmp_path / "images" / "thumb").mkdir(parents=True)
    card = tmp_path / "images" / "thumb" / "09_init.svg"
    variables = {"src_file": "gallery/09_init.py"}
    conf = {"gallery_dirs": str(tmp_path)}
    text = scraper.figures(SimpleNamespace(), variables, conf)
    assert plt.get_fignums() == []
    assert re.findall("<figcaption>(.*?)</figcaption>", text) == [
        "Handwritten digits",
        "Drawn by hand",
    ]
    assert text.count("\n.. raw:: html\n\n   <figure") == 2
    chosen = card.read_text(encoding="utf-8")
    draw("digit_values")
    scraper.figures(SimpleNamespace(), variables, conf)
    assert card.read_text(encoding="utf-8") == chosen, "the second figure of the step, and no other"


@every_page
def test_no_figure_is_drawn_twice_and_no_name_is_used_twice(page: Path) -> None:
    figures = soup(page).select("figure.figure")
    drawings = [str(figure.svg) for figure in figures]
    assert len(set(drawings)) == len(drawings)
    names = [str(part["id"]) for part in soup(page).select("article [id]")]
    assert len(set(names)) == len(names)
    for figure in figures:
        assert figure.svg is not None
        assert str(figure.svg["aria-label"]).strip()
    assert not re.search(r"<style|only-(light|dark)", page.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "page",
    quick_for(
        [page_name(p) for p in PAGES if '<figure class="figure">' in p.read_text(encoding="utf-8")],
        ["lesson/09_init.html", "lesson/12_training.html", "shapes.html"],
    ),
)
def test_figures_can_be_read_on_a_phone(browser: Browser, served: str, page: str) -> None:
    tab = browser.new_page(viewport={"width": 390, "height": 800})
    tab.goto(served + page)
    sizes = tab.evaluate(
        """() => [...document.querySelectorAll("figure.figure text")].map((text) => {
            const { width } = text.ownerSVGElement.getBoundingClientRect();
            const scale = width / text.ownerSVGElement.viewBox.baseVal.width;
            return width ? parseFloat(getComputedStyle(text).fontSize) * scale : 99;
        })"""
    )
    assert min(sizes) >= 9
    tab.close()


@pytest.mark.parametrize("theme", SCHEMES)
@pytest.mark.parametrize("system", SCHEMES)
def test_a_figure_follows_the_page_and_not_the_system(
    browser: Browser, served: str, theme: str, system: str
) -> None:
    tab = browser.new_page(color_scheme="dark" if system == "dark" else "light")
    tab.goto(f"{served}lesson/09_init.html")
    tab.evaluate(f"document.body.dataset.theme = '{theme}'")
    colour = tab.evaluate(
        "getComputedStyle(document.querySelector('figure.figure [style*=\"--positive\"]')).fill"
    )
    hexadecimal = "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour))
    assert hexadecimal == scheme_tokens(theme)["positive"]
    tab.close()


def test_a_step_is_light_with_all_its_figures() -> None:
    for step in sorted((ROOT / "gallery").glob("*.py")):
        figures = [str(figure) for figure in of_step(step).select("figure.figure")]
        assert 0 < sum(map(len, figures)) < 80_000
