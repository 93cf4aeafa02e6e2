"""Links between the steps and the glossary.

The steps are scripts, and ``:term:`` in their text would stand in the notebooks as it is. So the
first use of each term in a step becomes a link when its page is written, and the glossary lists the
steps that use it. ``glossary_terms`` finds the uses.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from lesson_site.steps.glossary_terms import anchors, entries, first_uses

GLOSSARY = "glossary"
STEP = re.compile(r"lesson/\d\d_\w+")


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
    """Add to each entry of the glossary the numbers of the steps that use it."""
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
