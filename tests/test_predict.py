"""Questions before outputs: each has one answer, which the run gives, and anybody can choose."""

import copy
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Literal

import pytest
from bs4 import Tag
from docutils import nodes
from playwright.sync_api import Browser, Locator, Page, expect
from sphinx.errors import ExtensionError

from lesson_site.downloads import notebooks
from lesson_site.practice import predict
from support.browsing import opened, violations
from support.site import ROOT, STEPS, of_step
from support.slow import in_a_scheme, quick_for

STEP = "lesson/04_softmax.html"
QUESTIONS = {step.stem: predict.read(predict.file_of(ROOT / "docs", step.stem)) for step in STEPS}
EVERY = [
    (name, number) for name, all_of_it in QUESTIONS.items() for number in range(len(all_of_it))
]
PHONE = {"width": 390, "height": 844}

step = pytest.mark.parametrize("name", QUESTIONS)
question = pytest.mark.parametrize(("name", "number"), EVERY)


def plain(text: str) -> str:
    """Return a text as it is read: without the marks of code."""
    return text.replace("`", "")


def forms(name: str) -> list[Tag]:
    """Return the questions on the page of a step."""
    return of_step(next(step for step in STEPS if step.stem == name)).select("form.predict")


def says(entry: dict[str, Any]) -> list[str]:
    """Return the choices of a question, as they are read."""
    return [plain(choice["says"]) for choice in entry["choices"]]


@step
def test_a_step_has_its_questions(name: str) -> None:
    asked = [form.select_one("legend, label > span") for form in forms(name)]
    assert sorted(tag.get_text() for tag in asked if tag) == sorted(
        plain(entry["ask"]) for entry in QUESTIONS[name]
    )
    assert 3 <= len(asked) <= 4


@pytest.mark.digits
@question
def test_a_question_has_one_answer_and_does_not_show_it(name: str, number: int) -> None:
    entry = QUESTIONS[name][number]
    (form,) = [form for form in forms(name) if plain(entry["ask"]) in form.get_text()]
    if "choices" in entry:
        right = says(entry)[int(str(form["data-right"]))]
        assert len(right) < max(map(len, says(entry))), "the longest"
        assert 3 <= len(set(says(entry))) == len(entry["choices"]) <= 4
    else:
        came = float(str(form["data-value"]))
        # The handle stands at the low end at first.
        assert entry["from"] + entry["near"] < came <= entry["to"]


@pytest.mark.digits
def test_the_place_of_the_right_choice_varies() -> None:
    places = [form["data-right"] for name in QUESTIONS for form in forms(name) if form.fieldset]
    assert {"0", "1", "2"} <= set(places)
    assert all(places.count(place) < 0.6 * len(places) for place in set(places))


def example(parts: Iterable[Any]) -> str:
    """Return a text that a regular expression matches, which Python has parsed."""
    wanted: dict[str, Callable[[Any], str]] = {
        "LITERAL": chr,
        "ANY": lambda _: "~",
        "IN": lambda several: "~" if several[0][0] is kinds.NEGATE else example(several[:1]),
        "RANGE": lambda ends: chr(ends[1]),
        "CATEGORY": lambda kind: {"CATEGORY_DIGIT": "7", "CATEGORY_WORD": "w"}[str(kind)],
        "BRANCH": lambda branch: example(branch[1][0]),
        "MAX_REPEAT": lambda repeat: example(repeat[2]) * repeat[0],
        "SUBPATTERN": lambda group: example(group[3]),
        "AT": lambda _: "",
    }
    return "".join(wanted[str(kind)](value) for kind, value in parts)


@question
def test_each_choice_could_come_true(name: str, number: int) -> None:
    entry = QUESTIONS[name][number]
    for at, choice in enumerate(entry.get("choices", [])):
        assert predict.answer(entry, example(parser.parse(choice["when"]))) == {"right": at}


def cells(*blocks: tuple[str, str]) -> list[nodes.container]:
    """Return cells of code and what it has printed: nothing, where that is empty."""
    made: list[nodes.container] = []
    for code, printed in blocks:
        cell = nodes.container(classes=["cell"])
        cell += nodes.container("", nodes.literal_block(code, code))
        if printed:
            cell += nodes.container("", nodes.literal_block(printed, printed))
        made.append(cell)
    return made


ENTRY: dict[str, Any] = {
    "at": "print(a)",
    "ask": "What is `a`?",
    "choices": [{"says": "One.", "when": "^1$"}, {"says": "Two.", "when": "^2$"}],
}
SCALE: dict[str, Any] = {"at": "a", "ask": "b", "value": r"is (\d)", "from": 1, "to": 5} | {
    "step": 1,
    "near": 1,
}
FAULTS = [
    (ENTRY, cells(("print(b)", "1")), "is part of 0"),
    (ENTRY, cells(("print(a)", "1"), ("print(a) or b", "1")), "is part of 2"),
    (ENTRY, cells(("print(a)", "")), "or that has none"),
    (ENTRY, cells(("print(a)", "3")), "one `when`.* Now: none\n3"),
    (ENTRY, cells(("print(a)", "1\n2")), "one `when`.* Now: 'One.', 'Two.'\n1\n2"),
    (SCALE, cells(("a", "it was 1")), "let `value` match.*\nit was 1"),
    ({"at": "a", "ask": "b"}, cells(("a", "1")), "give it .*'choices'.* or .*'value'"),
]


