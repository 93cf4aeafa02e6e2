"""The pages of errors and of silent failures: what they print is what their code does today."""

import contextlib
import io
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import pytest
import torch
from bs4 import BeautifulSoup, Tag
from mnistlesson.check import EXERCISES, _catalogue, judge
from mnistlesson.check._catalogue import error_anchor, mistakes, named, run_program

from support.messages import OTHER_WORDINGS
from support.site import ROOT, page
from support.slow import quick_for

ANCHOR = re.compile(r"^\((.+)\)=$", re.MULTILINE)


def source(name: str) -> str:
    """Return the source of a page."""
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


ERRORS, SILENT = ANCHOR.findall(source("errors")), ANCHOR.findall(source("silent"))
TEXTS = dict(zip(ERRORS, ANCHOR.split(source("errors"))[2::2], strict=True))

# Of these the page says that they cannot be provoked where it was made.
ELSEWHERE = {"error-certificate", "error-conda", "error-long-path", "error-omp"}
NOT_PROVOKED = "The machine that made this page cannot give this error, so no code is shown."
# These are results, not errors, and so none that a check meets.
RESULTS = {"error-nan", "error-negative-loss"}

error = pytest.mark.parametrize("anchor", ERRORS)
PROVOKED = [anchor for anchor in ERRORS if anchor not in ELSEWHERE]
provoked = pytest.mark.parametrize("anchor", PROVOKED)
WITH_DIGITS = [anchor for anchor in PROVOKED if re.search(r"\bimages\b|\bdata\.", TEXTS[anchor])]
silent = pytest.mark.parametrize("anchor", SILENT)
exercise = pytest.mark.parametrize("name", EXERCISES)


class Cell(NamedTuple):
    """A code cell as the page shows it."""

    code: str
    printed: str


def cells(part: BeautifulSoup | Tag) -> list[Cell]:
    """Return the cells of a page, or of a section of it."""
    return [
        Cell(
            "".join(x.get_text() for x in cell.select(".cell_input pre")),
            "".join(x.get_text() for x in cell.select(".cell_output pre")),
        )
        for cell in part.select("div.cell")
    ]


def section(anchor: str) -> Tag:
    """Return the section of an entry."""
    found = page("errors.html" if anchor in ERRORS else "silent.html").find("section", id=anchor)
    assert isinstance(found, Tag), anchor
    return found


