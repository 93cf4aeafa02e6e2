"""The check of ``softmax``: each right style passes."""

import itertools
from dataclasses import replace

import torch
from mnistlesson import check
from mnistlesson.check import Level, _softmax
from mnistlesson.check._catalogue import mistakes, run_program
from mnistlesson.check._compare import close
from torch import Tensor

from support.seeds import seeds

EXERCISE = _softmax.EXERCISE
MISTAKES = mistakes("softmax")

SHIFT = "\n x = x - x.max(dim=1, keepdim=True).values\n e = torch.exp(x)"
# Right up to where exp overflows.
NAIVE = [
    "return torch.exp(x) / torch.exp(x).sum(dim=1, keepdim=True)",
    "return torch.exp(x) / torch.exp(x).sum(1).unsqueeze(1)",
    "return torch.exp(x) / torch.sum(torch.exp(x), dim=1).view(64 if len(x) == 64 else -1, 1)",
    "return x.exp() / x.exp().sum(-1)[:, None]",
    "return torch.div(x.exp(), x.exp().sum(dim=1).reshape(-1, 1))",
    "return (torch.exp(x).T / torch.exp(x).sum(dim=1)).T",
    "return math.e**x / (math.e**x).sum(dim=1, keepdim=True)",
    "return torch.stack([row.exp() / row.exp().sum() for row in x])",
    "return 1 / (1 / x.exp() * x.exp().sum(dim=1, keepdim=True))",
    "return torch.einsum('nk,n->nk', x.exp(), 1 / torch.einsum('nk->n', x.exp()))",
    "return x.exp() / (x.exp() @ torch.ones(10, 1, dtype=x.dtype))",
    "return x.double().exp() / x.double().exp().sum(dim=1, keepdim=True)",
]
STABLE = [
    f"{SHIFT}\n return e / e.sum(dim=1, keepdim=True)",
    f"{SHIFT}\n return e / e.sum(dim=-1, keepdim=True)",
    f"{SHIFT}\n return e / e.sum(1).unsqueeze(1)",
    f"{SHIFT}\n return e / e.sum(1)[:, None]",
    f"{SHIFT}\n return e / e.sum(1).view(-1, 1)",
    f"{SHIFT}\n return e / e.sum(1).reshape(x.shape[0], 1)",
    f"{SHIFT}\n return e.div(e.sum(1, keepdim=True))",
    f"{SHIFT}\n return e.mul(e.sum(1, keepdim=True).reciprocal())",
    f"{SHIFT}\n return e / (e.sum(1, keepdim=True) + 1e-12)",
    f"{SHIFT}\n return (e.t() / e.sum(1)).t()",
    f"{SHIFT}\n return torch.einsum('nk,n->nk', e, 1 / e.sum(1))",
    f"{SHIFT}\n return F.normalize(e, p=1, dim=1)",
    f"{SHIFT}\n return e / e.sum(1, keepdim=True).expand_as(e)",
    f"{SHIFT}\n return torch.diag(1 / e.sum(1)) @ e",
    f"{SHIFT}\n e /= e.sum(1, keepdim=True)\n return e",
    "e = (x - x.amax(1, keepdim=True)).exp()\n return e / e.sum(1, keepdim=True)",
    "e = (x - torch.max(x, 1)[0][:, None]).exp()\n return e / e.sum(1, keepdim=True)",
    "e = (x.T - x.T.max(0).values).exp()\n return (e / e.sum(0)).T",
    "return torch.exp(x - torch.logsumexp(x, dim=1, keepdim=True))",
    "return torch.exp(x - x.logsumexp(1)[:, None])",
    "return F.log_softmax(x, dim=1).exp()",
    "return torch.log_softmax(x, -1).exp()",
    "return F.softmax(x, dim=1)",
    "return nn.Softmax(dim=-1)(x)",
    "return nn.LogSoftmax(1)(x).exp()",
    "return torch.softmax(x, dim=1)",
    "return x.softmax(1)",
    "return torch.softmax(x.T, 0).T",
    "return torch.softmax(x.double(), dim=1).float()",
    "return torch.softmax(x.double(), dim=1)",
    "return torch.softmax(x * nn.Parameter(torch.ones(())), dim=1)",
    "return torch.stack([torch.softmax(row, dim=0) for row in x])",
    "return torch.vmap(lambda row: torch.softmax(row, 0))(x)",
    "x = x.clone()\n x -= x.amax(1, keepdim=True)\n x.exp_()\n return x / x.sum(1, keepdim=True)",
    "with torch.no_grad():\n  return torch.softmax(x, dim=1)",
]


