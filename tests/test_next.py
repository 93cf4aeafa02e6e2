"""The page of what comes next: its parts are there, have run, and leave the reader something."""

import re

import pytest
from bs4 import Tag

from support.site import page

pytestmark = pytest.mark.digits

PARTS = {
    "train-it-better": r"\n +0% .*\n +30% .*\n +50% .*\n?$",
    "see-what-is-near-a-convolution": r"\n4 pixels to the right +\d+\.\d% +\d+\.\d%",
    "read-your-own-digits": r"\nprepare +read as 7, probability [01]\.\d\d",
    "try-other-data": r"images that are still digits\nthe classes of FashionMNIST: T-shirt/top, ",
}


def parts() -> dict[str, Tag]:
    """Return the parts of the page by their anchors."""
    return {str(part["id"]): part for part in page("next.html").select("article section section")}


def test_the_page_has_its_parts_and_is_in_the_menu() -> None:
    assert [*parts()] == [*PARTS, "read-on"]
    menu = page("index.html").select(".sidebar-tree a")
    assert "next.html" in [str(link["href"]) for link in menu]


@pytest.mark.parametrize("name", PARTS)
def test_a_part_shows_what_it_came_to_and_leaves_a_task(name: str) -> None:
    part = parts()[name]
    printed = [output.get_text() for output in part.select(".cell_output pre")]
    assert any(re.search(PARTS[name], text) for text in printed), printed
    tasks = [task for task in part.select("p > strong") if task.get_text() == "Your turn."]
    assert len(tasks) == 1
    paragraph = tasks[0].find_parent("p")
    assert isinstance(paragraph, Tag)
    assert paragraph.find_next_sibling() is None, "it comes last"


def test_the_test_set_is_asked_once_of_the_network_that_was_chosen() -> None:
    code = "\n".join(c.get_text() for c in parts()["train-it-better"].select(".cell_input pre"))
    chosen = code.index("best = max(kept")
    assert code.count("testset = ") == 1
    assert code.index("testset = ") > chosen


def test_what_was_not_downloaded_is_said_so() -> None:
    text = " ".join(parts()["try-other-data"].get_text().split())
    assert "this page was made without it" in text


def test_further_reading_leads_to_other_sites() -> None:
    items = parts()["read-on"].select("li")
    assert len(items) >= 4
    assert all(item.select_one("a.external") for item in items)
