"""The terms of the glossary, and where a page uses them. Part of ``glossary_links``."""

import re
from collections.abc import Iterator

from docutils import nodes

# Phrases in which a word is not the term of the glossary: a class or a module of Python, a name.
OTHER_SENSES = (
    "a class",
    "both classes",
    "class of step",
    "classes of steps",
    "no class",
    "of the class",
    "that module",
    "the class is",
    "the name “relu”",
    "with its class",
)

_INLINE = (nodes.paragraph, nodes.emphasis, nodes.strong)
_AROUND = (*_INLINE, nodes.section, nodes.document)


def entries(glossary: nodes.document) -> Iterator[tuple[nodes.definition_list_item, str]]:
    """Yield each entry of the glossary with its anchor, which is that of its first term."""
    for entry in glossary.findall(nodes.definition_list_item):
        yield entry, next(entry.findall(nodes.term))["ids"][0]


def anchors(glossary: nodes.document) -> dict[str, str]:
    """Return the anchor for each term, the longest first: "hidden unit" comes before "unit"."""
    names = {
        term.astext(): anchor
        for entry, anchor in entries(glossary)
        for term in entry.findall(nodes.term)
    }
    return dict(sorted(names.items(), key=lambda item: -len(item[0])))


def _forms(term: str) -> str:
    """Return a pattern of a term, its plural, and what the endings of a verb make of it."""
    words = r"\s+".join(map(re.escape, term.split()))
    if term.endswith("is"):
        return f"{words[:-2]}[ie]s"
    return f"{words[:-1]}(?:e[sd]?|ing)" if term.endswith("e") else f"{words}(?:e?s|ed|ing)?"


def _prose(page: nodes.document) -> Iterator[nodes.Text]:
    """Yield the text of paragraphs: none of code, headings, links, or sphinx-gallery's notes."""
    for text in page.findall(nodes.Text):
        around, node = [], text.parent
        while node is not None:
            around.append(node)
            node = node.parent
        if isinstance(text.parent, _INLINE) and all(isinstance(node, _AROUND) for node in around):
            yield text


def first_uses(
    page: nodes.document, names: dict[str, str]
) -> Iterator[tuple[nodes.Text, re.Match[str], str]]:
    """Yield the first use of each entry on a page: the text, the match in it, and the term."""
    other = (r"\s+".join(map(re.escape, phrase.split())) for phrase in OTHER_SENSES)
    words = "|".join((*other, *(f"({_forms(name)})" for name in names)))
    pattern = re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)
    seen = set()
    for text in _prose(page):
        for match in pattern.finditer(text):
            if match.lastindex is not None:
                name = [*names][match.lastindex - 1]
                if names[name] not in seen:
                    seen.add(names[name])
                    yield text, match, name