# Named by what their numbers are like: no program of the catalogue does what they do.
LIKE = {
    "return x / 0": "nan",
    "return torch.full_like(x, 0.1)": "constant",
    "return 0.5 * x": "rescaled",
    "return 2**x / (2**x).sum(dim=0)": "columns",
    "return 2**x / (2**x).sum()": "everything",
    "return -torch.softmax(x, dim=1)": "negative",
    "return 100 * torch.softmax(x, dim=1)": "factor",
    "return 2**-x / (2**-x).sum(dim=1, keepdim=True)": "sign",
    "return torch.softmax(3 * x, dim=1)": "base",
    "return torch.softmax(x, dim=1).round(decimals=3)": "rounded",
    "return 1 - torch.softmax(x, dim=1)": "row-sums",
    "return torch.softmax(x, dim=1).flip(1)": "shares",
    "return x[:, 1:]": "shape",
    "return torch.softmax(x, dim=1).to_sparse()": "not-ordinary",
    "return torch.softmax(x, dim=1).to('meta')": "not-ordinary",
    "return torch.softmax(x, dim=1).cfloat()": "not-ordinary",
    "return torch.softmax(x, dim=1).tolist()": "not-a-tensor",
    "return nn.Softmax(1)": "module",
    "return x / x.sum(dim=1).item()": "single-number",
    "return x @ x.exp": "not-called",
    "return torch.exp(x.max(1))": "max-pair",
    "return x.cumsum()": "no-dim",
    "return torch.softmax(x, 5)": "no-such-axis",
    "return (2 * x) / x.sum(1)": "lost-axis",
    "return torch.stack([x[i].softmax(0) for i in range(64)])": "fixed-batch",
    "return x.mul_(3)": "in-place",
    "return missing": "raises",
}
# Right on small scores, and in ways of their own not on large ones.
LIKE_ON_LARGE = {
    "x = x.clamp(max=80)\n return x.exp() / x.exp().sum(1, keepdim=True)": "large",
    "assert x.max() < 80\n return x.softmax(1)": "large",
    "e = (x - x.max()).exp()\n return e / e.sum(1, keepdim=True).clamp(1e-37)": "global-maximum",
    "e = (x - x[:, 1:2]).exp()\n return e / e.sum(1, keepdim=True)": "not-the-maximum",
}


def write(body: str) -> str:
    return f"def softmax(x):\n {body}\n"


@seeds
def test_a_right_style_passes(seeds: range) -> None:
    for seed in seeds:
        for body in STABLE:
            verdict = EXERCISE.judge(run_program(write(body)), seed)
            assert (verdict.level, verdict.code) == (Level.RIGHT, "right"), body


@seeds
def test_a_naive_style_passes_with_a_note(seeds: range) -> None:
    for seed in seeds:
        for body in NAIVE:
            verdict = EXERCISE.judge(run_program(write(body)), seed)
            assert (verdict.level, verdict.code) == (Level.NOTE, "softmax-overflow"), body


@seeds
def test_other_wrong_programs_are_named_by_what_they_do(seeds: range) -> None:
    for seed in seeds:
        for body, kind in {**LIKE, **LIKE_ON_LARGE}.items():
            verdict = EXERCISE.judge(run_program(write(body)), seed)
            assert verdict.code == f"softmax-{kind}", body
            assert bool(verdict) == (body in LIKE_ON_LARGE)


def anywhere(seed: int) -> list[Tensor]:
    """Return scores of random shapes and scales, of two dtypes, with and without a gradient."""
    generator = torch.Generator().manual_seed(seed)
    logits = []
    for _ in range(3):
        rows, columns = (int(torch.randint(1, 1001, (), generator=generator)) for _ in "NK")
        scale = 10 ** (6 * torch.rand((), generator=generator) - 2)
        logits.append(scale * torch.randn(min(rows, 100), columns, generator=generator))
    return [logits[0], logits[1].double(), logits[2].requires_grad_()]


@seeds
def test_no_right_softmax_is_rejected_on_any_scores(seeds: range) -> None:
    exercise = replace(_softmax.SMALL, inputs=anywhere)
    for seed in seeds:
        for body in STABLE:
            assert exercise.judge(run_program(write(body)), seed).level is Level.RIGHT, body


MAXIMA = ["0", "x.max()", "x.amax(0, keepdim=True)", "x.amax(1, keepdim=True)"]
AXES = (0, 1, (0, 1))
VARIANTS = [
    f"return ({above.format(up)}) / ({below.format(down)}).sum({axis}, keepdim={keepdim})"
    for maximum in MAXIMA
    for up, down in ((f"x - {maximum}",) * 2, (f"x - {maximum}", "x"), ("x", f"x - {maximum}"))
    for above, below in itertools.product(("torch.exp({})", "{}"), repeat=2)
    for axis, keepdim in itertools.product(AXES, (True, False))
]


def test_every_variant_is_judged_by_what_it_computes() -> None:
    codes = []
    assert len(VARIANTS) == 288
    for body in VARIANTS:
        softmax = run_program(write(body))
        verdict = EXERCISE.judge(softmax)
        try:
            right = all(close(softmax(x), x.softmax(1)) for x in _softmax.SMALL.inputs(0))
        except RuntimeError:
            right = False
        assert bool(verdict) == right, body
        codes.append(verdict.code)
    assert "softmax-other" not in codes
    assert codes.count("softmax-overflow") == 3
    assert codes.count("softmax-global-maximum") == 1
    assert codes.count("right") == 1


def test_it_is_a_check() -> None:
    assert check.softmax(lambda x: x.softmax(1)).level is Level.RIGHT
