"""The site's own extensions, each by what it does to a site."""

import re
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from mnistlesson.models import DeepNetwork
from sphinx.errors import ExtensionError, ThemeError
from sphinx.testing.util import SphinxTestApp
from sphinx.util.inventory import InventoryFile
from torch import nn

from lesson_site.html import inventories
from lesson_site.interactive import compute_weights
from support.site import ROOT

MATHML = 'extensions = ["lesson_site.html.mathml"]\nhtml_math_renderer = "mathml"\n'
INSERTS = (
    'extensions = ["lesson_site.steps.inserts"]\ninserts = {"index": ("Second", "more.rst")}\n'
)


def site(folder: Path, text: str, conf: str = MATHML) -> tuple[str, str]:
    """Build a page, and return its HTML and the warnings."""
    (folder / "conf.py").write_text(conf)
    (folder / "index.rst").write_text(f"Title\n=====\n\n{text}\n")
    app = SphinxTestApp(srcdir=folder)
    try:
        app.build()
    finally:
        app.cleanup()
    return (app.outdir / "index.html").read_text(encoding="utf-8"), app.warning.getvalue()


def test_formulas_become_mathml(tmp_path: Path) -> None:
    page, warnings = site(tmp_path, "Inline :math:`x^2`, and\n\n.. math:: e^{x_1}")
    assert "<msup>" in page
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"' in page
    assert "mathjax" not in page.lower()
    assert warnings == ""


def test_a_formula_that_cannot_be_converted_is_named(tmp_path: Path) -> None:
    _, warnings = site(tmp_path, r"Inline :math:`x_1, \dots`.")
    assert r"Unknown LaTeX command" in warnings
    assert "index.rst" in warnings


@pytest.mark.parametrize("name", inventories.SITES)
def test_inventories_can_be_read(name: str) -> None:
    built = ROOT / "build" / "inventories" / f"{name}.inv"
    inventory = InventoryFile.loads(built.read_bytes(), uri="https://example.org/")
    source = Path(inventories.__file__).parent / "inventories" / f"{name}.txt"
    listed = source.read_text(encoding="utf-8").splitlines()
    assert sum(map(len, inventory.data.values())) == len(listed) == len(set(listed))


def test_an_insert_stands_before_its_heading(tmp_path: Path) -> None:
    (tmp_path / "_inserts").mkdir()
    (tmp_path / "_inserts" / "more.rst").write_text("More\n----\n\nInserted.\n")
    text = "First\n-----\n\nOne.\n\nSecond\n------\n\nTwo.\n"
    page, warnings = site(tmp_path, text, INSERTS + 'exclude_patterns = ["_inserts"]\n')
    assert warnings == ""
    assert page.index("One.") < page.index("Inserted.") < page.index("Two.")


def test_an_insert_without_its_heading_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ExtensionError, match=r"index has no heading 'Second', before which more"):
        site(tmp_path, "First\n-----\n\nOne.\n", INSERTS)


def test_a_parameter_that_float16_cannot_hold_is_an_error() -> None:
    network = DeepNetwork()
    nn.init.constant_(network.output.bias, 70_000.0)
    with pytest.raises(ValueError, match="float16"):
        compute_weights.packed(network)


GLOSSARY = """
Glossary
========

.. glossary::

   hidden unit
      A unit of a hidden layer.

   normalise
      To bring numbers to a fixed sum.

   weight
   coefficient
      What a unit multiplies with.
"""
STEP = """
1. Weights
==========

Weights, ``weights``, `the weights <https://example.org/>`_ and a
coefficient. A hidden unit is normalised. A weightless hidden
unit, a hidden-unit.

.. note:: normalise
"""


class Lesson:
    """A site of one step and a glossary."""

    def __init__(self, folder: Path) -> None:
        (folder / "lesson").mkdir()
        (folder / "conf.py").write_text(
            'extensions = ["lesson_site.steps.glossary_links"]\nroot_doc = "glossary"\n'
        )
        self.folder = folder
        self.glossary, self.step = folder / "glossary.rst", folder / "lesson" / "01_weights.rst"
        self.glossary.write_text(GLOSSARY)
        self.step.write_text(":orphan:\n" + STEP)

    def built(self) -> tuple[BeautifulSoup, BeautifulSoup]:
        """Build what has changed, and return the step's page and the glossary."""
        app = SphinxTestApp(srcdir=self.folder)
        app.build()
        app.cleanup()
        assert app.warning.getvalue() == ""
        pages = (app.outdir / "lesson" / "01_weights.html", app.outdir / "glossary.html")
        step, glossary = (BeautifulSoup(p.read_text("utf-8"), "html.parser") for p in pages)
        return step, glossary


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    """Return the site, not yet built."""
    return Lesson(tmp_path)


