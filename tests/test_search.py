"""The site's own search finds an error by its message, as a learner would paste it."""

from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Browser, Page

# What a learner pastes: the words of a message, with the learner's own numbers and names; or what a
# learner remembers of it.
QUERIES = {
    "'_SingleProcessDataLoaderIter' object has no attribute 'next'": "error-next",
    "AttributeError: '_MultiProcessingDataLoaderIter' object has no attribute 'next'": "error-next",
    "ModuleNotFoundError: No module named 'helper'": "error-helper",
    "RuntimeError: operator torchvision::nms does not exist": "error-nms",
    "RuntimeError: Error downloading train-images-idx3-ubyte.gz": "error-download",
    "mat1 and mat2 shapes cannot be multiplied": "error-mat1-mat2",
    "RuntimeError: mat1 and mat2 shapes cannot be multiplied (32x28 and 784x128)": (
        "error-mat1-mat2"
    ),
    "The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 0": (
        "error-size"
    ),
    "AttributeError: cannot assign module before Module.__init__() call": "error-module-init",
    "a leaf Variable that requires grad is being used in an in-place operation.": "error-leaf",
    "view size is not compatible with input tensor's size and stride (at least one dimension spans "
    "across two contiguous subspaces). Use .reshape(...) instead.": "error-view-stride",
    "element 0 of tensors does not require grad and does not have a grad_fn": "error-no-grad",
    "IndexError: Target 10 is out of bounds.": "error-target",
    "Missing key(s) in state_dict": "error-state-dict",
    "Expected all tensors to be on the same device": "error-device",
    "RuntimeError: mat1 and mat2 must have the same dtype, but got Double and Float": "error-dtype",
    "shape '[64, 784]' is invalid for input of size 31360": "error-view-size",
    "nan": "error-nan",
    'Unexpected key(s) in state_dict: "0.weight"': "error-state-dict",
    "resize_ past the end": "silent-resize",
    "softmax before CrossEntropyLoss": "silent-loss",
    "forgotten eval": "silent-eval",
}


def listen(tab: Page) -> list[str]:
    """Return the list that fills with what the page complains of."""
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("requestfailed", lambda request: complaints.append(request.url))
    return complaints


@pytest.mark.parametrize(("query", "anchor"), QUERIES.items(), ids=lambda text: text[:40])
def test_a_message_leads_to_its_entry(browser: Browser, base: str, query: str, anchor: str) -> None:
    tab = browser.new_page()
    complaints = listen(tab)
    tab.goto(f"{base}search.html?q={quote_plus(query)}")
    tab.get_by_text("Search finished").wait_for()

    first = tab.locator("#search-results li a").first
    page = "errors" if anchor.startswith("error-") else "silent"
    assert first.get_attribute("href") == f"{page}.html#{anchor}"
    tab.wait_for_load_state("networkidle")
    # A server lets the search quote each page; a folder does not.
    quotes = tab.locator("#search-results li:first-child p.context").count()
    assert quotes == base.startswith("http")

    first.click()
    tab.wait_for_url(f"{base}{page}.html#{anchor}")
    assert tab.locator(f"#{anchor} h3").is_visible()
    assert complaints == []
    tab.close()


def test_a_search_begins_on_any_page(browser: Browser, base: str) -> None:
    tab = browser.new_page(viewport={"width": 1280, "height": 800})
    complaints = listen(tab)
    tab.goto(f"{base}lesson/04_softmax.html")
    tab.get_by_role("textbox", name="Search").fill("Dimension out of range")
    tab.keyboard.press("Enter")
    tab.get_by_text("Search finished").wait_for()
    first = tab.locator("#search-results li a").first
    assert first.get_attribute("href") == "errors.html#error-dim"
    assert complaints == []
    tab.close()


def test_a_short_query_is_not_answered_by_headings_alone(browser: Browser, base: str) -> None:
    tab = browser.new_page()
    complaints = listen(tab)
    for query, page in (("flatten", "02_flatten"), ("broadcasting", "03_raw_mlp")):
        tab.goto(f"{base}search.html?q={query}")
        tab.get_by_text("Search finished").wait_for()
        links = tab.locator("#search-results li a")
        found = [link.get_attribute("href") for link in links.all()]
        assert f"lesson/{page}.html" in found[:5]
    assert complaints == []
    tab.close()


def test_words_of_the_text_are_found_too(browser: Browser, base: str) -> None:
    tab = browser.new_page()
    complaints = listen(tab)
    tab.goto(f"{base}search.html?q=hyperbolic+tangent")
    tab.get_by_text("Search finished").wait_for()
    links = tab.locator("#search-results li a").evaluate_all("all => all.map(a => a.pathname)")
    assert any(link.endswith("lesson/07_activations.html") for link in links)
    tab.wait_for_load_state("networkidle")  # or leaving the page breaks off what it still asks for
    tab.goto(f"{base}search.html?q=nowherefound")
    tab.get_by_text("did not match any documents").wait_for()
    assert complaints == []
    tab.close()