@pytest.mark.parametrize(("entry", "page", "fault"), FAULTS)
def test_a_question_without_one_place_and_one_answer_is_refused(
    entry: dict[str, Any], page: list[nodes.container], fault: str
) -> None:
    with pytest.raises(ValueError, match=f"(?s){fault}"):
        predict.place(page, 1, entry)


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    file = tmp_path / "01_step.toml"
    file.write_text("[[predict]\n")
    with pytest.raises(ExtensionError, match=r"01_step\.toml: .*line 1"):
        predict.read(file)


def notebook(name: str) -> dict[str, Any]:
    """Return the notebook that a step's page offers."""
    text = (ROOT / "docs" / "lesson" / f"{name}.ipynb").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


@question
def test_in_a_notebook_the_question_stands_before_its_cell(name: str, number: int) -> None:
    entry, all_cells = QUESTIONS[name][number], notebook(name)["cells"]
    texts = ["".join(cell["source"]) for cell in all_cells]
    code = [cell["cell_type"] == "code" for cell in all_cells]
    (at,) = [n for n, text in enumerate(texts) if code[n] and entry["at"] in text]
    assert not code[at - 1]
    assert texts[at - 1].startswith(f"**Predict first.** {entry['ask']}\n")
    for choice in entry.get("choices", []):
        assert f"\n- {choice['says']}\n" in texts[at - 1]


@step
def test_a_notebook_gets_its_questions_once(name: str) -> None:
    before = notebook(name)
    again = notebooks.step(json.dumps(before), QUESTIONS[name], exercises=[], page="", address="")
    asked = [cell for cell in before["cells"] if "**Predict first.**" in cell["source"][0]]
    assert [cell for cell in json.loads(again)["cells"] if cell in asked] == asked
    without = copy.deepcopy(QUESTIONS[name])[:-1]
    fewer = notebooks.step(again, without, exercises=[], page="", address="")
    assert fewer.count("**Predict first.**") == len(without)


def test_a_notebook_names_its_exercise_and_where_its_page_is() -> None:
    empty = json.dumps({"cells": []})
    place = {"page": "lesson/04_softmax", "exercises": ["softmax"]}
    known = json.loads(notebooks.step(empty, [], address="https://a.example/b/", **place))
    (text,) = known["cells"][-1]["source"]
    assert "(https://a.example/b/lesson/04_softmax.html)" in text
    assert "[`softmax`](https://a.example/b/exercises/softmax.html)" in text
    unknown = json.loads(notebooks.step(empty, [], address="", **place))
    (text,) = unknown["cells"][-1]["source"]
    assert "`softmax.ipynb`" in text
    assert "](" not in text


def cell_of(page: Page, entry: dict[str, Any]) -> tuple[Locator, Locator]:
    """Return the cell in which a question is asked, and the question."""
    form = page.locator("form.predict", has_text=plain(entry["ask"]))
    return page.locator(".cell").filter(has=form), form


def enter(page: Page, cell: Locator, form: Locator) -> None:
    """Go on with the keyboard from the code of a cell to its question."""
    cell.locator(".cell_input :is(pre, a, button)").last.focus()
    page.keyboard.press("Tab")
    expect(form.locator("input").first).to_be_focused()


