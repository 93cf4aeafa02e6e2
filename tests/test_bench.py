"""The softmax bench and the initialisation lab: they show what PyTorch computes."""

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
import torch
from mnistlesson import check, data
from mnistlesson.models import Network, raw_mlp, raw_parameters
from playwright.sync_api import Browser, Page, expect
from torch import Tensor, nn

from support.browsing import opened, violations
from support.site import page as parsed

SOFTMAX, INIT = "lesson/04_softmax.html", "lesson/09_init.html"
VARIANTS = 288
SHOWN = {"use_inner_text": True}


@pytest.fixture
def bench(browser: Browser, base: str) -> Iterator[Page]:
    """Open the softmax bench."""
    with opened(browser, base + SOFTMAX) as page:
        yield page


@pytest.fixture
def lab(browser: Browser, base: str) -> Iterator[Page]:
    """Open the initialisation lab."""
    with opened(browser, base + INIT) as page:
        yield page


@functools.cache
def batch(size: int, factor: int) -> Tensor:
    """Return scores of step 4."""
    images, _ = data.first_batch()
    torch.manual_seed(0)
    return factor * raw_mlp(images.flatten(1), *raw_parameters())[:size]


# Every combination of the choices, and what the page then shows.
ALL = """() => {
    const bench = document.getElementById("softmax-bench");
    const groups = Array.from(bench.querySelectorAll("fieldset"), (fieldset) =>
        Array.from(fieldset.querySelectorAll("input")));
    const text = (name) => document.getElementById(`bench-${name}`).innerText;
    const label = (group) => group.find((input) => input.checked).parentNode.innerText.trim();
    const seen = [];
    const choose = (at) => {
        for (const input of groups[at] ?? []) {
            input.click();
            choose(at + 1);
        }
        if (at < groups.length) return;
        const lines = text("outcome").split("\\n");
        seen.push([groups.map(label), text("code"), lines, text("verdict")]);
    };
    choose(0);
    return seen;
}"""


@functools.cache
def defined(code: str) -> Callable[[Tensor], Tensor]:
    """Return the function that the code on the page defines."""
    names: dict[str, Any] = {"torch": torch}
    exec(code, names)  # noqa: S102 - the code that the page shows
    softmax: Callable[[Tensor], Tensor] = names["softmax"]
    return softmax


@functools.cache
def verdict_on(code: str) -> str:
    """Return what the check of the exercise says of the code."""
    return str(check.softmax(defined(code)).says)


def raised(softmax: Callable[[Tensor], Tensor], x: Tensor) -> str:
    """Return the error that a function raises, as the page writes it, or nothing."""
    try:
        softmax(x)
    except RuntimeError as error:
        return f"RuntimeError: {error}"
    return ""


class Answers(NamedTuple):
    """What the bench shows for each combination, and the words of its table."""

    seen: list[tuple[list[str], str, list[str], str]]
    words: list[str]


@pytest.fixture(scope="session")
def answers(browser: Browser, served: str) -> Answers:
    """Try every combination on the bench, and open its table."""
    with opened(browser, served + SOFTMAX) as page:
        seen = page.evaluate(ALL)
        page.click(".panel-table summary")
        return Answers(seen, page.locator(".panel-table tbody td").all_inner_texts())


@pytest.mark.digits
def test_the_bench_shows_what_pytorch_answers(answers: Answers) -> None:
    seen = answers.seen
    assert len({tuple(choice) for choice, *_ in seen}) == 2 * VARIANTS
    codes = set()
    for choice, code, outcome, verdict in seen:
        softmax = defined(code)
        x = batch(int(choice[5]), 100 if "100" in choice[6] else 1)
        if error := raised(softmax, x):
            assert outcome == [error]
        else:
            result = softmax(x)
            same = torch.allclose(result, torch.softmax(x, dim=1), atol=1e-6)
            assert outcome[0] == f"shape: {tuple(result.shape)}"
            assert outcome[2].startswith("the same numbers" if same else "not the numbers")
            sums = result.sum(dim=1)
            assert ("NaN" in outcome[1]) == bool(sums.isnan().any())
            assert (outcome[1] == "row sums: all 1") == torch.allclose(sums, torch.ones(len(x)))
        # The choices are what the code says.
        assert ("x.max()" in code, "amax(dim=0" in code, "amax(dim=1" in code) == (
            choice[0] == "the highest of all",
            choice[0] == "each column's highest",
            choice[0] == "each row's highest",
        )
        assert code.count("torch.exp") == [choice[1], choice[2]].count("with exp")
        assert f".sum({choice[3]}" in code
        assert ("keepdim" in code.rpartition(".sum")[2]) == (choice[4] == "keepdim=True")
        assert verdict == verdict_on(code)
        codes.add(code)
    assert len(codes) == VARIANTS // 3


def test_the_bench_answers_to_keys(bench: Page) -> None:
    expect(bench.locator("#bench-outcome")).to_contain_text("must match the size of tensor b (64)")
    bench.focus("input[name=bench-keepdim]")
    bench.keyboard.press("ArrowDown")
    expect(bench.locator("#bench-outcome")).to_contain_text("the same numbers as torch.softmax")


