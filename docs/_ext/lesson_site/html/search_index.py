"""The search index: complete when only a few pages are written again.

Of the other pages Sphinx's index has the words, but not the entries; and it keeps words that are on
no page any more.
"""

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.util.index_entries import split_index_msg


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


def _forget_words(app: Sphinx) -> list[tuple[str, dict[str, object], str]]:
    """Take from the index the words that are nowhere. Adds no page, which Sphinx asks for here."""
    index = getattr(app.builder, "indexer", None)
    for words in (index._mapping, index._title_mapping) if index else ():  # noqa: SLF001
        for word in [word for word, pages in words.items() if not pages]:
            del words[word]
    return []


def setup(app: Sphinx) -> None:
    """Complete the index before pages are written, then clean it."""
    app.connect("write-started", _fill_entries)
    app.connect("html-collect-pages", _forget_words)
