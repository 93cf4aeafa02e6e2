"""The site in a narrow window, in a reader's own colours, on paper, and where nothing is kept."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from support.browsing import opened
from support.slow import quick_for

STEP = "lesson/04_softmax.html"


@pytest.fixture
def narrow(browser: Browser, served: str) -> Iterator[Page]:
    """Open a step in a window in which both menus are folded away."""
    with opened(browser, served + STEP, viewport={"width": 640, "height": 800}) as page:
        yield page


# What the keyboard reaches, and whether it lies on the page: not beside it, nor hidden.
REACHED = """() => {
    const element = document.activeElement;
    if (element === document.body || element.dataset.reached) return null;
    element.dataset.reached = "yes";
    const { left, right } = element.getBoundingClientRect();
    return [element.outerHTML.slice(0, 100), left >= -1 && right <= innerWidth + 1];
}"""


def reached(page: Page) -> dict[str, bool]:
    """Press Tab until it leads nowhere new."""
    stops = {}
    page.keyboard.press("Tab")
    while (stop := page.evaluate(REACHED)) is not None:
        stops[stop[0]] = stop[1]
        page.keyboard.press("Tab")
    return stops


def test_in_a_narrow_window_no_stop_lies_beside_it(narrow: Page) -> None:
    stops = reached(narrow)
    assert [stop for stop, inside in stops.items() if not inside] == []
    assert len([stop for stop in stops if 'class="menu"' in stop]) == 2


@pytest.mark.parametrize("key", ["Enter", "Space"])
@pytest.mark.parametrize(
    ("menu", "link"),
    [
        ("Toggle site navigation sidebar", ".sidebar-tree a"),
        ("Toggle table of contents sidebar", ".toc-tree li li a"),
    ],
)
def test_keys_open_a_menu_and_close_it(narrow: Page, key: str, menu: str, link: str) -> None:
    first = narrow.locator(link).first
    expect(first).to_be_hidden()
    button = narrow.get_by_role("button", name=menu)
    button.focus()
    narrow.keyboard.press(key)
    expect(first).to_be_visible()
    first.focus()
    expect(first).to_be_focused()
    narrow.keyboard.press("Escape")
    expect(first).to_be_hidden()
    expect(button).to_be_focused()


def test_keys_unfold_a_part_of_the_menu(browser: Browser, served: str) -> None:
    with opened(browser, f"{served}index.html", viewport={"width": 1280, "height": 800}) as page:
        switch = page.get_by_role("switch", name="Toggle navigation of Exercises")
        inside = page.locator(".sidebar-tree a[href='exercises/softmax.html']")
        expect(inside).to_be_hidden()
        switch.focus()
        label = page.locator(".toctree-checkbox:focus-visible + label")
        expect(label).to_have_css("outline-style", "solid")
        page.keyboard.press("Enter")
        expect(inside).to_be_visible()


# Of each mark that shows a number by its colour or length: whether it can be told from the page.
SEEN = """marks => marks.map((mark) => {
    const part = mark.matches(".pad-key") ? "::before" : null;
    const { backgroundColor } = getComputedStyle(mark, part);
    return backgroundColor !== getComputedStyle(document.body).backgroundColor;
})"""
MARKS = {
    "draw.html": [".bars i", ".pad-key"],
    "lesson/09_init.html": [".lab-histogram i"],
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", MARKS)
def test_numbers_are_seen_in_a_readers_own_colours(
    browser: Browser, served: str, name: str, scheme: str
) -> None:
    with opened(browser, served + name, forced_colors="active", color_scheme=scheme) as page:
        if name == "draw.html":
            page.locator("#pad-samples button").first.click()
            for paper in ("#pad-ink", "#pad-input"):
                expect(page.locator(paper)).to_have_css("outline-style", "solid")
        for marks in MARKS[name]:
            page.locator(marks).first.wait_for(state="attached")
            seen = page.eval_on_selector_all(marks, SEEN)
            assert seen
            assert all(seen), marks


BORDERS = """marks => marks.map((mark) => {
    const { borderBottomColor, borderBottomWidth } = getComputedStyle(mark);
    return borderBottomWidth + borderBottomColor;
})"""


@pytest.mark.parametrize(
    ("name", "all_of_them", "chosen"),
    [
        (STEP, ".step-head li a", "[aria-current]"),
        ("index.html", ".demo-pick button", "[aria-pressed=true]"),
    ],
)
def test_what_is_chosen_is_seen_in_a_readers_own_colours(
    browser: Browser, served: str, name: str, all_of_them: str, chosen: str
) -> None:
    with opened(browser, served + name, forced_colors="active") as page:
        borders = page.eval_on_selector_all(all_of_them, BORDERS)
        (own,) = page.eval_on_selector_all(all_of_them + chosen, BORDERS)
        assert len(borders) >= 10
        assert borders.count(own) == 1


def test_a_step_can_be_printed(browser: Browser, served: str, tmp_path: Path) -> None:
    tab = browser.new_page()
    tab.goto(served + STEP)
    tab.emulate_media(media="print")
    for part in (".sidebar-drawer", ".toc-drawer", ".related-pages", ".copy >> nth=0", ".panel"):
        expect(tab.locator(part)).to_be_hidden()
    cut = "blocks => blocks.filter((pre) => pre.scrollWidth > pre.clientWidth + 1).length"
    assert tab.eval_on_selector_all("pre", cut) == 0
    pdf = tab.pdf(path=tmp_path / "step.pdf", format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) < 20
    tab.close()


@pytest.mark.parametrize("name", ["shapes.html", STEP, "index.html"])
def test_on_paper_no_picture_is_cut_or_covered(browser: Browser, served: str, name: str) -> None:
    with opened(browser, served + name, viewport={"width": 700, "height": 900}) as page:
        page.emulate_media(media="print")
        foot = page.locator(".bottom-of-page").bounding_box()
        assert foot is not None
        pictures = page.locator("article :is(svg, img):visible").all()
        assert pictures
        for picture in pictures:
            box = picture.bounding_box()
            assert box is not None
            assert box["height"] < 24 / 2.54 * 96, "an A4 page without its margins"
            assert box["y"] + box["height"] <= foot["y"]


LEFT_BEHIND = ["true", "3", "null", '{"a": 1}', "[1, null]", "no JSON", ""]


@pytest.mark.parametrize("left", quick_for(LEFT_BEHIND, ["3", "no JSON"]))
def test_what_lies_in_the_store_is_survived(browser: Browser, served: str, left: str) -> None:
    context = browser.new_context()
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.add_init_script(
        f"""if (!sessionStorage.begun) {{
            sessionStorage.begun = "yes";
            for (const key of ["visited", "theme", "mnistlesson.visited"])
                localStorage.setItem(key, {left!r});
        }}"""
    )
    tab.goto(served + STEP)
    tab.click(".step-head li a >> nth=4")
    expect(tab.locator("h1")).to_contain_text("5.")
    expect(tab.locator(".step-head .visited")).to_have_text("4 (visited)")
    assert tab.evaluate("localStorage.getItem('visited')") == left, "another site's"
    assert complaints == []
    context.close()


def test_a_browser_that_keeps_nothing_shows_the_page(browser: Browser, served: str) -> None:
    context = browser.new_context()
    tab = context.new_page()
    # As where a reader has forbidden it. What Sphinx keeps there then fails, and nothing of ours.
    tab.add_init_script(
        """Object.defineProperty(window, "localStorage", {
            get() { throw new DOMException("forbidden", "SecurityError"); },
        });"""
    )
    tab.goto(served + STEP)
    expect(tab.locator(".step-head [aria-current]")).to_have_text("4")
    expect(tab.locator("button.copy").first).to_be_attached()
    expect(tab.locator("body")).to_have_attribute("data-theme", "auto")
    context.close()
