"""Fill the gaps: each way to do it gets the verdict of the check, with keys, and on a phone."""

import functools
import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest
import torch
from bs4 import BeautifulSoup, Tag
from mnistlesson.check import EXERCISES, judge
from mnistlesson.check._catalogue import mistakes, run_program
from playwright.sync_api import Browser, Locator, Page, expect

from lesson_site.interactive.gaps.compute_gaps import make
from support.browsing import opened, violations
from support.site import ROOT, page
from support.slow import in_a_scheme, quick_for

FILES = sorted((ROOT / "docs" / "practice" / "gaps").glob("*.toml"))
NAMES = [file.stem for file in FILES]

exercise = pytest.mark.parametrize("name", NAMES)


class Way(NamedTuple):
    """One way to fill the gaps, as the page shows it."""

    choice: tuple[int, ...]
    """For each gap the number of its option, from 0."""
    program: str
    verdict: str
    """As HTML."""
    hints: list[str]

    @property
    def right(self) -> bool:
        """Tell whether the verdict is right, and without a note."""
        return 'class="verdict right"' in self.verdict


class Form(NamedTuple):
    """The gaps of an exercise, as its page has them."""

    options: list[list[str]]
    ways: list[Way]
    packed: int
    """The bytes of the verdicts, and of which way gets which, as a server sends them."""


def answer_of(group: Tag) -> tuple[str, list[str]]:
    """Return a verdict and its hints, from the page's list of them."""
    verdict = group.select_one(".verdict")
    assert verdict is not None
    return str(verdict), [hint.get_text() for hint in group.select(":scope > ol > li")]


@functools.cache
def form(name: str) -> Form:
    """Read the page of an exercise as a learner does: code, options, what is told."""
    (found,) = page(f"exercises/{name}.html").select("form.gaps")
    options = [
        [option.get_text().replace("nothing", "") for option in select("option")[1:]]
        for select in found("select")
    ]
    code = BeautifulSoup(str(found.pre), "html.parser")
    for label in code.select(".gap-name"):
        label.decompose()
    for select in code("select"):
        select.replace_with("\0")
    first, *rest = code.get_text().split("\0")
    told = json.loads(str(found["data-told"]))
    assert found.template is not None
    stored = BeautifulSoup(found.template.decode_contents(), "html.parser")
    _, *groups = stored.find_all("div", recursive=False)
    answers = [answer_of(group) for group in groups]
    choices = list(product(*(range(len(one)) for one in options)))
    assert len(told) == len(choices)
    assert {*told} == {*range(len(answers))}, "one is stored that nobody gets"
    ways = []
    for choice, number in zip(choices, told, strict=True):
        filled = [gap[at] for gap, at in zip(options, choice, strict=True)]
        program = first + "".join(a + b for a, b in zip(filled, rest, strict=True))
        ways.append(Way(choice, program + "\n", *answers[number]))
    packed = gzip.compress(f"{found['data-told']}{found.template}".encode())
    return Form(options, ways, len(packed))


def right_way(name: str) -> Way:
    """Return the first way that is right."""
    return next(way for way in form(name).ways if way.right)


@pytest.mark.parametrize("name", quick_for(NAMES, ["softmax"]))
def test_each_way_gets_the_verdict_of_the_check(name: str) -> None:
    for way in form(name).ways:
        torch.manual_seed(0)
        verdict = judge(name, run_program(way.program))
        said = BeautifulSoup(verdict._repr_html_(), "html.parser")
        assert way.verdict == str(said), way.program
        # A hint that the verdict shows already is none.
        assert way.hints == [hint for hint in verdict.hints if hint not in verdict.evidence]


@exercise
def test_each_option_is_a_mistake_that_the_check_knows(name: str) -> None:
    options, ways, _ = form(name)
    assert 30 <= len(ways) <= 130
    right = [way.choice for way in ways if way.right]
    known = {mistake.code for mistake in mistakes(name)}
    for at, texts in enumerate(options):
        fits = {choice[at] for choice in right}
        wrong = [*map(len, (text for number, text in enumerate(texts) if number not in fits))]
        assert wrong, "nothing can go wrong"
        assert max(wrong) >= min(len(texts[number]) for number in fits), "length tells the answer"
        for number in {*range(len(texts))} - fits:
            # With the other gaps as they should be, it is one with a name of its own.
            near = [
                judge(name, run_program(way.program)).code
                for way in ways
                if way.choice[at] == number
                and any(
                    sum(a != b for a, b in zip(way.choice, choice, strict=True)) == 1
                    for choice in right
                )
            ]
            assert known.intersection(near), (texts[number], near)


def test_each_exercise_has_gaps() -> None:
    assert {file.stem for file in FILES} == {*EXERCISES}


