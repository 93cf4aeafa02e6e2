"""The site in a real browser: quiet, private, at any width, with a mouse, with keys."""

from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from support.browsing import opened, violations
from support.site import PAGES, of_digits, page_name
from support.slow import quick_for

NAMES = [page_name(page) for page in PAGES]
STEP = "lesson/04_softmax.html"
# One page of each kind.
KINDS = ["index.html", STEP, "exercises/softmax.html", "silent.html", "api/data.html"]
Scheme = Literal["light", "dark"]

# Notes what of a page's text has moved.
SHIFTS = """
window.moved = [];
new PerformanceObserver((list) => {
  for (const {node} of list.getEntries().flatMap((entry) => entry.sources))
    if (document.querySelector("article").contains(node)) window.moved.push(node.textContent);
}).observe({type: "layout-shift", buffered: true});
"""


@pytest.mark.parametrize("scheme", quick_for(["light", "dark"], ["dark"]))
@pytest.mark.parametrize("page", ["index.html", "lesson/index.html", "lesson/09_init.html"])
def test_nothing_moves(browser: Browser, served: str, page: str, scheme: Scheme) -> None:
    tab = browser.new_page(viewport={"width": 375, "height": 800}, color_scheme=scheme)
    tab.add_init_script(SHIFTS)
    tab.goto(served + page, wait_until="networkidle")
    for image in tab.locator("img:visible").all():
        image.scroll_into_view_if_needed()
        image.evaluate("image => image.decode()")
    assert tab.evaluate("window.moved") == []
    tab.close()


def open_all(tab: Page, page: str) -> None:
    """Open a page, and all that is folded on it."""
    tab.goto(page)
    tab.evaluate("document.querySelectorAll('details').forEach((part) => (part.open = true))")


# Which of the pictures that are to be seen cannot be drawn, once a reader has come to them.
UNDRAWN = """async () => {
    const undrawn = [];
    for (const image of document.images) {
        if (!image.checkVisibility({ visibilityProperty: true })) continue;
        image.scrollIntoView();
        await image.decode().catch(() => {});
        if (!image.naturalWidth) undrawn.push(image.src);
    }
    return undrawn;
}"""
CODE = ":is(.cell_input, [class*=highlight-]:not(.cell *, .highlight-none, .highlight-text)) pre"
SCROLLED = """blocks => blocks.filter((pre) => pre.scrollWidth > pre.clientWidth + 1)
    .map((pre) => pre.innerText)"""
# A phone, a desktop, and a desktop at 400%.
WIDTHS = (375, 1280, 320)


# From a folder, where a browser allows less, every page; from a server those of each kind. Always a
# page of each kind from a folder, and from a server the widest; the others among the slow tests.
WIDEST = [
    "lesson/12_training.html",
    "errors.html",
    "changes.html",
    "exercises/mistakes/network.html",
]
ASKED = {"folder": (NAMES, KINDS), "server": ([*WIDEST, *KINDS, "draw.html"], WIDEST)}
PLACES = [
    pytest.param(
        base,
        name,
        marks=of_digits(name) * (base == "folder") + [pytest.mark.slow] * (name not in quick),
    )
    for base, (names, quick) in ASKED.items()
    for name in names
]


@pytest.mark.parametrize(("base", "page"), PLACES, indirect=["base"])
def test_a_page_is_quiet_asks_nobody_else_and_fits_any_width(
    browser: Browser, base: str, page: str
) -> None:
    tab = browser.new_page(viewport={"width": 375, "height": 800})
    complaints: list[str] = []
    requests: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("requestfailed", lambda request: complaints.append(request.url))
    tab.on("request", lambda request: requests.append(request.url))

    open_all(tab, base + page)
    assert tab.evaluate(UNDRAWN) == []
    assert tab.locator("h1").count() == 1
    # What is wider than the page scrolls in its own box; code wraps.
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 800})
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert tab.eval_on_selector_all(CODE, SCROLLED) == []

    tab.wait_for_load_state("networkidle")
    assert complaints == []
    assert [url for url in requests if not url.startswith((base, "data:"))] == []
    assert tab.context.cookies() == []
    tab.close()


