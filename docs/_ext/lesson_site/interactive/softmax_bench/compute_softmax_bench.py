"""The bench of step 4: choose a way to write softmax, and see what PyTorch answered."""

from collections.abc import Mapping, Sequence

from lesson_site.interactive.compute_programs import GAP
from lesson_site.interactive.softmax_bench import compute_variants as variants
from lesson_site.templates import render


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


def make() -> str:
    """Run the variants, for the choices and the table."""
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
    return render("interactive/softmax_bench/template.html", **context)
