"""The bench of step 4: choose a way to write softmax, and see what PyTorch answered."""

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure
from mnistlesson.plots._style import (
    BLUE,
    EDGE,
    PURPLE,
    VERMILLION,
    legend_below,
    new_figure,
    open_frame,
    styled,
)

from lesson_site.interactive.compute_part import part
from lesson_site.interactive.compute_programs import GAP
from lesson_site.interactive.directives import Part
from lesson_site.interactive.softmax_bench import compute_variants as variants

COLOURS = {"right": BLUE, "wrong": EDGE, "NaN": PURPLE, "error": VERMILLION}


def stored(answers: Mapping[str, Sequence[variants.Outcome]]) -> dict[str, object]:
    """Return the answers as the page keeps them: each that occurs often once, and pointed to."""
    said = list(variants.verdicts().values())
    outcomes = list(dict.fromkeys(outcome for row in answers.values() for outcome in row))
    verdicts = list(dict.fromkeys(said))
    return {
        "outcomes": [[*outcome.lines] for outcome in outcomes],
        "verdicts": verdicts,
        "results": [[*map(outcomes.index, row)] for row in answers.values()],
        "says": [*map(verdicts.index, said)],
    }


@styled
def _draw(batches: Sequence[Sequence[variants.Outcome]]) -> Figure:
    """Draw, for each batch, how many of the formulas are right, wrong, NaN or an error."""
    counts = {word: [[o.word for o in b].count(word) for b in batches] for word in COLOURS}
    scales = variants.SCALES.values()
    names = [f"{size},\nscores x {scale}" for size in variants.SIZES for scale in scales]
    figure = new_figure(f"What {len(variants.FORMULAS)} ways to write softmax gave", 3.0)
    axes = figure.subplots()
    bottom = [0] * len(batches)
    for word, heights in counts.items():
        axes.bar(names, heights, bottom=bottom, label=word, color=COLOURS[word], width=0.6)
        bottom = [below + height for below, height in zip(bottom, heights, strict=True)]
    axes.set(xlabel="images in the batch", ylabel="formulas")
    open_frame(axes)
    legend_below(figure, axes)
    first = ", ".join(f"{values[0]} {word}" for word, values in counts.items())
    figure.set_label(f"Of {bottom[0]} formulas, with {variants.SIZES[0]} images: {first}.")
    return figure


def make() -> Part:
    """Run the variants, for the choices and the table, and draw how many are right."""
    answers = variants.outcomes()
    context = {
        # name, legend, the option to start from: the original lesson's own softmax
        "choices": [
            ("maximum", "Subtract from x", 0),
            ("above", "Above the line", 0),
            ("below", "Below the line", 0),
            ("dim", "Sum along", 1),
            ("keepdim", "Keep the axis", 0),
            ("size", "Images in the batch", 0),
            ("scale", "Scores", 0),
        ],
        "options": variants.CHOICES
        | {"size": dict.fromkeys(variants.SIZES), "scale": dict.fromkeys(variants.SCALES)},
        "code": GAP.split(variants.CODE),
        "answers": answers,
        "sizes": variants.SIZES,
        "scales": variants.SCALES,
        "stored": stored(answers),
    }
    batches = list(zip(*answers.values(), strict=True))
    return part("softmax-bench", context, _draw(batches))
