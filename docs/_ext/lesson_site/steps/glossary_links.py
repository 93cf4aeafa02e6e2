"""Links between the steps and the glossary.

The steps are scripts, and ``:term:`` in their text would stand in the notebooks as it is. So the
first use of each term in a step becomes a link when its page is written, and the glossary lists the
steps that use it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

GLOSSARY = "glossary"
STEP = re.compile(r"lesson/\d\d_\w+")

# Phrases in which a word is not the term of the glossary: a class or a module of Python, a name.
OTHER_SENSES = Path(__file__).with_name("other_senses.txt").read_text(encoding="utf-8").splitlines()

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


def forms(term: str) -> str:
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
    words = "|".join((*other, *(f"({forms(name)})" for name in names)))
    pattern = re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)
    seen = set()
    for text in _prose(page):
        for match in pattern.finditer(text):
            if match.lastindex is not None:
                name = [*names][match.lastindex - 1]
                if names[name] not in seen:
                    seen.add(names[name])
                    yield text, match, name


def _link_uses(app: Sphinx, step: nodes.document, page: str) -> None:
    """Link the first use of each term in a step to the glossary."""
    if not STEP.fullmatch(page) or GLOSSARY not in app.env.found_docs:
        return
    names = anchors(app.env.get_doctree(GLOSSARY))
    glossary = app.builder.get_relative_uri(page, GLOSSARY)
    found: dict[nodes.Text, list[tuple[re.Match[str], str]]] = {}
    for text, match, name in first_uses(step, names):
        found.setdefault(text, []).append((match, names[name]))
    for text, uses in found.items():
        parts: list[nodes.Node] = []
        end = 0
        for match, anchor in uses:
            link = nodes.reference("", match[0], refuri=f"{glossary}#{anchor}", internal=True)
            place = nodes.inline("", "", link, ids=[f"use-{anchor}"], classes=["term"])
            parts += [nodes.Text(text[end : match.start()]), place]
            end = match.end()
        text.parent.replace(text, [*parts, nodes.Text(text[end:])])


def _list_uses(app: Sphinx, glossary: nodes.document, page: str) -> None:
    """Add to each entry of the glossary the numbers of the steps that use it; and the letters."""
    if page != GLOSSARY:
        return
    names = anchors(glossary)
    steps: dict[str, list[str]] = {}
    for step in sorted(filter(STEP.fullmatch, app.env.found_docs)):
        for _, _, name in first_uses(app.env.get_doctree(step), names):
            steps.setdefault(names[name], []).append(step)
    for entry, anchor in entries(glossary):
        line = nodes.paragraph(classes=["uses"])
        for step in steps.get(anchor, []):
            uri = f"{app.builder.get_relative_uri(GLOSSARY, step)}#use-{anchor}"
            number, title = str(int(step[7:9])), app.env.titles[step].astext()
            line += nodes.reference("", number, refuri=uri, reftitle=title, internal=True)
        if line.children:
            next(entry.findall(nodes.definition)).append(line)
    first: dict[str, str] = {}
    for entry, anchor in entries(glossary):
        first.setdefault(next(entry.findall(nodes.term)).astext()[0].upper(), anchor)
    letters = nodes.paragraph(classes=["letters"])
    for letter, anchor in sorted(first.items()):
        letters += nodes.reference("", letter, refid=anchor, internal=True)
    top = next(glossary.findall(addnodes.glossary))
    top.parent.insert(top.parent.index(top), letters)


def _together(
    _app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Write the steps again when the glossary has changed, and the glossary when a step has."""
    touched = added | changed | removed
    if GLOSSARY in touched:
        return [page for page in env.found_docs if STEP.fullmatch(page)]
    return [GLOSSARY] if any(map(STEP.fullmatch, touched)) else []


def setup(app: Sphinx) -> None:
    """Link when a page is written; with a change of one, write the other again."""
    app.connect("doctree-resolved", _link_uses)
    app.connect("doctree-resolved", _list_uses)
    app.connect("env-get-outdated", _together)