class Run:
    """Runs the cells of a page in a namespace of its own, after the page's first cell."""

    def __init__(self, name: str) -> None:
        self._names: dict[str, Any] = {"__name__": "__main__"}
        setup = cells(page(f"{name}.html"))[0].code
        # The lines for IPython say how errors and figures are shown.
        assert self(re.sub(r"^%.*$", "", setup, flags=re.MULTILINE)) == ""

    def __call__(self, code: str) -> str:
        """Run a cell, and return what it prints, with a traceback's last line."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            try:
                exec(compile(code, "<cell>", "exec"), self._names)  # noqa: S102 - the page's own
            except Exception as raised:  # noqa: BLE001 - whatever the page provokes
                text = re.sub(r"\x1b\[[0-9;]*m", "", str(raised))
                out.write(f"{type(raised).__name__}: {text}" if text else type(raised).__name__)
        return out.getvalue()


@pytest.fixture(autouse=True)
def _undisturbed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(os, "environ", os.environ.copy())
    with torch.random.fork_rng(devices=[]):
        yield
    plt.close("all")


def test_there_are_enough() -> None:
    assert len(ERRORS) == len(set(ERRORS)) >= 25
    assert len(SILENT) == len(set(SILENT)) >= 11
    assert 0 < len(WITH_DIGITS) < len(ERRORS)


@pytest.mark.parametrize(("name", "expected"), [("errors", ERRORS), ("silent", SILENT)])
def test_the_list_on_the_page_leads_to_each(name: str, expected: list[str]) -> None:
    shown = page(f"{name}.html")
    listed = [str(a["href"]).partition("#")[2] for a in shown.select("article li a.reference")]
    assert listed == expected
    entries = [s["id"] for s in shown.select("section") if s.find("h3", recursive=False)]
    assert entries == expected


# The build executes them one after another; here each is alone.
@pytest.mark.slow
@pytest.mark.parametrize(
    "anchor",
    [
        pytest.param(anchor, marks=[pytest.mark.digits] * (anchor in WITH_DIGITS))
        for anchor in PROVOKED
    ],
)
def test_the_message_is_the_one_that_the_page_prints_and_the_repair_works(anchor: str) -> None:
    provoking, repair = cells(section(anchor))
    run = Run("errors")
    assert run(provoking.code).strip() == provoking.printed.strip() != ""
    assert re.search(r"^assert ", repair.code, re.MULTILINE)
    assert run(repair.code) == repair.printed == ""


@provoked
def test_the_heading_is_of_the_messages_words(anchor: str) -> None:
    provoking, _ = cells(section(anchor))
    heading = section(anchor).find("h3")
    assert isinstance(heading, Tag)
    words = [code.get_text() for code in heading.find_all("code")]
    assert words
    for word in words:
        assert word in provoking.printed.replace("\\'", "'")  # KeyError shows a text's repr


@error
def test_what_is_not_provoked_says_so(anchor: str) -> None:
    text = " ".join(section(anchor).get_text().split())
    assert (NOT_PROVOKED in text) == (anchor in ELSEWHERE) == (not cells(section(anchor)))
    assert "Repair:" in text


@pytest.mark.parametrize("anchor", ERRORS + SILENT)
def test_the_entry_leads_to_the_step_that_teaches_it(anchor: str) -> None:
    # How to install and start is no step's matter.
    assert section(anchor).select('a[href^="lesson/"], a[href^="install.html"]')


def test_installing_comes_first_and_its_page_leads_there() -> None:
    part = page("errors.html").select("section#install-and-start section")
    assert [s["id"] for s in part] == ERRORS[: len(part)]
    assert len(part) == 11
    linked = {
        str(a["href"]) for a in page("install.html").select('article a[href^="errors.html#"]')
    }
    assert len(linked & {f"errors.html#{s['id']}" for s in part}) >= 8


@pytest.mark.digits
@silent
def test_the_assertion_fails_on_the_wrong_code_alone(anchor: str) -> None:
    wrong, assertion, right = cells(section(anchor))
    run = Run("silent")
    assert run(wrong.code) == wrong.printed == ""
    assert assertion.printed.startswith("AssertionError: ")
    assert run(assertion.code).strip() == assertion.printed.strip()
    # The same assertion, and it passes.
    assert right.code.endswith(f"\n\n{assertion.code}")
    assert run(right.code) == right.printed == ""


def test_the_checks_know_of_no_other() -> None:
    file = Path(_catalogue.FOLDER.parent, "errors.toml")
    assert set(tomllib.loads(file.read_text(encoding="utf-8"))) == {*ERRORS} - RESULTS


@error
def test_the_checks_know_the_message(anchor: str) -> None:
    heading = section(anchor).find("h3")
    assert isinstance(heading, Tag)
    printed = heading.get_text() if anchor in ELSEWHERE else cells(section(anchor))[0].printed
    assert error_anchor(printed) == ("" if anchor in RESULTS else anchor)


@pytest.mark.parametrize(
    ("message", "anchor"),
    [
        ("ModuleNotFoundError: No module named 'torchvision'", "error-no-torch"),
        ("ModuleNotFoundError: No module named 'torchmetrics'", ""),
        ("RuntimeError: DataLoader worker (pid(s) 7) exited unexpectedly", "error-spawn"),
        ("KeyError: \"attribute 'train' already exists\"", "error-name"),
        (
            "AttributeError: module 'torch.nn.functional' has no attribute 'Relu'",
            "error-lower-case",
        ),
        (
            "RuntimeError: a Tensor with 10 elements cannot be converted to Scalar",
            "error-one-number",
        ),
        *OTHER_WORDINGS.items(),
    ],
)
def test_other_wordings_of_a_message_lead_to_its_entry(message: str, anchor: str) -> None:
    assert error_anchor(message) == anchor


@exercise
def test_what_a_mistake_refers_to_exists(name: str) -> None:
    kinds = [mistake.code.removeprefix("general-") for mistake in mistakes("general")]
    known = [*mistakes(name), *(named(name, kind) for kind in kinds)]
    assert {""} < {mistake.see for mistake in known} <= {"", *ERRORS, *SILENT}


@pytest.mark.parametrize("name", quick_for(EXERCISES, ["flatten", "sequential"]))
def test_a_verdict_on_the_page_of_mistakes_leads_to_its_entry(name: str) -> None:
    article = page(f"exercises/mistakes/{name}.html").select_one("article")
    assert article is not None
    programs = [program for mistake in mistakes(name) for program in mistake.programs]
    told = [judge(name, run_program(program)).entry for program in programs]
    links = article.select('a[href*="#error-"], a[href*="#silent-"]')
    assert [a["href"] for a in links] == [f"../../{entry}" for entry in told if entry] != []


@pytest.mark.parametrize(
    ("name", "program", "entry"),
    [
        ("softmax", "def f(x): return torch.softmax(x, dim=2)", "errors.html#error-dim"),
        ("softmax", "def f(x): return x / x.sum(dim=1)", "errors.html#error-size"),
        ("flatten", "def f(x): return x.view(64, -1)", "silent.html#silent-view"),
        ("flatten", "def f(x): return x.sum(missing)", ""),
        ("mlp", "def f(x): return x @ x", "errors.html#error-mat1-mat2"),
        ("network", "def f(): return nn.Sequential([nn.ReLU()])", "errors.html#error-list"),
        ("init", "def f(): nn.Linear(2, 2).weight.zero_()", "errors.html#error-leaf"),
    ],
)
def test_a_learners_own_error_is_referred_to(name: str, program: str, entry: str) -> None:
    verdict = judge(name, run_program(program))
    assert not verdict
    assert verdict.entry == entry
    assert (f"The site explains it: {entry}" in verdict.plain()) == bool(entry)
    assert (f'href="../{entry}"' in verdict._repr_html_()) == bool(entry)


def test_what_learners_mistake_for_another_is_not_referred_to() -> None:
    for text in (
        "AttributeError: 'Tensor' object has no attribute 'sofmax'",
        "AttributeError: 'ReLU' object has no attribute 'weight'",
        "IndexError: index 64 is out of bounds for dimension 0 with size 64",
        "TypeError: exp(): argument 'input' (position 1) must be Tensor, not float",
        "TypeError: f.<locals>.forward() takes 1 positional argument but 2 were given",
    ):
        assert error_anchor(text) == ""
