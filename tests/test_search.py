"""The site's own search finds an error by its message, as a learner would paste it."""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Browser, Page, expect

from support.browsing import opened
from support.messages import MESSAGES
from support.site import ROOT, SITE, page

# What a learner types: a word, or what is remembered of an error or of a question.
WORDS = {
    "shapes cannot be multiplied": "errors#error-mat1-mat2",
    "mat1 mat2": "errors#error-mat1-mat2",
    "loss": "glossary#term-loss",
    "probability": "glossary#term-probability-distribution",
    "vanishing gradient": "glossary#term-saturate",
    "nan": "errors#error-nan",
    "negative loss": "errors#error-negative-loss",
    "freeze_support": "errors#error-spawn",
    "conda": "errors#error-conda",
    "cuda": "errors#error-cuda",
    "retain_graph": "errors#error-twice",
    "weights_only": "errors#error-weights-only",
    "figure not showing": "install#without-a-display",
    "colab": "install#on-colab",
    "windows": "install#on-windows",
    "macos": "install#on-macos",
    "jupyter": "install#the-package",
    "install": "install",
    "resize_ past the end": "silent#silent-resize",
    "softmax before CrossEntropyLoss": "silent#silent-loss",
    "forgotten eval": "silent#silent-eval",
    "num_workers": "questions#should-i-set-num-workers",
    "NLLLoss": "questions#nllloss-or-crossentropyloss",
    "nn.Flatten": "questions#view-reshape-or-flatten",
    "zero_grad": "questions#why-optimizer-zero-grad",
    "loss not decreasing": "questions#why-does-my-loss-not-fall",
    "network does not learn": "questions#why-does-my-loss-not-fall",
    "reproducible": "questions#why-does-my-accuracy-differ-from-that-on-the-page",
    "gpu": "questions#do-i-need-a-gpu",
    "offline": "questions#do-i-need-a-network-connection",
    "internet": "questions#do-i-need-a-network-connection",
    "license": "questions#under-which-licence-may-i-use-it",
    "licence": "questions#under-which-licence-may-i-use-it",
    "cite": "questions#how-do-i-cite-it",
    "bug": "questions#i-have-found-a-mistake-whom-do-i-tell",
    "mnist": "questions#where-do-the-digits-come-from",
    "cnn": "questions#what-should-i-learn-next",
    "neuron": "glossary#term-neuron",
    "neurons": "glossary#term-neuron",
    "overfitting": "glossary#term-overfitting",
    "overfit": "glossary#term-overfitting",
    "learning rate": "glossary#term-learning-rate",
    "optimizers": "glossary#term-optimizer",
    "sgd": "glossary#term-SGD",
    "gradient descent": "glossary#term-gradient-descent",
    "stochastic gradient descent": "glossary#term-stochastic-gradient-descent",
    "dropout": "glossary#term-dropout",
    "gradient": "glossary#term-gradient",
    "backprop": "glossary#term-backpropagation",
    "mini-batch": "glossary#term-minibatch",
    "epochs": "glossary#term-epoch",
    "bias": "glossary#term-bias",
    "softmax": "glossary#term-softmax",
    "relu": "glossary#term-ReLU",
    "tensor": "glossary#term-tensor",
    "normalize": "glossary#term-normalise",
    "loss function": "glossary#term-loss",
    "cross entropy": "glossary#term-cross-entropy",
    "activation functions": "glossary#term-activation-function",
    "hyperparameters": "glossary#term-hyperparameter",
    "weight": "glossary#term-weight",
    "training loop": "lesson/12_training",
    "save model": "lesson/12_training",
    "prediction": "lesson/10_forward",
    "OrderedDict": "lesson/08_sequential",
}

NOWHERE = [
    "nowherefound",
    "kubernetes",
    "blockchain wallet",
    "how to bake bread",
    "TypeError: xyzzy",
]
WORDLESS = [
    "/home/ann/mnist/net.py",
    "C:\\Users\\Ann\\net.py",
    "%",
    "(",
    "()",
    "...",
    "1797",
    "28 28",
    "[64, 784]",
    "the",
]

SEARCH_WORDS = ROOT / "docs" / "_ext" / "lesson_site" / "html" / "search_words.toml"
ANCHORS = re.findall(
    r"^\((error-.+)\)=$", (ROOT / "docs/errors.md").read_text("utf-8"), re.MULTILINE
)


def listen(tab: Page) -> list[str]:
    """Return the list that fills with what the page complains of."""
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("requestfailed", lambda request: complaints.append(request.url))
    return complaints


@pytest.fixture(scope="module")
def first(browser: Browser, base: str) -> Iterator[Callable[[Iterable[str]], dict[str, str]]]:
    """Return a function that searches for texts on one page, and tells the first result of each.

    Where there is none, it tells what the page says.
    """
    with opened(browser, f"{base}search.html?q=begin") as tab:
        tab.get_by_text("Search finished").wait_for()

        def search(queries: Iterable[str]) -> dict[str, str]:
            told: dict[str, str] = tab.evaluate(FIRST_RESULTS, list(queries))
            return told

        yield search


FIRST_RESULTS = """
(queries) => Object.fromEntries(queries.map((query) => {
  const results = document.getElementById("search-results");
  results.replaceChildren();
  Search.performSearch(query);
  const link = results.querySelector("li a");
  return [query, link?.getAttribute("href") ?? results.querySelector("p").innerText];
}))
"""


