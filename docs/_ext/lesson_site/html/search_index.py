"""The search index: complete when only a few pages are written again.

Of the other pages Sphinx's index has the words, but not the entries; and it keeps words that are on
no page any more. It has no words but those on the pages: search_words.toml adds others. And it has
no sentences, which a page on disk could not fetch either: a script of its own brings them.
"""

import json
import tomllib
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.util.index_entries import split_index_msg

from lesson_site.html.meta_tags import beginning, shorten

WORDS = Path(__file__).with_name("search_words.toml")


def _fill_entries(app: Sphinx, _builder: Builder) -> None:
    """Give the index the entries of all pages, as it will take them from those that are written."""
    found = app.env.domains.index_domain.entries
    app.env._search_index_index_entries = {  # noqa: SLF001 - Sphinx has no other place for them
        page: sorted(
            {
                (text, target or "", main)
                for kind, value, target, main, _key in found.get(page, [])
                for text in split_index_msg(kind, value)
            }
        )
        for page in sorted(app.env.found_docs)
    }


def _clean_and_add(app: Sphinx) -> list[tuple[str, dict[str, object], str]]:
    """Take from the index the words that are nowhere, and add those of search_words.toml.

    Adds no page, which Sphinx asks for here.
    """
    index = getattr(app.builder, "indexer", None)
    if index is None:
        return []
    for words in (index._mapping, index._title_mapping):  # noqa: SLF001 - Sphinx offers no other way
        for word in [word for word, pages in words.items() if not pages]:
            del words[word]
    for page, places in tomllib.loads(WORDS.read_text(encoding="utf-8")).items():
        entries = index._index_entries  # noqa: SLF001 - Sphinx offers no other way
        if page in entries:
            added = {(text, anchor, "main") for anchor, texts in places.items() for text in texts}
            entries[page] = sorted({*entries[page], *added})
    return []


def _note_sentences(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the first sentences of a page, and of each section and term, by its anchor."""
    found = {"": beginning(doctree)}
    for section in doctree.findall(nodes.section):
        if "mistake" in section["classes"]:  # its title is a sentence; there are hundreds
            continue
        found |= dict.fromkeys(section["ids"], beginning(section))
    for entry in doctree.findall(nodes.definition_list_item):
        ids = [anchor for term in entry.findall(nodes.term) for anchor in term["ids"]]
        for definition in entry.findall(nodes.definition):
            found |= dict.fromkeys(ids, shorten(definition.astext()))
    app.env.metadata[app.env.docname]["sentences"] = found


def _write_sentences(app: Sphinx, _builder: Builder) -> None:
    metadata = app.env.metadata
    pages = {page: metadata[page].get("sentences", {}) for page in sorted(app.env.found_docs)}
    script = Path(app.outdir, "_static", "search_sentences.js")
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(f"const SENTENCES = {json.dumps(pages)};\n", encoding="ascii")
    words = json.dumps(tomllib.loads(WORDS.read_text(encoding="utf-8")))
    script.with_name("search_words.js").write_text(f"const SEARCH_WORDS = {words};\n", "ascii")


def setup(app: Sphinx) -> None:
    """Complete the index before pages are written; then clean it, and add to it."""
    app.connect("doctree-read", _note_sentences)
    app.connect("write-started", _fill_entries)
    app.connect("write-started", _write_sentences)
    app.connect("html-collect-pages", _clean_and_add)
