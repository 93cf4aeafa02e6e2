"""The catalogue of mistakes: each is needed, and each is written out."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from mnistlesson.check import EXERCISES, _catalogue, _init, judge
from mnistlesson.check._catalogue import FOLDER, executed, mistakes

ALL = [(name, mistake) for name in EXERCISES for mistake in mistakes(name)]


def forget() -> None:
    """Empty what the checks remember of the catalogue."""
    for module in (_catalogue, _init):
        for thing in vars(module).values():
            if hasattr(thing, "cache_clear"):
                thing.cache_clear()


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a copy of the catalogue, which the checks read."""
    copy = tmp_path / "mistakes"
    shutil.copytree(FOLDER, copy)
    monkeypatch.setattr(_catalogue, "FOLDER", copy)
    forget()
    yield copy
    forget()


def said(name: str, program: str) -> object:
    """Return what the check of an exercise says of a program; its complaint where it cannot."""
    try:
        verdict = judge(name, executed(program))
    except KeyError as error:
        return repr(error)
    return verdict.code, verdict.level, verdict.says


@pytest.mark.parametrize(
    ("name", "mistake"),
    [(n, m) for n, m in ALL if m.programs],
    ids=lambda x: getattr(x, "code", ""),
)
def test_without_it_a_program_is_misjudged(
    name: str, mistake: _catalogue.Mistake, catalogue: Path
) -> None:
    before = [said(name, program) for program in mistake.programs]
    file = catalogue / f"{name}.toml"
    head, *entries = file.read_text(encoding="utf-8").split("[[mistake]]")
    kind = mistake.code.removeprefix(f"{name}-")
    rest = [entry for entry in entries if f'code = "{kind}"\n' not in entry]
    assert len(rest) == len(entries) - 1
    file.write_text("[[mistake]]".join([head, *rest]), encoding="utf-8")
    forget()
    assert [said(name, program) for program in mistake.programs] != before


@pytest.mark.parametrize(("name", "mistake"), ALL, ids=lambda x: getattr(x, "code", ""))
def test_it_is_written_out(name: str, mistake: _catalogue.Mistake) -> None:
    assert mistake.code.startswith(f"{name}-")
    assert mistake.says.endswith(".")
    assert mistake.ask.endswith("?")
    assert mistake.show.endswith(".")