def test_the_bench_marks_what_the_last_choice_changed(bench: Page) -> None:
    mark, change = bench.locator("#bench-code mark"), bench.locator(".bench-change")
    expect(change).to_be_hidden()
    bench.check("input[name=bench-keepdim] >> nth=1")
    expect(mark).to_have_text(", keepdim=True")
    expect(change).to_have_text("What your last choice put into the code is marked.", **SHOWN)
    bench.check("input[name=bench-dim] >> nth=0")
    expect(mark).to_have_text("dim=0")
    expect(change).to_contain_text("Your last choice took out dim=1.", **SHOWN)
    bench.check("input[name=bench-keepdim] >> nth=0")
    expect(mark).to_have_count(0)
    expect(change).to_have_text("Your last choice took out , keepdim=True.", **SHOWN)
    bench.check("input[name=bench-size] >> nth=1")
    expect(mark).to_have_count(0)
    expect(change).to_have_text("Your last choice left the code as it was.", **SHOWN)


@pytest.mark.parametrize("page", [SOFTMAX, INIT])
def test_without_scripts_a_sentence_leads_to_the_table(
    unscripted: Browser, base: str, page: str
) -> None:
    tab = unscripted.new_page()
    tab.goto(base + page)
    expect(tab.locator(".panel")).to_be_hidden()
    expect(tab.locator("noscript p")).to_contain_text("The table below has all of its answers.")
    summary = tab.locator(".panel-table summary")
    expect(summary).to_be_visible()
    summary.click()
    rows = 96 if page == SOFTMAX else 31
    expect(tab.locator(".panel-table tbody tr")).to_have_count(rows)
    expect(tab.locator(".panel-table tbody tr").first).to_be_visible()
    tab.close()


def test_the_table_agrees_with_the_bench(answers: Answers) -> None:
    assert len(answers.words) == len(answers.seen)
    for word, (_, _, outcome, _) in zip(answers.words, answers.seen, strict=True):
        kind = {"error": "Error: ", "NaN": "NaN", "right": "the same numbers", "wrong": "not the"}[
            word
        ]
        assert kind in " ".join(outcome)
        assert (word == "right") == outcome[-1].startswith("the same numbers")


@pytest.mark.digits
def test_the_lab_shows_real_runs(lab: Page) -> None:
    images, _ = data.first_batch()
    inputs = images.flatten(1)
    slider = lab.locator("#lab-scale")
    count = int(slider.get_attribute("max") or 0) + 1
    assert count == 31
    for position in range(count):
        slider.fill(str(position))
        std = float(lab.inner_text("#lab-std"))
        model = Network()
        measured = []
        for seed in reversed(range(20)):  # the first network is looked at below
            torch.manual_seed(seed)
            for layer in (model.hidden, model.output):
                nn.init.normal_(layer.weight, std=std)
                nn.init.zeros_(layer.bias)
            with torch.no_grad():
                hidden = torch.sigmoid(model.hidden(inputs))
                probabilities = torch.softmax(model(inputs), dim=1)
            saturated = ((hidden < 0.01) | (hidden > 0.99)).float().mean()
            entropy = torch.special.entr(probabilities).sum(dim=1).mean()
            measured.append(torch.stack([saturated, probabilities.amax(dim=1).mean(), entropy]))
        saturated, top, entropy = torch.stack(measured).mean(dim=0)
        says = lab.inner_text("#lab-says")
        share, shown_top, shown_entropy = re.findall(r"[\d.]+(?=%)|(?<= )\d\.\d\d(?= )", says)[:3]
        assert float(share) == pytest.approx(100 * saturated.item(), abs=0.51)
        assert float(shown_top) == pytest.approx(top.item(), abs=0.0051)
        assert float(shown_entropy) == pytest.approx(entropy.item(), abs=0.0051)
        best = lab.locator("#lab-bars .best .digit").inner_text()
        assert int(best) == probabilities[0].argmax()
        heights = lab.eval_on_selector_all(
            "#lab-hidden i", "bars => bars.map((bar) => parseFloat(bar.style.height))"
        )
        counts = torch.histc(hidden, len(heights), 0, 1)
        assert torch.allclose(torch.tensor(heights), 100 * counts / counts.max(), atol=0.1)


@pytest.mark.digits
def test_the_lab_agrees_with_the_step(lab: Page) -> None:
    page = parsed(INIT).get_text()
    printed = re.findall(r"^ *([\d.]+) +(\d+)% +([\d.]+) +([\d.]+)$", page, re.MULTILINE)
    assert len(printed) == 7
    lab.click(".panel-table summary")
    rows = dict(
        row.split("\t", 1) for row in lab.locator(".panel-table tbody tr").all_inner_texts()
    )
    # Its finer ruler has 0.0032 and 0.032 where the step has 0.003 and 0.03.
    shared = [row for row in printed if row[0].removesuffix(".0") in {"0.001", "0.01", "0.1", "1"}]
    assert len(shared) == 4
    for std, saturated, top, entropy in shared:
        assert rows[std] == f"{saturated}%\t{top}\t{entropy}"


@pytest.mark.parametrize(
    ("page", "width"), [(SOFTMAX, 375), pytest.param(INIT, 1280, marks=pytest.mark.slow)]
)
def test_axe_finds_no_violation(browser: Browser, served: str, page: str, width: int) -> None:
    tab = browser.new_page(viewport={"width": width, "height": 800})
    tab.goto(served + page)
    tab.click(".panel-table summary")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(tab) == ""
    tab.close()
