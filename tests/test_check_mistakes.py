"""The catalogue of mistakes: each is written out, and what a check needs of it is needed."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from mnistlesson.check import EXERCISES, _facts, _hypotheses, _mlp_formulas, judge
from mnistlesson.check._catalogue import Mistake, mistakes, run_program

ALL = [(name, mistake) for name in EXERCISES for mistake in mistakes(name)]

RULES: dict[str, set[str]] = {
    "gradient_step": {
        *("one-left", "accumulated", "step", "not-trainable", "in-place", "loss", "graph"),
        *("tensor", "not-a-number", "no-return", "data", "arguments"),
    },
    "train_epoch": {
        *("no-zero-grad", "zero-between", "step-first", "no-step", "no-backward", "own-steps"),
        *("own-model", "more-steps", "weights", "loss", "graph", "tensor", "not-a-number"),
        *("no-return", "no-train", "graphs-kept", "arguments"),
    },
    "accuracy": {
        *("dim-0", "no-argmax", "tensor", "no-eval", "no-grad", "model-changed", "model-unused"),
        *("not-a-number", "arguments"),
    },
    "standardise": {
        *("each-its-own", "integers", "std", "mean", "one-set", "returns", "in-place"),
        *("not-finite", "test-differs", "shape", "not-float32", "arguments"),
    },
    "flatten": {"fixed-batch", "scrambled", "in-place", "changed"},
    "softmax": {
        *("global-maximum", "not-the-maximum", "lost-axis", "columns", "everything", "sign"),
        *("base", "rescaled", "constant", "shape", "max-pair", "not-called", "no-dim"),
        *("no-such-axis", "module", "in-place", "fixed-batch", "no-return", "nan", "negative"),
        *("factor", "row-sums", "shares", "log", "single-number", "large"),
    },
}
"""The kinds that a rule knows again without a program. For these, programs are examples."""

COMBINED = {
    *("linear", "relu", "hidden-softmax", "wrong-sign", "double", "bias-after", "minus-bias"),
    *("bias-in-weights", "no-b1", "no-b2", "output-relu", "output-log-softmax", "answers"),
    "out-transposed",
}
"""The kinds of ``mlp`` that are known in company, too: as one of two mistakes."""


def without(gone: Mistake) -> Callable[[str], list[Mistake]]:
    """Return the catalogue in which a mistake has lost what it is known by."""
    bare = replace(gone, programs=(), formulas=())
    return lambda name: [bare if one.code == gone.code else one for one in mistakes(name)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "mistake"),
    [(n, m) for n, m in ALL if n in RULES and m.programs],
    ids=lambda x: getattr(x, "code", ""),
)
def test_without_its_programs_it_is_misjudged_unless_a_rule_knows_it(
    name: str, mistake: Mistake, monkeypatch: pytest.MonkeyPatch
) -> None:
    for way in (_hypotheses, _facts):
        monkeypatch.setattr(way, "mistakes", without(mistake))
    codes = {judge(name, run_program(program)).code for program in mistake.programs}
    assert (codes == {mistake.code}) == (mistake.kind in RULES[name])


@pytest.mark.parametrize(
    "mistake", [m for m in mistakes("mlp") if m.formulas], ids=lambda mistake: mistake.code
)
def test_without_its_formulas_it_is_misjudged_unless_it_is_one_of_two(
    mistake: Mistake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_mlp_formulas, "mistakes", without(mistake))
    codes = {judge("mlp", run_program(program)).code for program in mistake.programs}
    assert (codes == {mistake.code}) == (mistake.kind in COMBINED)


@pytest.mark.parametrize(("name", "mistake"), ALL, ids=lambda x: getattr(x, "code", ""))
def test_it_is_written_out(name: str, mistake: Mistake) -> None:
    assert mistake.code.startswith(f"{name}-")
    assert mistake.says.endswith(".")
    assert mistake.ask.endswith("?")
    assert mistake.show.endswith(".")