def test_the_sentences_under_a_result_are_whole() -> None:
    """As on the page: a link without words of its own would have none yet when they are kept."""
    script = (SITE / "_static" / "search_sentences.js").read_text(encoding="ascii")
    kept = json.loads(script.removeprefix("const SENTENCES = ").removesuffix(";\n"))
    assert kept
    for name, sentences in kept.items():
        told = page(f"{name}.html").select_one('meta[name="description"]')
        assert told is not None
        assert sentences[""] in {"", told["content"]}, name


def test_there_are_enough() -> None:
    assert len(MESSAGES) >= 60
    assert len(WORDS) >= 40
    # A negative loss has no message.
    with_message = {f"errors#{anchor}" for anchor in ANCHORS} - {"errors#error-negative-loss"}
    assert with_message <= set(MESSAGES.values())


def test_each_query_leads_to_its_entry_first(
    first: Callable[[Iterable[str]], dict[str, str]],
) -> None:
    expected = {
        query: ".html#".join(place.split("#")) if "#" in place else f"{place}.html"
        for query, place in (MESSAGES | WORDS).items()
    }
    assert first(expected) == expected


def test_what_is_nowhere_is_not_found(first: Callable[[Iterable[str]], dict[str, str]]) -> None:
    for query, told in first(NOWHERE).items():
        assert told.startswith("Your search did not match any documents"), (query, told)


def test_a_query_without_words_says_so(first: Callable[[Iterable[str]], dict[str, str]]) -> None:
    for query, told in first(WORDLESS).items():
        assert told.startswith("No word of your query counts"), (query, told)


def test_other_words_lead_to_places_that_exist() -> None:
    for name, places in tomllib.loads(SEARCH_WORDS.read_text(encoding="utf-8")).items():
        for anchor in filter(None, places):
            assert page(f"{name}.html").find(id=anchor), f"{name}.html#{anchor}"


@pytest.mark.parametrize(
    ("query", "anchor"),
    [
        ("RuntimeError: shape '[64, 784]' is invalid for input of size 9", "error-view-size"),
        ("forgotten eval", "silent-eval"),
    ],
)
def test_a_message_leads_to_its_entry(browser: Browser, base: str, query: str, anchor: str) -> None:
    tab = browser.new_page()
    complaints = listen(tab)
    tab.goto(f"{base}search.html?q={quote_plus(query)}")
    tab.get_by_text("Search finished").wait_for()

    first = tab.locator("#search-results li a").first
    name = "errors" if anchor.startswith("error-") else "silent"
    assert first.get_attribute("href") == f"{name}.html#{anchor}"
    tab.wait_for_load_state("networkidle")
    # The sentences with which the entry begins, from a folder too.
    told = tab.locator("#search-results li p.context").first.inner_text()
    prose = page(f"{name}.html").select_one(f"section:has(> #{anchor}), section#{anchor}")
    assert prose is not None
    assert told.rstrip("…") in " ".join(prose.get_text().split())

    first.click()
    tab.wait_for_url(f"{base}{name}.html#{anchor}")
    assert tab.locator(f"#{anchor} h3").is_visible()
    assert complaints == []
    tab.close()


def test_results_are_shown_by_kind_under_one_title(browser: Browser, base: str) -> None:
    with opened(browser, f"{base}search.html?q=softmax") as tab:
        tab.get_by_text("Search finished").wait_for()
        assert tab.locator("h1").all_inner_texts() == ["Search"]
        kinds = tab.locator("#search-results h2").all_inner_texts()
        assert len(set(kinds)) == len(kinds) > 3
        assert kinds[0] == "Terms", "the kind of the best result first"
        steps = tab.locator("h2:text-is('Steps') + ul a").evaluate_all(
            "all => all.map(a => a.pathname)"
        )
        assert steps
        assert all("/lesson/" in step for step in steps)


PASTED = """messages => messages.map((message) => {
    const field = document.getElementById("filter");
    field.value = message;
    field.dispatchEvent(new Event("input"));
    const shown = [...document.querySelectorAll("article section section > h3")];
    const anchors = [...document.querySelectorAll("article li > p > a[href^='#error-']")];
    return [
        anchors.filter((link) => link.checkVisibility()).map((link) => link.hash.slice(1)),
        shown.filter((heading) => heading.checkVisibility()).length,
    ];
})"""


def test_a_pasted_message_leaves_its_entry_and_few_others(browser: Browser, base: str) -> None:
    pasted = {m: place[7:] for m, place in MESSAGES.items() if place.startswith("errors#")}
    with opened(browser, f"{base}errors.html") as tab:
        found = tab.evaluate(PASTED, [*pasted])
        for (message, anchor), (anchors, sections) in zip(pasted.items(), found, strict=True):
            assert anchor in anchors, message
            assert len(anchors) == sections <= 8, (message, anchors)
        tab.fill("#filter", "")
        assert tab.locator("article section section > h3:visible").count() == len(ANCHORS)
        tab.fill("#filter", "how to bake bread")
        expect(tab.locator("#filter-told")).to_contain_text("No entry fits")


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
    for query, step in (("flatten", "02_flatten"), ("broadcasting", "03_raw_mlp")):
        tab.goto(f"{base}search.html?q={query}")
        tab.get_by_text("Search finished").wait_for()
        links = tab.locator("#search-results li a")
        found = [str(link.get_attribute("href")).partition("#")[0] for link in links.all()]
        assert f"lesson/{step}.html" in found[:5]
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