def test_first_uses_lead_to_the_glossary_and_back(lesson: Lesson) -> None:
    step, glossary = lesson.built()
    links = [(place.get_text(), place.a["href"]) for place in step.select(".term") if place.a]
    assert links == [
        ("Weights", "../glossary.html#term-weight"),
        ("hidden unit", "../glossary.html#term-hidden-unit"),
        ("normalised", "../glossary.html#term-normalise"),
    ]
    for link in glossary.select(".uses a"):
        page, _, anchor = str(link["href"]).partition("#")
        assert (page, link.get_text(), link["title"]) == (
            "lesson/01_weights.html",
            "1",
            "1. Weights",
        )
        assert step.find(id=anchor)
    assert len(glossary.select(".uses a")) == len(links)


def test_a_step_is_written_again_when_the_glossary_changes(lesson: Lesson) -> None:
    lesson.built()
    lesson.glossary.write_text(GLOSSARY.replace("normalise\n", "weightless\n"))
    step, _ = lesson.built()
    assert [t.get_text() for t in step.select(".term")] == ["Weights", "hidden unit", "weightless"]


def test_the_glossary_is_written_again_when_a_step_changes(lesson: Lesson) -> None:
    lesson.built()
    lesson.step.write_text(":orphan:\n\n1. Nothing\n==========\n\nNothing is said.\n")
    _, glossary = lesson.built()
    assert glossary.select(".uses") == []


FOLDING = 'extensions = ["lesson_site.html.cells"]\n'


@pytest.mark.parametrize(("lines", "folded"), [(15, False), (16, True)])
def test_a_long_output_is_folded(tmp_path: Path, lines: int, *, folded: bool) -> None:
    block = "\n".join(f"   line {number}" for number in range(lines))
    code = ".. code-block:: Python\n\n   x = 1\n\n"
    output = f".. rst-class:: sphx-glr-script-out\n\n.. code-block:: none\n\n{block}\n\nAfter.\n"
    page, warnings = site(tmp_path, code + output, FOLDING)
    assert warnings == ""
    cell = BeautifulSoup(page, "html.parser").select_one(".cell")
    assert cell is not None
    assert [part["class"][0] for part in cell.find_all("div", recursive=False)] == [
        "cell_input",
        "cell_output",
    ]
    assert "After." not in cell.get_text()
    assert ("<details" in page) == folded
    assert page.count("<details") == page.count("</details>")
    assert page.index("line 14") < page.index("After.")
    if folded:
        assert page.index(f"Output: {lines} lines") < page.index("line 0")
        assert page.index("line 15") < page.index("</details>") < page.index("After.")


@pytest.mark.parametrize(("line", "wraps"), [("two words", True), ("1.0  2.0", False)])
def test_an_output_without_columns_may_wrap(tmp_path: Path, line: str, *, wraps: bool) -> None:
    code = ".. code-block:: Python\n\n   x = 1\n\n"
    output = f".. rst-class:: sphx-glr-script-out\n\n.. code-block:: none\n\n   {line}\n"
    page, _ = site(tmp_path, code + output, FOLDING)
    assert bool(BeautifulSoup(page, "html.parser").select(".cell_output .prose")) == wraps


def test_code_is_not_folded(tmp_path: Path) -> None:
    block = "\n".join(f"   x = {number}" for number in range(50))
    page, _ = site(tmp_path, f".. code-block:: python\n\n{block}\n", FOLDING)
    assert "<details" not in page


PAGE = (ROOT / "docs" / "_templates" / "page.html").read_text(encoding="utf-8")
REPLACED = re.findall(r"replace_once\('(.*?)',", PAGE)
THEME = f"""\
extensions = ["lesson_site.html.theme_strings"]
html_theme = "furo"
templates_path = ["templates", "{ROOT / "docs/_ext/lesson_site/html/templates"}"]
html_context = {{"exercises": {{}}, "on_the_pad": [], "versions": {{}}}}
"""


@pytest.mark.parametrize("old", REPLACED, ids=range(len(REPLACED)))
def test_a_string_that_the_theme_has_no_more_is_named(tmp_path: Path, old: str) -> None:
    shutil.copytree(ROOT / "docs" / "_templates", tmp_path / "templates")
    other = old.replace("<", "<!--")
    (tmp_path / "templates" / "page.html").write_text(PAGE.replace(old, other))
    with pytest.raises(ThemeError, match=re.escape(f"0 times, not once: {other}")):
        site(tmp_path, "", THEME)


def test_strings_of_the_theme_are_replaced(tmp_path: Path) -> None:
    assert len(REPLACED) == 5
    shutil.copytree(ROOT / "docs" / "_templates", tmp_path / "templates")
    page, warnings = site(tmp_path, "", THEME)
    assert warnings == ""
    assert '<div class="article-container" role="main">' in page
    assert '<article role="main"' not in page
