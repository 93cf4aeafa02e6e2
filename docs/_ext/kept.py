"""The networks that steps have made, for the digit pad: scripts beside sphinx-gallery's pages.

``computed.networks`` writes them when a step has ended. Here the pad is told which there are.
"""

import hashlib
import json
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

# The step, the variable that holds its network, and what the pad calls it.
KEPT = {
    "09_init": ("large", "noise"),
    "10_forward": ("model", "default"),
    "11_training": ("model", "trained"),
}


def folder(gallery: str | Path) -> Path:
    """Return where the scripts lie: beside sphinx-gallery's pages, with which they come and go."""
    return Path(gallery) / "static" / "live"


def script(function: str, *arguments: object) -> str:
    """Return a call, as a page can load it from a server and from a folder alike."""
    return f"lesson.{function}({', '.join(map(json.dumps, arguments))});\n"


def write(path: Path, text: str) -> None:
    """Write a script, and its folder where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="ascii")


def catalogue(gallery: str) -> str:
    """Return the script that tells the pad which files there are, and how large each is."""
    # A step that failed has left none: the build goes on, and fails at its end.
    scripts = [p for _, name in KEPT.values() if (p := folder(gallery) / f"{name}.js").exists()]
    files = {
        path.stem: {
            # A browser that has kept another version asks for this one.
            "file": f"{path.name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:8]}",
            # Packed for the way, base64 is as long as what it stands for.
            "bytes": path.stat().st_size * 3 // 4,
        }
        for path in scripts
    }
    return script("files", files)


def _write_catalogue(app: Sphinx) -> None:
    gallery = app.config.sphinx_gallery_conf["gallery_dirs"]
    write(folder(gallery) / "catalogue.js", catalogue(gallery))


def setup(app: Sphinx) -> ExtensionMetadata:
    """List the files after sphinx-gallery. Their folder is one of the site's static files."""
    folder(app.srcdir / "lesson").mkdir(parents=True, exist_ok=True)
    app.connect("builder-inited", _write_catalogue, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
