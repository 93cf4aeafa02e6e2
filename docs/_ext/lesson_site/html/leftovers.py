"""Remove from the site what no source has any more: Sphinx leaves it there."""

import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.util.inventory import InventoryFile


def _remove_pages(app: Sphinx, _builder: Builder) -> None:
    """Remove pages that are gone: the inventory in the site names those of the build before."""
    site = Path(app.outdir)
    inventory = site / "objects.inv"
    if not inventory.exists():
        return
    before = InventoryFile.loads(inventory.read_bytes(), uri="").data["std:doc"]
    for page in before.keys() - app.env.found_docs:
        for file in (site / f"{page}.html", *site.glob(f"_sources/{page}.*")):
            file.unlink(missing_ok=True)


def _remove_files(app: Sphinx, _builder: Builder) -> None:
    """Remove what Sphinx copies anew in each build, and images that are on no page."""
    site = Path(app.outdir)
    for folder in ("_downloads", "_static"):
        shutil.rmtree(site / folder, ignore_errors=True)
    shown = {name for _, name in app.env.images.values()}
    for image in site.glob("_images/*"):
        if image.name not in shown:
            image.unlink()


def setup(app: Sphinx) -> None:
    """Remove it before anything is written."""
    app.connect("write-started", _remove_pages, priority=1)
    app.connect("write-started", _remove_files, priority=1)
