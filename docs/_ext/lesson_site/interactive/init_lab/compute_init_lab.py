"""The lab of step 9: a slider over the scale of the weights, between runs made now."""

import torch
from mnistlesson import plots

from lesson_site.interactive.compute_part import part
from lesson_site.interactive.directives import Part
from lesson_site.interactive.init_lab import compute_runs


def make() -> Part:
    """Make the runs, for the table and the slider, and draw them as curves."""
    runs = compute_runs.runs()
    measures = {
        "share saturated": [run.saturated for run in runs],
        "top probability": [run.top for run in runs],
        "entropy (nats)": [run.entropy for run in runs],
    }
    figure = plots.scale_curves(
        torch.tensor(compute_runs.SCALES),
        {name: torch.tensor(values) for name, values in measures.items()},
        title="From undecided to certain: 31 scales of the weights",
    )
    first, last = runs[0], runs[-1]
    figure.set_label(
        f"From std {first.std} to {last.std}, the share of saturated units rises from "
        f"{first.saturated:.0%} to {last.saturated:.0%}, the top probability from "
        f"{first.top:.2f} to {last.top:.2f}, and the entropy falls from {first.entropy:.2f} "
        f"to {last.entropy:.2f} nats."
    )
    context = {
        "runs": runs,
        "start": compute_runs.SCALES.index(0.01),
        "stored": [run._asdict() for run in runs],
        "max_entropy": compute_runs.MAX_ENTROPY,
    }
    return part("init-lab", context, figure)
