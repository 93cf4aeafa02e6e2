"""The style sheets: each block is closed, and a browser knows all that stands in one."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import tinycss2
from playwright.sync_api import Browser
from tinycss2.ast import AtRule, Declaration, Node, ParseError, QualifiedRule
from tinycss2.color4 import parse_color

from support.site import ROOT

GENERATED = (ROOT / "docs" / "lesson", ROOT / "docs" / "downloads")
SHEETS = sorted(
    path
    for path in (ROOT / "docs").rglob("*.css")
    if not any(path.is_relative_to(folder) for folder in GENERATED)
)
NESTING = ("selector", "media", "supports")
# What a browser does not know of a list of selectors, conditions and declarations.
UNKNOWN = """parts => {
    const known = {
        selector: ({ value }) => { try { document.querySelector(value); return true; } catch {} },
        media: ({ value }) => matchMedia(value).media !== "not all",
        supports: ({ value }) => CSS.supports(value),
        declaration: ({ name, value }) => CSS.supports(name, value),
    };
    return parts.filter((part) => !known[part.kind](part));
}"""

# Colours that are no choice of ours: none, that of the text, and a reader's own.
NO_CHOICE = {"transparent", "currentcolor", "canvas", "canvastext", "graytext", "highlight"}

sheet = pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)


class Part(NamedTuple):
    """A selector, a condition or a declaration of a style sheet."""

    kind: str
    name: str
    value: str


def parts(nodes: list[Node]) -> Iterator[Part]:
    """Yield the parts of a list of rules, and of what stands in the block of each."""
    for node in nodes:
        if isinstance(node, ParseError):
            pytest.fail(f"line {node.source_line}: {node.message}")
        if isinstance(node, Declaration):
            yield Part("declaration", node.name, tinycss2.serialize(node.value).strip())
        if isinstance(node, QualifiedRule | AtRule):
            kind = node.at_keyword if isinstance(node, AtRule) else "selector"
            # What the others declare, such as @font-face, is no property of an element.
            if kind in NESTING:
                yield Part(kind, "", tinycss2.serialize(node.prelude).strip())
                read = tinycss2.parse_blocks_contents
                yield from parts(read(node.content, skip_comments=True, skip_whitespace=True))


@sheet
def test_style_sheet_is_whole(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    # Written again, it has the brace that the end of the file stood for.
    assert tinycss2.serialize(tinycss2.parse_stylesheet(text)) == text


@sheet
def test_browser_knows_all_of_the_style_sheet(browser: Browser, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    found = [part._asdict() for part in parts(rules)]
    assert found
    tab = browser.new_page()
    assert tab.evaluate(UNKNOWN, found) == []
    tab.close()


def colours(nodes: list[Node]) -> Iterator[str]:
    """Yield each colour that is named in a list of parts of a value, or in one of its functions."""
    for node in nodes:
        if parse_color(node) is not None:
            yield tinycss2.serialize([node])
        yield from colours(getattr(node, "arguments", []))


@sheet
def test_only_the_tokens_name_colours(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    values = [part.value for part in parts(rules) if part.kind == "declaration"]
    read = tinycss2.parse_component_value_list
    named = {colour.lower() for value in values for colour in colours(read(value))}
    assert (named <= NO_CHOICE) != (path.name == "tokens.css"), named


@sheet
def test_a_style_sheet_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < 250
