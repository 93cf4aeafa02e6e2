"""The Sphinx extension of this site: a folder for each concern.

Modules named ``compute_*`` are imported by the processes of ``execution`` only. Sphinx itself
starts without PyTorch and Matplotlib, and ends without them where nothing has changed.
"""

import importlib

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

PARTS = [
    "preconditions",  # first: what is missing is told before anything is done
    "execution.extension",  # next: the pool begins to import while the others are loaded
    "steps.cards",
    "steps.gallery_setup",
    "steps.glossary_links",
    "steps.inserts",
    "steps.position",
    "interactive.directives",
    "practice.predict",
    "exercises.mistakes",
    "downloads.directives",
    "downloads.notebooks",
    "downloads.pack",
    "html.assets",
    "html.cells",
    "html.inventories",
    "html.leftovers",
    "html.mathml",
    "html.meta_tags",
    "html.not_found",
    "html.search_index",
    "html.sitemap",
    "html.site_urls",
    "html.theme_strings",
]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set up all parts. A task imports this package too, and depends on what is imported here."""
    for part in PARTS:
        importlib.import_module(f"{__name__}.{part}").setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
