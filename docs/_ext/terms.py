"""Links between the steps and the glossary.

The steps are scripts, and ``:term:`` in their text would stand in the notebooks as it is. So the
first use of each term in a step becomes a link when its page is written, and the glossary lists the
steps that use it.
"""

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.typing import ExtensionMetadata

GLOSSARY = "glossary"
STEP = re.compile(r"lesson/(\d\d)_\w+")
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


def _entries(glossary: nodes.document) -> Iterator[tuple[nodes.definition_list_item, str]]:
    """Yield each entry of the glossary with its anchor, which is that of its first term."""
    for entry in glossary.findall(nodes.definition_list_item):
        yield entry, next(entry.findall(nodes.term))["ids"][0]


def _names(glossary: nodes.document) -> dict[str, str]:
    """Return the anchor for each term, the longest first: "hidden unit" comes before "unit"."""
    names = {
        term.astext(): anchor
        for entry, anchor in _entries(glossary)
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


class Terms(SphinxPostTransform):
    """Link each step to the glossary, and the glossary to each step."""

    default_priority = 5  # before references are resolved
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Do what the page asks for."""
        if GLOSSARY not in self.env.found_docs:
            return
        if STEP.fullmatch(self.env.docname):
            self._link(_names(self.env.get_doctree(GLOSSARY)))
        elif self.env.docname == GLOSSARY:
            self._list(_names(self.document))

    def _link(self, names: dict[str, str]) -> None:
        found: dict[nodes.Text, list[tuple[re.Match[str], str]]] = {}
        for text, match, name in first_uses(self.document, names):
            found.setdefault(text, []).append((match, name))
        for text, uses in found.items():
            parts: list[nodes.Node] = []
            end = 0
            for match, name in uses:
                link = addnodes.pending_xref(
                    "",
                    nodes.inline("", match[0]),
                    refdoc=self.env.docname,
                    refdomain="std",
                    reftype="term",
                    reftarget=name,
                    refwarn=True,
                )
                place = nodes.inline("", "", link, ids=[f"use-{names[name]}"], classes=["term"])
                parts += [nodes.Text(text[end : match.start()]), place]
                end = match.end()
            text.parent.replace(text, [*parts, nodes.Text(text[end:])])

    def _list(self, names: dict[str, str]) -> None:
        steps: dict[str, list[str]] = {}
        for page in sorted(filter(STEP.fullmatch, self.env.found_docs)):
            for _, _, name in first_uses(self.env.get_doctree(page), names):
                steps.setdefault(names[name], []).append(page)
        for entry, anchor in _entries(self.document):
            line = nodes.paragraph(classes=["uses"])
            for page in steps.get(anchor, []):
                uri = self.app.builder.get_relative_uri(GLOSSARY, page)
                number, title = str(int(page[7:9])), self.env.titles[page].astext()
                line += nodes.reference(
                    "", number, refuri=f"{uri}#use-{anchor}", reftitle=title, internal=True
                )
            if line.children:
                next(entry.findall(nodes.definition)).append(line)


def _together(
    _app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Write the steps again when the glossary has changed, and the glossary when a step has."""
    touched = added | changed | removed
    if GLOSSARY in touched:
        return [page for page in env.found_docs if STEP.fullmatch(page)]
    return [GLOSSARY] if any(map(STEP.fullmatch, touched)) else []


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the transform."""
    app.add_post_transform(Terms)
    app.connect("env-get-outdated", _together)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