@pytest.mark.parametrize("width", [375, 1280])
def test_no_formula_is_cut_off(browser: Browser, served: str, width: int) -> None:
    heights = "boxes => boxes.map((box) => [box.scrollHeight, box.clientHeight])"
    for step in ("03_raw_mlp", "04_softmax", "07_activations"):
        viewport = {"width": width, "height": 800}
        with opened(browser, f"{served}lesson/{step}.html", viewport=viewport) as page:
            formulas = page.eval_on_selector_all("div.math", heights)
            assert formulas
            assert all(whole <= shown for whole, shown in formulas), (step, formulas)


def test_an_error_message_wraps_on_a_phone(browser: Browser, served: str) -> None:
    tab = browser.new_page(viewport={"width": 390, "height": 800})
    open_all(tab, f"{served}errors.html")
    cut = "blocks => blocks.map((pre) => pre.scrollWidth - pre.clientWidth)"
    widths = tab.eval_on_selector_all(".output.traceback pre", cut)
    assert len(widths) > 20
    assert set(widths) == {0}
    tab.close()


@pytest.mark.parametrize(
    ("width", "scheme"), [(375, "dark"), pytest.param(1280, "light", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize(
    "page", quick_for([page for page in KINDS if page != STEP], ["index.html", "silent.html"])
)
def test_axe_finds_no_violation(
    browser: Browser, served: str, page: str, width: int, scheme: Scheme
) -> None:
    """On a page of each kind, steps apart (test_bench); ``make site-audit`` looks at all."""
    tab = browser.new_page(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    open_all(tab, served + page)
    assert violations(tab) == ""
    tab.close()


def test_the_policy_forbids_what_is_not_the_sites(browser: Browser, base: str) -> None:
    """It is in force, from a server and from a folder: a script in the page does not run."""
    tab = browser.new_page()
    tab.goto(base + STEP)
    refused: list[str] = []
    tab.on("console", lambda message: refused.append(message.text))
    tab.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "document.title = 'ran'";
            document.body.append(script);
            const image = document.createElement("img");
            image.src = "http://127.0.0.2/elsewhere.png";
            document.body.append(image);
        }"""
    )
    while len(refused) < 2:
        tab.wait_for_event("console")
    assert tab.title() != "ran"
    assert all("Content Security Policy" in text for text in refused)
    tab.close()


def focused(tab: Page) -> str:
    """Return the text, name or value of what has the focus."""
    return str(
        tab.evaluate(
            "(document.activeElement.innerText || document.activeElement.ariaLabel || '').trim()"
        )
    )


# What has the focus: noted as reached; and whether one sees that it has it.
REACH = """() => {
    const element = document.activeElement;
    if (element === document.body || "reached" in element.dataset) return null;
    element.dataset.reached = "";
    const { outlineStyle, boxShadow } = getComputedStyle(element);
    return [element.outerHTML.slice(0, 100), outlineStyle !== "none" || boxShadow !== "none"];
}"""
# Of a group of radio buttons, Tab reaches the one that is chosen, and arrows the others.
MISSED = """() => {
    const all = document.querySelectorAll("[role=main] :is(a, button, summary, input)");
    return Array.from(all)
        .filter((element) => element.checkVisibility({ visibilityProperty: true }))
        .filter((element) => element.type !== "radio" || element.checked)
        .filter((element) => !("reached" in element.dataset))
        .map((element) => element.outerHTML.slice(0, 100));
}"""


@pytest.mark.parametrize("page", quick_for(KINDS, [STEP, "exercises/softmax.html"]))
def test_keys_reach_everything_and_show_where(browser: Browser, served: str, page: str) -> None:
    tab = browser.new_page(viewport={"width": 1280, "height": 800})
    tab.goto(served + page)
    tab.keyboard.press("Tab")
    unseen = []
    while (here := tab.evaluate(REACH)) is not None:
        text, seen = here
        unseen += [] if seen else [text]
        tab.keyboard.press("Tab")
    assert unseen == []
    assert tab.evaluate(MISSED) == []
    tab.close()


def test_the_first_link_skips_to_the_content(browser: Browser, served: str) -> None:
    tab = browser.new_page(viewport={"width": 1280, "height": 800})
    tab.goto(served + STEP)
    for _ in range(3):
        tab.keyboard.press("Tab")
        if focused(tab) == "Skip to content":
            break
    else:
        pytest.fail("no link skips to the content")
    tab.keyboard.press("Enter")
    assert tab.evaluate("location.hash") == "#furo-main-content"
    tab.close()


def test_visited_steps_are_marked_in_this_browser_only(browser: Browser, base: str) -> None:
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(base + STEP)
    assert tab.locator(".step-head .visited").count() == 0
    expect(tab.locator(".step-head [aria-current]")).to_have_text("4")
    tab.click(".step-head li a >> nth=4")
    expect(tab.locator("h1")).to_contain_text("5.")
    expect(tab.locator(".step-head .visited")).to_have_text("4 (visited)")
    other = browser.new_context().new_page()
    other.goto(base + STEP)
    assert other.locator(".step-head .visited").count() == 0
    other.close()
    context.close()


def test_code_can_be_copied(browser: Browser, served: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(served + STEP)
    block = tab.locator("div.highlight-Python, div.highlight-python").nth(1)
    block.hover()
    block.get_by_role("button", name="Copy").click()
    expect(block.get_by_role("button")).to_have_text("Copied")
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("scores = torch.tensor([1.0, 2.0, 3.0])\n")
    assert "Copy" not in copied

    tab.goto(f"{served}contributing.html")
    block = tab.locator("div.highlight-console").first
    block.hover()
    block.get_by_role("button", name="Copy").click()
    expect(block.get_by_role("button")).to_have_text("Copied")
    lines = tab.evaluate("navigator.clipboard.readText()").splitlines()
    assert lines[0].startswith("make html")
    assert not [line for line in lines if line.startswith("$")]
    context.close()


MOVING = """elements => elements.filter((element) => {
    const style = getComputedStyle(element);
    const slow = style.transitionProperty !== "none" && parseFloat(style.transitionDuration) > 0;
    return slow || style.animationName !== "none";
}).length"""


def test_nothing_moves_for_a_reader_who_wants_that(browser: Browser, served: str) -> None:
    tab = browser.new_page(reduced_motion="reduce")
    for page in KINDS:
        tab.goto(served + page)
        assert tab.eval_on_selector_all("*", MOVING) == 0, page
    tab.close()
    # Others see some: the count can fail.
    tab = browser.new_page(reduced_motion="no-preference")
    tab.goto(served + STEP)
    assert tab.eval_on_selector_all("*", MOVING) > 0
    tab.close()


def test_the_theme_that_is_chosen_stays(browser: Browser, base: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    tab = context.new_page()
    tab.goto(base + STEP)
    colour = "getComputedStyle(document.body).backgroundColor"
    light = tab.evaluate(colour)
    for _ in range(3):
        tab.locator(".theme-toggle:visible").click()
        if tab.evaluate("document.body.dataset.theme") == "dark":
            break
    dark = tab.evaluate(colour)
    assert dark != light
    tab.goto(base + "index.html")
    assert tab.evaluate(colour) == dark
    context.close()


def test_links_to_other_sites_are_only_followed(browser: Browser, served: str) -> None:
    """A page names other sites, and asks none of them for anything."""
    tab = browser.new_page()
    tab.goto(served + STEP)
    hosts = {
        urlsplit(url).netloc
        for url in tab.eval_on_selector_all("a[href^=http]", "links => links.map((a) => a.href)")
    }
    assert any("pytorch" in host for host in hosts)
    assert (
        tab.locator("link[rel=preconnect], link[rel=dns-prefetch], link[rel=prefetch]").count() == 0
    )
    tab.close()
