"""The pages to look things up: shapes, what changed, questions, and the links in the code."""

import ast
import re
from math import prod
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from bs4 import Tag
from mnistlesson import data, models
from mnistlesson.models import DeepNetwork

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


# What code of 2018 says today; the others run, and give a result that the page shows.
MESSAGES = {
    "an-iterator-has-no-method-next": "AttributeError: '_SingleProcessDataLoaderIter' object has",
    "the-helper-was-a-loose-file": "ModuleNotFoundError: No module named 'helper'",
    "a-loss-has-no-index": "IndexError: invalid index of a 0-dim tensor",
    "softmax-needs-its-axis": "UserWarning: Implicit dimension choice for softmax",
    "an-initialiser-ends-in-an-underscore": "FutureWarning: `nn.init.normal` is now deprecated",
    "a-loss-is-added-up-by-its-reduction": "UserWarning: size_average and reduce args",
    "recording-is-switched-off-with-no-grad": "UserWarning: volatile was removed",
}

RESULTS = {
    "a-network-returns-logits": "probabilities: 1.461",
    "call-the-model": "after the call: ['hook']",
    "a-variable-is-a-tensor-and-data-is-not-needed": "with .data: 209.0",
    "images-are-not-resized-or-viewed": "(64, 392)",
    "a-single-image-keeps-its-batch-axis": "(10,) (1, 10)",
    "the-sigmoid-of-f-still-works": "same: True",
    "softmax-subtracts-the-highest-score-first": "formula: [[0.0, nan]]",
    "normalize-does-not-standardise": "from -1 to 1, mean -0.",
    "the-untrained-network-is-not-undecided": "nn.Linear: the highest probability is 0.1",
    "the-order-of-layers-shows": "output, hidden: a weight of hidden is",
}


@pytest.mark.parametrize(("anchor", "message"), MESSAGES.items())
def test_code_of_2018_fails_as_shown_beside_that_of_today(anchor: str, message: str) -> None:
    old, today = sections("changes")[anchor].select(".cell")
    assert "tag_original" in old["class"]
    assert message in old.select(".traceback")[0].get_text()
    assert "tag_today" in today["class"]
    assert not today.select(".cell_output")
    assert "assert " in today.get_text()


def test_nothing_else_of_2018_fails() -> None:
    assert len(page("changes.html").select(".traceback")) == len(MESSAGES)


@pytest.mark.parametrize(("anchor", "result"), RESULTS.items())
def test_what_changed_in_silence_is_measured(anchor: str, result: str) -> None:
    (cell,) = sections("changes")[anchor].select(".cell")
    assert result in cell.select(".cell_output")[0].get_text()


def test_what_changed_is_shown_or_linked() -> None:
    for anchor, section in sections("changes").items():
        assert anchor in {*MESSAGES, *RESULTS} or section.select(
            'a[href*="#error-"], a[href*="#si"]'
        )


@pytest.mark.parametrize("section", sections("questions").values(), ids=lambda s: str(s["id"]))
def test_question_is_answered_with_a_link(section: Tag) -> None:
    heading = section.select_one("h3")
    assert heading is not None
    assert "?" in heading.get_text()
    assert section.select("p a.reference"), "no link"
    assert len(" ".join(p.get_text() for p in section.select("p")).split()) < 130


def test_the_lines_for_a_graphics_card_run_on_an_older_pytorch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cell = sections("questions")["do-i-need-a-gpu"].select_one(".cell_input pre")
    assert cell is not None
    images, labels = data.first_batch()
    names = {"torch": torch, "F": F, "DeepNetwork": DeepNetwork, "images": images, "labels": labels}
    monkeypatch.delattr(torch, "accelerator")  # PyTorch 2.5 has none
    exec(cell.get_text(), names)  # noqa: S102 - the page's own
    assert str(names["device"]) == "cpu"


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
    # A variable leads nowhere: its class is not what its name stands for.
    assert not linked & {"fig", "images", "inputs", "labels", "model", "loss"}
    # The inner parts of a longer name, such as `torch.optim`, are modules.
    # The line that opens windows is for scripts: a page does not show it.
    written = written_names(step) - {"plt.show"}
    names = {n for n in written if not any(o.startswith(f"{n}.") for o in linked)}
    assert len(names) > 1
    assert names <= linked
