"""The search index: complete when only a few pages are written again.

Of the other pages Sphinx's index has the words, but not the entries; and it keeps words that are on
no page any more. And it has no words but those on the pages: search_words.toml adds others.
"""

import tomllib
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.util.index_entries import split_index_msg

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


def setup(app: Sphinx) -> None:
    """Complete the index before pages are written; then clean it, and add to it."""
    app.connect("write-started", _fill_entries)
    app.connect("html-collect-pages", _clean_and_add)
