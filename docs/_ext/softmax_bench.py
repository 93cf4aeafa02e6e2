"""The directive ``softmax-bench``: choose a way to write softmax, and see what PyTorch answered."""

from collections.abc import Mapping

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

import softmax_variants as variants
from live import Live


def stored(answers: variants.Answers) -> dict[str, object]:
    """Return the answers as the page keeps them: each that occurs often once, and pointed to."""
    outcomes = list(dict.fromkeys(o for row in answers.outcomes.values() for o in row))
    verdicts = list(dict.fromkeys(answers.verdicts.values()))
    return {
        "sources": [formula.source for formula in variants.FORMULAS],
        "outcomes": [[*outcome.lines] for outcome in outcomes],
        "verdicts": verdicts,
        "results": [[*map(outcomes.index, answers.outcomes[f])] for f in variants.FORMULAS],
        "says": [verdicts.index(answers.verdicts[f]) for f in variants.FORMULAS],
    }


class SoftmaxBench(Live):
    """Place the bench, and the table of everything that it can answer."""

    template = "softmax_bench.html"
    files = ("softmax_bench.js", "bench.css")

    def context(self) -> Mapping[str, object]:
        """Run the variants, now."""
        answers = variants.run()
        return {
            # name, legend, options, the one to start from: the original lesson's own softmax
            "choices": [
                ("maximum", "Subtract from x", variants.MAXIMA, 0),
                ("above", "Above the line", variants.EXPS, 0),
                ("below", "Below the line", variants.EXPS, 0),
                ("dim", "Sum along", variants.DIMS, 1),
                ("keepdim", "Keep the axis", variants.KEEPS, 0),
                ("size", "Images in the batch", variants.SIZES, 0),
                ("scale", "Scores", variants.SCALES, 0),
            ],
            "answers": answers,
            "sizes": variants.SIZES,
            "scales": variants.SCALES,
            "stored": stored(answers),
        }


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("softmax-bench", SoftmaxBench)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
