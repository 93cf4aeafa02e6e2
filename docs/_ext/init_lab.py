"""The directive ``init-lab``: a slider over the scale of the weights, between runs made now."""

import functools
from collections.abc import Mapping

import torch
from matplotlib.figure import Figure
from mnistlesson import plots
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

import init_runs
from live import Live


class InitLab(Live):
    """Place the slider, and the table of the runs that it moves between."""

    template = "init_lab.html"
    files = ("views.js", "init_lab.js", "numbers.css", "bench.css")

    @functools.cached_property
    def runs(self) -> list[init_runs.Run]:
        """Make the runs, now."""
        return init_runs.runs()

    def figure(self) -> tuple[Figure, str]:
        """Draw the runs as curves."""
        runs = self.runs
        measures = {
            "share saturated": [run.saturated for run in runs],
            "top probability": [run.top for run in runs],
            "entropy (nats)": [run.entropy for run in runs],
        }
        figure = plots.scale_curves(
            torch.tensor(init_runs.SCALES),
            {name: torch.tensor(values) for name, values in measures.items()},
            title="From undecided to certain: 31 scales of the weights",
        )
        first, last = runs[0], runs[-1]
        says = (
            f"From std {first.std} to {last.std}, the share of saturated units rises from "
            f"{first.saturated:.0%} to {last.saturated:.0%}, the top probability from "
            f"{first.top:.2f} to {last.top:.2f}, and the entropy falls from {first.entropy:.2f} "
            f"to {last.entropy:.2f} nats."
        )
        return figure, says

    def context(self) -> Mapping[str, object]:
        """Give the runs, to the table and to the slider."""
        return {
            "runs": self.runs,
            "start": init_runs.SCALES.index(0.01),
            "stored": [run._asdict() for run in self.runs],
            "max_entropy": init_runs.MAX_ENTROPY,
        }


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("init-lab", InitLab)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
