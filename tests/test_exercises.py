"""The exercises as the site offers them: pages, mistakes, notebooks, stubs."""

import shutil

import nbformat
import pytest
from mnistlesson import check
from mnistlesson.check import EXERCISES
from mnistlesson.check._catalogue import mistakes, named
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from support.answers import solution
from support.fresh import Fresh
from support.site import ROOT, SITE, anchors, page

DOWNLOADS = ROOT / "docs" / "downloads"

VARIED = {"flatten", "mlp", "softmax", "network", "sequential", "init"}
"""The exercises whose pages end in a variation."""

exercise = pytest.mark.parametrize("name", EXERCISES)


def test_the_first_page_shows_each_level_of_a_verdict() -> None:
    shown = anchors("exercises/index.html")["what-a-verdict-looks-like"]
    told = [verdict.get_text() for verdict in shown.select(".verdict")]
    for level, text in zip(check.Level, told, strict=True):
        assert f"{level.mark} softmax: {level.word}." in text
    hints = [" ".join(hint.get_text().split()) for hint in shown.select("details")]
    known = named("softmax", "columns")
    assert len(hints) == 3
    assert known.ask in hints[0]
    assert known.show in hints[2]


@exercise
def test_gaps_come_first_and_solutions_are_folded(name: str) -> None:
    article = page(f"exercises/{name}.html").select_one("article")
    assert article is not None
    parts = [str(part["id"]) for part in article.select("section section")]
    if (ROOT / "docs" / "practice" / "gaps" / f"{name}.toml").exists():
        parts.remove("fill-the-gaps")
        assert article.select("#fill-the-gaps form.gaps")
    variation = ["a-variation"] if name in VARIED else []
    assert parts == ["an-example", "on-your-machine", "a-solution", *variation]
    assert anchors(f"exercises/{name}.html")["an-example"].select(".cell_output")
    buttons = article.select("#on-your-machine a.button")
    files = [str(button["href"]).rpartition("/")[2] for button in buttons]
    assert files == [f"{name}.ipynb", "exercises.py"]
    for part, ways in {"a-solution": 2, **dict.fromkeys(variation, 1)}.items():
        cells = article.select(f"#{part} details.solution .cell")
        assert len(cells) >= ways
        assert not article.select(f"#{part} details[open]")
        assert "judge" in cells[0].get_text()
    links = [str(link["href"]) for link in article.select("#a-solution p a")]
    assert f"mistakes/{name}.html" in links


@exercise
def test_page_and_step_lead_to_one_another(name: str) -> None:
    links = page(f"exercises/{name}.html").select("article a")
    step = next(link["href"] for link in links if "/lesson/" in str(link["href"]))
    step_page = (SITE / "exercises" / str(step)).resolve()
    assert f"exercises/{name}.html" in step_page.read_text(encoding="utf-8")


@exercise
def test_every_code_has_its_place_among_the_mistakes(name: str) -> None:
    own = {mistake.code for mistake in mistakes(name)}
    kinds = [mistake.code.removeprefix("general-") for mistake in mistakes("general")]
    for code in own | {named(name, kind).code for kind in kinds}:
        assert code in anchors(f"exercises/mistakes/{name}.html")


@exercise
def test_every_wrong_program_is_shown_with_its_verdict(name: str) -> None:
    for mistake in mistakes(name):
        section = anchors(f"exercises/mistakes/{name}.html")[mistake.code]
        blocks = [block.get_text().strip() for block in section.select("pre")]
        programs = [program.strip() for program in mistake.programs]
        assert blocks == programs
        cells = section.select(".cell:has(pre)")
        verdicts = [cell.select_one(".cell_output > .verdict") for cell in cells]
        assert len(verdicts) == len(programs)
        for verdict in verdicts:
            assert verdict is not None
            assert f" {name}: " in verdict.get_text()


@pytest.fixture(scope="module")
def executed(
    tmp_path_factory: pytest.TempPathFactory, fresh_once: Fresh
) -> dict[str, list[NotebookNode]]:
    """Execute all notebooks with what they judge, then with a solution; return their cells.

    One kernel does it, since PyTorch takes longest to import: each notebook finds no names in it.
    """
    folder = tmp_path_factory.mktemp("notebooks")
    shutil.copy(next(DOWNLOADS.glob("*.whl")), folder)
    whole, places = new_notebook(), {}
    for name in EXERCISES:
        cells = nbformat.read(DOWNLOADS / f"{name}.ipynb", as_version=4).cells
        more = (solution(name), cells[4].source, "print(check.__file__)")
        whole.cells += [new_code_cell("%reset -f"), *cells, *map(new_code_cell, more)]
        places[name] = slice(len(whole.cells) - len(more) - len(cells), len(whole.cells))
    done = fresh_once.execute(whole, folder)
    return {name: done.cells[place] for name, place in places.items()}


@pytest.mark.slow
@exercise
def test_notebook_awaits_an_answer_and_accepts_the_solution(
    name: str, executed: dict[str, list[NotebookNode]], fresh_once: Fresh
) -> None:
    outputs = [output for cell in executed[name][4:] for output in cell.get("outputs", [])]
    texts = [output.get("text") or output["data"]["text/plain"] for output in outputs]
    *_, accepted, place = texts
    assert place.startswith(str(fresh_once.packages))
    assert f"{name}: no answer yet" in "".join(texts)
    assert named(name, "open").ask in "".join(texts)
    assert f"✓ {name}: right" in accepted


@exercise
def test_notebook_holds_no_solution(name: str) -> None:
    text = (DOWNLOADS / f"{name}.ipynb").read_text(encoding="utf-8")
    assert text.count("NotImplementedError") in {1, 2}
    lines = [line.strip() for line in solution(name).splitlines()]
    own = [line for line in lines if not line.startswith(("def ", "class "))]
    assert max(own, key=len) not in text
