"""The directive ``init-lab``: a slider over the scale of the weights, between runs made now."""

from collections.abc import Mapping

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

import init_runs
from live import Live


class InitLab(Live):
    """Place the slider, and the table of the runs that it moves between."""

    template = "init_lab.html"
    files = ("views.js", "init_lab.js", "numbers.css", "bench.css")

    def context(self) -> Mapping[str, object]:
        """Make the runs."""
        runs = init_runs.runs()
        return {
            "runs": runs,
            "start": init_runs.SCALES.index(0.01),
            "stored": [run._asdict() for run in runs],
            "max_entropy": init_runs.MAX_ENTROPY,
        }


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("init-lab", InitLab)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
