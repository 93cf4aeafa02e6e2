"""No page loads a style or a script that it does not use."""

from sphinx.application import Sphinx

# What others bring for parts that the site has none of, or has styles of its own for.
DROPPED = ("pygments.css", "sg_", "sg-", "mystnb", "styles/furo-extensions.css")
# A style or script of the site, and what on a page needs it.
NEEDED = {
    "cell.css": ("<pre",),
    "code.css": ("<pre",),
    "figure.css": ("<svg",),
    "step.css": ("sphx-glr-example-title",),
    "cards.css": ('class="cards',),
    "verdict.css": ('class="verdict',),
    "reference.css": ('class="autosummary', '<dl class="glossary"', "tag_original"),
    # The last: an exercise, to which the template adds a box to mark it as solved.
    "lookup.css": ('class="filter', 'class="letters', 'id="a-solution"'),
    "search_words.js": ('class="filter',),
    "filter.js": ('class="filter',),
}


def _used(file: str, body: str) -> bool:
    """Tell whether a page uses a file."""
    name = file.removeprefix("_static/")
    if name.startswith(DROPPED):
        return False
    return name not in NEEDED or any(mark in body for mark in NEEDED[name])


def _drop(
    _app: Sphinx, _page: str, _template: str, context: dict[str, list[object]], _: object
) -> None:
    body = str(context.get("body", ""))
    for kind in ("css_files", "script_files"):
        context[kind] = [
            file for file in context[kind] if _used(str(getattr(file, "filename", file)), body)
        ]


def setup(app: Sphinx) -> None:
    """Drop them after all other extensions have added theirs."""
    app.connect("html-page-context", _drop, priority=900)
