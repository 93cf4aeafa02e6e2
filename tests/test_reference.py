"""The pages to look things up: shapes, what changed, questions, and the links in the code."""

import ast
import re
from math import prod
from pathlib import Path

import pytest
import torch
from bs4 import Tag
from mnistlesson import data, models

from support.site import ROOT, STEPS, of_step, page

pytestmark = pytest.mark.digits


def rows() -> dict[str, tuple[tuple[int, ...], list[str], str]]:
    """Return the table of shapes: the shape, the other columns and the step's page of each name."""
    table = {}
    for row in page("shapes.html").select("table tbody tr"):
        name, shape, *others = (cell.get_text() for cell in row.select("td"))
        link = row.select_one("td:last-child a")
        assert link is not None
        # A bias and its layer's successor may share a name between two networks.
        key = name if name not in table else f"deep {name}"
        table[key] = (ast.literal_eval(shape), others, str(link["href"]))
    return table


def test_shapes_are_those_of_the_lesson() -> None:
    shapes = {name: shape for name, (shape, *_) in rows().items()}
    images, labels = data.first_batch()
    expected = {"images": images.shape, "labels": labels.shape, "inputs": images.flatten(1).shape}
    expected |= dict(
        zip(("w1", "b1", "w2", "b2"), (p.shape for p in models.raw_parameters()), strict=True)
    )
    deep = {name: parameter.shape for name, parameter in models.DeepNetwork().named_parameters()}
    expected |= {f"{name}.grad": shape for name, shape in deep.items()}
    expected |= {"loss": torch.Size([]), "trainset.data": torch.Size([data.in_use().train, 28, 28])}
    assert {name: tuple(shape) for name, shape in expected.items()}.items() <= shapes.items()
    assert shapes["hidden.weight"] == shapes["w1"][::-1]


@pytest.mark.parametrize("name", ["images", "w1", "hidden1.weight", "deep output.bias", "loss"])
def test_shape_has_its_axes_its_numbers_and_its_step(name: str) -> None:
    shape, (axes, _, numbers, step), target = rows()[name]
    assert len(shape) == (0 if axes == "none" else axes.count(",") + 1)
    assert int(numbers.replace(",", "")) == prod(shape)
    assert target == f"lesson/{STEPS[int(step.split()[1]) - 1].stem}.html"


def test_each_tensor_is_in_the_code_of_its_step() -> None:
    for name, (_, _, target) in rows().items():
        first = name.removeprefix("deep ").partition(".")[0]
        first = "backward" if name.endswith(".grad") else first
        step = (ROOT / "gallery" / Path(target).with_suffix(".py").name).read_text(encoding="utf-8")
        assert re.search(rf"\b{first}\b", step), f"{name} is not in {target}"


def sections(name: str) -> dict[str, Tag]:
    """Return the sections of a page that hold no other, by the anchor of each."""
    return {
        str(s["id"]): s for s in page(f"{name}.html").select("section") if not s.select("section")
    }


# One for each row of what was found wrong in the lesson of 2018.
STATEMENTS = [
    "imports",
    "take-a-batch",
    "the-images-show-digits-in-two-sets",
    "normalize-does-not-standardise",
    "a-loop-needs-no-iter-and-a-batch-has-64-images",
    "fully-connected-is-one-kind-of-network",
    "a-layer-does-not-insist-on-vectors",
    "a-view-is-not-always-right",
    "the-untrained-network-is-not-undecided",
    "equal-probabilities-are-not-varied-answers",
    "softmax-overflows",
    "division-can-be-wrong-without-an-error",
    "dim-is-the-axis-that-disappears",
    "a-layer-transposes-its-weight",
    "order-in-init-shows",
    "super-comes-first",
    "logits-not-probabilities",
    "f-sigmoid-still-works",
    "not-any-function-will-do",
    "the-printed-model-is-a-list-of-modules",
    "parameters-are-tensors",
    "the-default-initialisation-is-known",
    "resize-changes-the-images",
    "a-single-image-needs-its-batch-axis",
    "call-the-model",
    "sequential-makes-new-weights-and-an-index-a-layer",
    "a-name-used-twice-drops-a-layer",
]


@pytest.mark.parametrize("anchor", STATEMENTS)
def test_statement_is_measured(anchor: str) -> None:
    section = sections("changes")[anchor]
    assert section.select(".cell_output")
    assert section.select(".cell_output")[0].get_text().strip()


def test_code_of_2018_stands_beside_that_of_today() -> None:
    pairs = [s for s in sections("changes").values() if s.select(".tag_original")]
    assert len(pairs) > 10
    for pair in pairs:
        cells = [cell for cell in pair.select(".cell") if "tag_remove-cell" not in cell["class"]]
        kinds = ["tag_original" in cell["class"] for cell in cells]
        assert kinds == [True, False]


@pytest.mark.parametrize(
    ("anchor", "message"),
    [
        ("imports", "ModuleNotFoundError: No module named 'helper'"),
        ("take-a-batch", "AttributeError: '_SingleProcessDataLoaderIter' object has no"),
        ("pass-an-image-forward", "AttributeError: '_SingleProcessDataLoaderIter' object has no"),
        ("sequential", "NameError: name 'helper' is not defined"),
    ],
)
def test_code_of_2018_fails_as_shown(anchor: str, message: str) -> None:
    (error,) = sections("changes")[anchor].select(".tag_original .traceback")
    assert message in error.get_text()


def test_nothing_else_of_2018_fails() -> None:
    assert len(page("changes.html").select(".traceback")) == 4


@pytest.mark.parametrize("section", sections("questions").values(), ids=lambda s: str(s["id"]))
def test_question_is_answered_with_a_link(section: Tag) -> None:
    heading = section.select_one("h3")
    assert heading is not None
    assert "?" in heading.get_text()
    assert section.select("p a.reference"), "no link"
    assert len(" ".join(p.get_text() for p in section.select("p")).split()) < 130


def written_names(step: Path) -> set[str]:
    """Return what a step writes of torch, torchvision and matplotlib, such as ``nn.Linear``."""
    tree = ast.parse(step.read_text(encoding="utf-8"))
    modules = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {
                a.asname or a.name for a in node.names if a.name.startswith(("torch", "mat"))
            }
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("torch"):
            modules |= {alias.name for alias in node.names}
    chains = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names = {name for name in chains if re.fullmatch(r"[\w.]+", name)}
    return {name for name in names if name.partition(".")[0] in modules}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.stem)
def test_names_in_the_code_lead_to_their_documentation(step: Path) -> None:
    links = of_step(step).select(".highlight a.external")
    official = ("https://docs.pytorch.org/", "https://matplotlib.org/", "https://docs.python.org/")
    assert all(str(link["href"]).startswith(official) for link in links)
    linked = {link.get_text() for link in links}
    # The inner parts of a longer name, such as `torch.optim`, are modules.
    names = {n for n in written_names(step) if not any(o.startswith(f"{n}.") for o in linked)}
    assert len(names) > 1
    assert names <= linked