def test_the_right_option_stands_anywhere() -> None:
    places = Counter(at for file in FILES for at in right_way(file.stem).choice)
    assert len(places) >= 3
    assert max(places.values()) <= 0.6 * places.total()


@exercise
def test_the_verdicts_are_small(name: str, measured: Callable[[str], None]) -> None:
    measured(f"gaps of {name}: {len(form(name).ways)} ways, {form(name).packed} bytes, packed")
    assert form(name).packed <= 3072


@pytest.fixture
def softmax(browser: Browser, base: str) -> Iterator[Page]:
    """Open the page of softmax on a phone."""
    size = {"width": 390, "height": 800}
    with opened(browser, f"{base}exercises/softmax.html", viewport=size) as tab:
        yield tab


def gaps(tab: Page) -> Locator:
    """Return the lists in the code."""
    return tab.locator("form.gaps select")


def fill(tab: Page, choice: tuple[int, ...]) -> None:
    """Choose an option in each gap, and have it checked."""
    for gap, at in zip(gaps(tab).all(), choice, strict=True):
        gap.select_option(index=at + 1)
    tab.get_by_role("button", name="Check").click()


@pytest.mark.parametrize("name", quick_for(NAMES, ["softmax", "transplant"]))
def test_it_is_filled_with_keys_on_a_phone(browser: Browser, served: str, name: str) -> None:
    size = {"width": 390, "height": 800}
    with opened(browser, f"{served}exercises/{name}.html", viewport=size) as tab:
        way = right_way(name)
        count = len(way.choice)
        gaps(tab).first.focus()
        for number, at in enumerate(way.choice, 1):
            focused = tab.locator(":focus")
            assert f"Gap {number} of {count}: " in (focused.get_attribute("aria-label") or "")
            for _ in range(at + 1):
                tab.keyboard.press("ArrowDown")
            tab.keyboard.press("Tab")
        expect(tab.get_by_role("button", name="Check")).to_be_focused()
        tab.keyboard.press("Enter")
        expect(tab.get_by_role("status")).to_contain_text(f"{name}: right.")
        expect(tab.locator(".solved-mark input")).to_be_checked()
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390
        tab.set_viewport_size({"width": 320, "height": 800})
        assert tab.evaluate("document.documentElement.scrollWidth") <= 320


def test_each_gap_says_what_it_asks(softmax: Page) -> None:
    asks = [
        "exponential of what",
        "above the line",
        "below the line, the sum of what",
        "which axis to sum along",
    ]
    for number, ask in enumerate(asks, 1):
        gap = softmax.get_by_role("combobox", name=f"Gap {number} of 4: {ask}", exact=True)
        expect(gap).to_have_count(1)


def test_what_was_chosen_is_there_when_a_reader_comes_back(softmax: Page) -> None:
    gaps(softmax).nth(1).select_option(index=2)
    chosen = gaps(softmax).nth(1).input_value()
    softmax.goto(softmax.url.replace("softmax", "index"))
    softmax.go_back()
    expect(gaps(softmax).nth(1)).to_have_value(chosen)
    expect(gaps(softmax).nth(0)).to_have_value("")


def test_an_open_gap_is_told_and_gets_the_focus(softmax: Page) -> None:
    gaps(softmax).nth(0).select_option(index=1)
    softmax.get_by_role("button", name="Check").click()
    expect(softmax.get_by_role("status")).to_contain_text("softmax: no answer yet.")
    expect(gaps(softmax).nth(1)).to_be_focused()


def test_a_verdict_goes_with_its_program_and_hints_come_one_by_one(softmax: Page) -> None:
    way = next(way for way in form("softmax").ways if len(way.hints) == 2)
    fill(softmax, way.choice)
    status, hint = softmax.get_by_role("status"), softmax.get_by_role("button", name="A hint")
    expect(status.locator(".verdict")).to_be_visible()
    for number in range(3):
        expect(status.get_by_text(way.hints[0])).to_be_visible(visible=number > 0)
        expect(status.get_by_text(way.hints[1])).to_be_visible(visible=number > 1)
        if number < 2:
            hint.click()
    # No button is left, and the focus is on what it gave.
    expect(hint).to_be_hidden()
    expect(status.get_by_text(way.hints[1])).to_be_focused()
    gaps(softmax).nth(0).select_option(index=3)
    expect(status).to_be_empty()
    fill(softmax, way.choice)
    softmax.get_by_role("button", name="Start again").click()
    expect(status).to_be_empty()
    expect(gaps(softmax).nth(0)).to_be_focused()
    expect(gaps(softmax).nth(0)).to_have_value("")