@pytest.mark.parametrize("name", quick_for(QUESTIONS, ["04_softmax", "11_one_batch"]))
def test_all_can_be_predicted_by_keyboard_on_a_phone(
    browser: Browser, served: str, name: str
) -> None:
    with opened(browser, f"{served}lesson/{name}.html", viewport=PHONE) as page:
        for entry in QUESTIONS[name]:
            cell, form = cell_of(page, entry)
            ask = plain(entry["ask"])
            output = cell.locator("details.predict-out")
            expect(output.locator("pre").first).to_be_hidden()
            enter(page, cell, form)
            if "choices" in entry:
                expect(form.get_by_role("group", name=ask, exact=True)).to_be_visible()
                for text in says(entry):
                    expect(form.get_by_role("radio", name=text, exact=True)).to_be_enabled()
                page.keyboard.press("Space")
                for _ in range(int(form.get_attribute("data-right") or "")):
                    page.keyboard.press("ArrowDown")
                said = "As you predicted."
            else:
                slider = form.get_by_role("slider", name=ask, exact=True)
                page.keyboard.press("End")
                expect(slider).to_have_value(f"{entry['to']:g}")
                unit, came = entry.get("unit", ""), form.get_attribute("data-value")
                close = abs(entry["to"] - float(came or "")) <= entry["near"]
                said = f"You said {entry['to']:g}{unit}. It is {came}{unit}{': close' * close}."
            page.keyboard.press("Tab")
            expect(form.get_by_role("button", name="Compare with the run")).to_be_focused()
            page.keyboard.press("Enter")
            expect(form.get_by_role("status")).to_have_text(said)
            expect(output.locator("pre").first).to_be_focused()
            expect(form.locator("input:enabled")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def first(kind: str) -> dict[str, Any]:
    """Return the first question of a kind in step 4: with choices, or on a scale."""
    return next(entry for entry in QUESTIONS["04_softmax"] if kind in entry)


def test_what_happened_and_what_was_predicted_are_marked_in_words(
    browser: Browser, served: str
) -> None:
    with opened(browser, served + STEP) as page:
        _, form = cell_of(page, first("choices"))
        right = int(form.get_attribute("data-right") or "")
        labels = form.locator("label")
        labels.nth(right - 1).click()
        form.get_by_role("button").click()
        expect(labels.nth(right - 1).locator("em")).to_have_text("your prediction")
        expect(labels.nth(right).locator("em")).to_have_text("what happened")
        expect(form.locator("em")).to_have_count(2)
        came = says(first("choices"))[right]
        expect(form.get_by_role("status")).to_contain_text(came)

        _, form = cell_of(page, first("value"))
        came = form.get_attribute("data-value") or ""
        form.get_by_role("slider").fill(
            str(first("value")["step"] * round(float(came) / first("value")["step"]))
        )
        form.get_by_role("button").click()
        expect(form.locator(".came")).to_have_text(f"{came} what happened")
        expect(form.get_by_role("status")).to_contain_text("close")


def test_nothing_is_compared_before_a_choice_and_the_output_opens_without(
    browser: Browser, served: str
) -> None:
    with opened(browser, served + STEP) as page:
        cell, form = cell_of(page, first("choices"))
        output = cell.locator("details.predict-out")
        form.get_by_role("button").click()
        expect(output.locator("pre")).to_be_hidden()
        # The browser itself asks for one, and goes there.
        expect(form.get_by_role("radio").first).to_be_focused()
        output.locator("summary").click()
        expect(output.locator("pre")).to_be_visible()
        expect(form.get_by_role("radio").first).to_be_enabled()


def test_a_scale_that_nobody_moved_is_no_prediction(browser: Browser, served: str) -> None:
    with opened(browser, served + STEP) as page:
        _, form = cell_of(page, first("value"))
        form.get_by_role("button").click()
        came = form.get_attribute("data-value")
        expect(form.get_by_role("status")).to_have_text(f"It is {came}.")
        expect(form.locator("em")).to_have_text("what happened")


def compare(page: Page, every: int) -> None:
    """Press the buttons of all questions, or of every second, with the first choice."""
    for form in page.locator("form.predict").all()[::every]:
        for choice in form.get_by_role("radio").all()[:1]:
            choice.check()
        form.get_by_role("button").click()


@pytest.mark.parametrize(("name", "scheme"), in_a_scheme(QUESTIONS, "04_softmax"))
def test_axe_finds_no_violation_before_and_after(
    browser: Browser, served: str, name: str, scheme: Literal["light", "dark"]
) -> None:
    with opened(browser, f"{served}lesson/{name}.html", color_scheme=scheme) as page:
        compare(page, every=2)
        assert violations(page, ".predicted") == ""


def test_in_a_readers_own_colours_all_is_told_in_words(browser: Browser, served: str) -> None:
    with opened(
        browser, served + STEP, forced_colors="active", viewport={"width": 320, "height": 600}
    ) as page:
        compare(page, every=1)
        for word in page.locator("form.predict em").all():
            expect(word).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_without_scripts_a_question_is_text_and_the_output_unfolds(
    unscripted: Browser, base: str
) -> None:
    with opened(unscripted, base + STEP) as page:
        for entry in QUESTIONS["04_softmax"]:
            cell, form = cell_of(page, entry)
            expect(form).to_be_visible()
            expect(form.locator("button")).to_be_hidden()
            expect(form.locator("input").first).to_be_hidden()
            expect(cell.locator("details pre").first).to_be_hidden()
            cell.get_by_text("Show what it printed").click()
            expect(cell.locator("details pre").first).to_be_visible()


def test_on_paper_there_is_the_output_alone(browser: Browser, served: str) -> None:
    with opened(browser, served + STEP) as page:
        page.emulate_media(media="print")
        for entry in QUESTIONS["04_softmax"]:
            cell, form = cell_of(page, entry)
            expect(form).to_be_hidden()
            expect(cell.locator("summary").first).to_be_hidden()
            expect(cell.locator("details pre").first).to_be_visible()
