"""The site as ``make html`` left it: whole, and without a link that leads nowhere."""

import gzip
import re
import zipfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import Tag
from mnistlesson import data
from mnistlesson.check import EXERCISES

from lesson_site.execution.cache import Cache
from support.copies import importing
from support.site import PAGES, ROOT, SITE, STEPS, anchors, of_digits, of_step, page_name
from support.site import page as soup

page = pytest.mark.parametrize(
    "page",
    [pytest.param(page, id=page_name(page), marks=of_digits(page_name(page))) for page in PAGES],
)
step = pytest.mark.parametrize(
    "step", [pytest.param(step, id=step.stem, marks=pytest.mark.digits) for step in STEPS]
)


def addresses(page: Path, attribute: str) -> list[str]:
    """Return all values of an attribute on a page."""
    return [str(tag[attribute]) for tag in soup(page).select(f"[{attribute}]")]


def test_pages_are_there() -> None:
    pages = {page_name(page) for page in PAGES}
    expected = {f"lesson/{step.stem}.html" for step in STEPS}
    expected |= {f"exercises/{name}.html" for name in (*EXERCISES, "index")}
    expected |= {f"exercises/mistakes/{name}.html" for name in (*EXERCISES, "index")}
    expected |= {f"api/{name}.html" for name in ("index", "check", "data", "models", "plots")}
    expected |= {
        "index.html",
        "draw.html",
        "install.html",
        "contributing.html",
        "publishing.html",
        "lesson/index.html",
    }
    expected |= {"errors.html", "silent.html"}
    assert expected <= pages


@pytest.mark.digits
def test_every_step_was_executed() -> None:
    cache = Cache(SITE.parent / "doctrees", ROOT)
    assert len(STEPS) >= 11
    for step in STEPS:
        record = cache.find(f"lesson/{step.stem}")
        assert record is not None, step
        assert f"gallery/{step.name}" in record.read, step
        # sphinx-gallery leaves it where a step came to its end.
        assert f"docs/lesson/{step.stem}.py.md5" in record.written, step


def test_a_step_depends_on_what_it_imports() -> None:
    cache, importing_models = Cache(SITE.parent / "doctrees", ROOT), importing("mnistlesson.models")
    assert 0 < len(importing_models) < len(STEPS)
    for step in STEPS:
        record = cache.find(f"lesson/{step.stem}")
        assert record is not None, step
        expected = step.name[:2] in importing_models
        assert ("mnistlesson/models.py" in record.read) == expected, step


def test_a_page_that_reads_digits_is_tested_with_others() -> None:
    cache = Cache(SITE.parent / "doctrees", ROOT)
    records = {name: cache.find(name.removesuffix(".html")) for name in map(page_name, PAGES)}
    reading = {
        n for n, record in records.items() if record and "mnistlesson/data.py" in record.read
    }
    assert len(reading) > len(STEPS)
    assert [name for name in reading if not of_digits(name)] == []


@page
def test_a_formula_parts_the_name_of_a_function_from_what_follows(page: Path) -> None:
    """Without a space, the logarithm of 10 reads as the logarithm to base 10."""
    for sign in soup(page).select("math mo"):
        if sign.get_text() == "\N{FUNCTION APPLICATION}":
            after = sign.find_next_sibling()
            assert after is not None
            assert after.name == "mspace" or after.get_text() == "("


@page
def test_internal_links_lead_somewhere(page: Path) -> None:
    broken = []
    for address in addresses(page, "href") + addresses(page, "src"):
        url = urlsplit(address)
        if url.scheme:
            continue
        target = (page.parent / unquote(url.path)).resolve() if url.path else page
        if not target.is_file() or (url.fragment and url.fragment not in anchors(target)):
            broken.append(address)
    assert broken == []


@page
def test_nothing_is_loaded_from_elsewhere(page: Path) -> None:
    loaded = addresses(page, "src") + addresses(page, "srcset")
    loaded += [
        str(tag["href"])
        for tag in soup(page).find_all("link")
        if not {"author", "canonical"} & set(tag.get_attribute_list("rel"))
    ]
    assert [address for address in loaded if "//" in address] == []


@page
def test_a_page_has_a_policy_and_no_script_inside(page: Path) -> None:
    policy = soup(page).find("meta", {"http-equiv": "Content-Security-Policy"})
    assert isinstance(policy, Tag)
    rules = dict(rule.split(maxsplit=1) for rule in str(policy["content"]).split("; "))
    assert rules["default-src"] == "'none'"
    # The bare page for a wrong address loads nothing at all.
    assert rules.get("script-src", "'none'") in {"'self'", "'none'"}
    assert not [
        s for s in soup(page).select("script:not([src])") if s["type"] != "application/json"
    ]
    assert soup(page).select("style") == []
    assert not [
        tag for tag in soup(page).select("*") if any(name[:2] == "on" for name in tag.attrs)
    ]


# A file, and what on a page needs it.
NEEDED = {
    "cell": "pre",
    "code": "pre",
    "figure": "article svg",
    "step": ".step-head",
    "cards": ".cards",
    "verdict": ".verdict, .gaps",
    "lookup": ".filter, .letters, .solved-mark",
    "network_demo": "#demo",
    "reference": ".glossary, .autosummary, .tag_original",
    "pad": "#pad",
    "panel": ".panel",
    "bench": "#softmax-bench",
    "lab": "#init-lab",
    "predict": "form.predict",
    "gaps": ".gaps",
    "numbers": ".interactive:not(#softmax-bench)",
}
# Of others: what the site has styles of its own for.
REPLACED = re.compile(r"mystnb|sg_|sg-|pygments|furo-extensions")