def test_what_is_solved_is_told_on_the_cards(browser: Browser, served: str) -> None:
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(f"{served}exercises/softmax.html")
    wrong = next(way for way in form("softmax").ways if 'class="verdict not-yet"' in way.verdict)
    fill(tab, wrong.choice)
    expect(tab.locator(".solved-mark input")).not_to_be_checked()
    fill(tab, right_way("softmax").choice)
    expect(tab.locator(".solved-mark input")).to_be_checked()
    assert tab.evaluate("localStorage.getItem('mnistlesson.solved')") == '["softmax"]'
    tab.goto(f"{served}exercises/index.html")
    expect(tab.get_by_role("link", name="Write softmax (solved)")).to_be_visible()
    expect(tab.locator(".exercises").get_by_text("(solved)")).to_have_count(1)
    context.close()


def test_a_browser_that_keeps_nothing_judges_all_the_same(browser: Browser, served: str) -> None:
    context = browser.new_context()
    tab = context.new_page()
    tab.add_init_script(
        """Object.defineProperty(window, "localStorage", {
            get() { throw new DOMException("forbidden", "SecurityError"); },
        });"""
    )
    tab.goto(f"{served}exercises/softmax.html")
    fill(tab, right_way("softmax").choice)
    expect(tab.get_by_role("status")).to_contain_text("softmax: right.")
    context.close()


def test_without_scripts_the_gaps_are_named(unscripted: Browser, base: str) -> None:
    with opened(unscripted, f"{base}exercises/softmax.html") as tab:
        expect(gaps(tab).first).to_be_hidden()
        code = tab.locator("form.gaps pre")
        expect(code).to_contain_text("torch.exp(1: exponential of what)", use_inner_text=True)
        expect(tab.get_by_text("1: exponential of what")).to_be_visible()
        expect(tab.get_by_role("button", name="Check")).to_be_hidden()
        link = tab.locator("form.gaps").get_by_role("link", name="on your machine")
        expect(link).to_be_visible()
        link.click()
        expect(tab.locator(":target")).to_be_visible()


def test_paper_has_the_code_and_what_each_gap_asks(softmax: Page) -> None:
    softmax.emulate_media(media="print")
    expect(softmax.get_by_text("1: exponential of what")).to_be_visible()
    expect(gaps(softmax).first).to_be_hidden()
    expect(softmax.get_by_role("button", name="Check")).to_be_hidden()


LEVELS = ["right", "note", "not-yet", "error"]


@pytest.mark.parametrize(("name", "scheme"), in_a_scheme(NAMES, "softmax"))
def test_axe_finds_no_violation(browser: Browser, served: str, name: str, scheme: str) -> None:
    size = {"width": 390, "height": 800}
    address = f"{served}exercises/{name}.html"
    with opened(browser, address, viewport=size, color_scheme=scheme) as tab:
        tab.get_by_role("button", name="Check").click()
        assert violations(tab, ".gaps") == ""
        # In all exercises each level looks the same.
        for level in LEVELS if name == "softmax" else ["not-yet"]:
            ways = [way for way in form(name).ways if f'class="verdict {level}"' in way.verdict]
            for way in ways[:1]:
                fill(tab, way.choice)
                while tab.get_by_role("button", name="A hint").is_visible():
                    tab.get_by_role("button", name="A hint").click()
                assert violations(tab, ".gaps") == ""


GOOD = """
code = "def softmax(x):\\n    return GAP_a"
[gap.a]
asks = "what"
options = ["x", "torch.softmax(x, dim=1)"]
"""


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("GAP_a", "GAP_a + GAP_b", r"\[gap.b\] needs `asks`"),
        ("GAP_a", "x", "GAP_a must stand in the code once, as a name of its own, not 0 times"),
        ("GAP_a", "GAP_a + GAP_a", "GAP_a must stand in the code once, .* not 2 times"),
        ("GAP_a", "'GAP_a'", "GAP_a must stand in the code once, .* not 0 times"),
        ('asks = "what"', "", r"\[gap.a\] needs `asks`"),
        ('["x", "torch.softmax(x, dim=1)"]', '["x"]', r"\[gap.a\] needs `options`: two or more"),
        ('"torch.softmax(x, dim=1)"', '"x"', r"\[gap.a\] needs `options`: .* other than the rest"),
        ('"x"', '"x +"', "invalid syntax"),
        ("code =", "text =", "code"),
        ("[gap.a]", "[gap.a", "line 3"),
    ],
)
def test_malformed_data_are_named(tmp_path: Path, old: str, new: str, fault: str) -> None:
    file = tmp_path / "softmax.toml"
    file.write_text(GOOD, encoding="utf-8")
    assert make(str(file))
    file.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=rf"softmax\.toml: .*{fault}"):
        make(str(file))
