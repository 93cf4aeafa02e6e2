"""Where a reader is: which step of how many, and how long it takes to read and to run."""

import json
import math
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

# English prose is read at 238 words a minute (M. Brysbaert, J. Mem. Lang. 109, 2019), code slower.
WORDS_A_MINUTE = 200


def reading_minutes(doctree: nodes.document) -> int:
    """Estimate how long a page takes to read, code and output included."""
    texts = (text for text in doctree.findall(nodes.Text) if not isinstance(text.parent, nodes.raw))
    words = sum(len(text.split()) for text in texts)
    return max(1, round(words / WORDS_A_MINUTE))


def running_time(seconds: float) -> str:
    """Say how long a step has run, so roughly that a busy machine says the same."""
    return "less than half a minute" if seconds < 30 else f"about {math.ceil(seconds / 60)} min"


def _tell(
    app: Sphinx,
    page: str,
    _template: str,
    context: dict[str, object],
    doctree: nodes.document | None,
) -> None:
    scripts = sorted(Path(app.config.sphinx_gallery_conf["examples_dirs"]).glob("*.py"))
    steps = [f"lesson/{script.stem}" for script in scripts]
    if page not in steps or doctree is None:
        return
    cost = Path(app.srcdir, f"{page}.cost.json")  # a step that has failed has none
    context["progress"] = {
        "number": steps.index(page) + 1,
        "steps": [(step, app.env.titles[step].astext()) for step in steps],
        "reading": reading_minutes(doctree),
        "running": running_time(json.loads(cost.read_text())["time"]) if cost.exists() else "",
    }


def setup(app: Sphinx) -> ExtensionMetadata:
    """Tell the template of each step's page."""
    app.connect("html-page-context", _tell)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