@page
def test_a_page_loads_only_what_it_uses(page: Path) -> None:
    files = [a for a in addresses(page, "href") + addresses(page, "src") if "_static/" in a]
    loaded = {Path(urlsplit(file).path).name.split(".")[0] for file in files}
    unused = {n for n, part in NEEDED.items() if n in loaded and not soup(page).select_one(part)}
    assert unused == set()
    missing = {n for n, part in NEEDED.items() if n not in loaded and soup(page).select_one(part)}
    assert missing == set() or not loaded
    assert not [name for name in loaded if REPLACED.match(name)]


@step
def test_a_step_says_where_the_reader_is(step: Path) -> None:
    progress = of_step(step).select_one(".step-head")
    assert progress is not None
    number = int(step.name[:2])
    text = " ".join(progress.get_text().split())
    told = re.match(rf"Step {number} of {len(STEPS)} (\d+) min to read Notebook Script 1 2 3", text)
    assert told, text
    assert 2 <= int(told[1]) <= 25
    links = [str(link["href"]) for link in progress.select("li a")]
    assert [Path(link).stem for link in links if link != "#"] == [
        s.stem for s in STEPS if s != step
    ]


@page
def test_images_have_alternative_text(page: Path) -> None:
    for image in soup(page).find_all("img"):
        # Empty where a picture only decorates the link or card beside its text.
        decorates = image.find_parent(class_=["steps", "sidebar-brand"])
        assert image.has_attr("alt"), image
        assert image["alt"] or decorates, image


@page
def test_images_have_their_size_so_that_nothing_moves(page: Path) -> None:
    for image in soup(page).find_all("img"):
        assert re.fullmatch("[1-9][0-9]*", str(image["width"])), image
        assert re.fullmatch("[1-9][0-9]*", str(image["height"])), image


@page
def test_page_is_the_same_wherever_it_is_built(page: Path) -> None:
    assert str(ROOT) not in page.read_text(encoding="utf-8")


@page
def test_page_says_what_it_was_made_with(page: Path) -> None:
    if page.name == "404.html":
        return  # it stands for any address, and nothing on it was executed
    foot = soup(page).find(class_="made-with")
    assert isinstance(foot, Tag)
    assert str(data.in_use()) in foot.get_text()


@step
def test_step_has_its_figures_and_outputs(step: Path) -> None:
    text = step.read_text(encoding="utf-8")
    drawn = re.findall(r"^fig\b", text, re.MULTILINE)
    assert len(of_step(step).select("figure.figure:not(noscript *)")) == len(drawn) > 0
    assert str(data.in_use()) in of_step(step).get_text()
    assert "Traceback" not in of_step(step).get_text()


@step
def test_a_page_opens_no_windows(step: Path) -> None:
    assert step.read_text(encoding="utf-8").endswith("\nplt.show()\n")
    assert "plt.show()" not in of_step(step).get_text()


@pytest.mark.parametrize("part", ["pre", "div.math", ".table-wrapper"])
def test_what_scrolls_sideways_can_be_reached_with_the_keyboard(part: str) -> None:
    parts = [found for page in PAGES for found in soup(page).select(part)]
    assert parts
    assert all(found["tabindex"] == "0" for found in parts)


def test_tables_name_their_columns() -> None:
    heads = [head for page in PAGES for head in soup(page).select(".table-wrapper th")]
    assert heads
    assert all(head.get_text(strip=True) for head in heads)


def test_the_parts_of_the_menu_are_headings_of_a_level() -> None:
    captions = [caption for page in PAGES for caption in soup(page).select("p.caption")]
    assert {(caption["role"], caption["aria-level"]) for caption in captions} == {("heading", "2")}


@step
def test_step_can_be_downloaded(step: Path) -> None:
    links = [str(link["href"]) for link in of_step(step).select("a.download")]
    names = {link.rpartition("/")[2]: SITE / "lesson" / link for link in links}
    # The archive first: it has all that is needed.
    assert list(names) == [step.stem + end for end in (".zip", ".ipynb", ".py")]
    foot = of_step(step).select_one(".downloads")
    assert foot is not None
    assert foot.select('a[href="../install.html"]'), "what the other two need"
    assert names[step.name].read_bytes() == step.read_bytes()
    with zipfile.ZipFile(names[f"{step.stem}.zip"]) as archive:
        wheel = next(SITE.glob("*.whl")).name
        assert set(archive.namelist()) == {step.name, f"{step.stem}.ipynb", wheel}


@pytest.mark.parametrize(("page", "folder"), [("index.html", "lesson/"), ("lesson/index.html", "")])
def test_there_is_a_card_for_each_step(page: str, folder: str) -> None:
    cards = soup(SITE / page).select("ul.steps > li")
    links = [card.select("a") for card in cards]
    assert [[link["href"] for link in card] for card in links] == [
        [f"{folder}{step.stem}.html"] for step in STEPS
    ]
    assert all(link.get_text() for card in links for link in card)
    pictures = [str(picture) for card in cards for picture in card.select("svg.thumbnail")]
    assert len(set(pictures)) == len(STEPS)
    assert len(gzip.compress("".join(pictures).encode())) < 10_000


@pytest.mark.parametrize("page", ["index.html", "lesson/index.html"])
def test_the_cards_are_grouped_in_the_parts_of_the_lesson(page: str) -> None:
    parts = soup(SITE / page).select("p.part")
    assert len(parts) == 3
    for part in parts:
        following = part.find_next_sibling()
        assert isinstance(following, Tag)
        assert following.get_attribute_list("class")[-1] == "steps"


@step
def test_pages_follow_one_another(step: Path) -> None:
    following = of_step(step).select_one("a.next-page")
    assert following is not None
    if step != STEPS[-1]:
        assert following["href"] == f"{STEPS[STEPS.index(step) + 1].stem}.html"
