"""The tables that ``benchmark.py`` writes."""

import statistics
from typing import NamedTuple

ROUNDS = 3  # a slow minute spoils one of them, and the median is another
SPACE = "&nbsp;"  # a figure that is broken into lines cannot be read on a narrow page


class Times(list[float]):
    """Measurements of one thing, in one unit."""

    @property
    def median(self) -> float:
        """Return the middle one."""
        return statistics.median(self)

    def told(self, unit: str = "s") -> str:
        """Say the median and the spread."""
        spread = f"({min(self):.2f} to {max(self):.2f})".replace(" ", SPACE)
        return f"{self.middle(unit)} {spread}"

    def middle(self, unit: str = "s") -> str:
        """Say the median."""
        return f"{self.median:.2f}{SPACE}{unit}"


class Measured(NamedTuple):
    """All measurements of one project."""

    floor: Times
    cold: Times
    nothing: Times
    script: Times
    prose: Times
    code: Times
    package: Times
    memory: Times
    torch: Times
    imported: Times
    size: Times


def verdict(measured: float, bar: float) -> str:
    """Say whether a bar is met."""
    return "met" if measured <= bar else "**not met**"


def rows(m: Measured) -> list[str]:
    """Return the first table: what was measured, the figure, and the bar."""
    ratio, over = m.cold.median / m.floor.median, m.code.median - m.script.median
    prose = m.prose.median - m.script.median
    more = m.imported.median / m.torch.median - 1
    table = [
        ("the floor: every step and cell in one process, on one thread", m.floor.told(), ""),
        (
            "a build from nothing",
            f"{m.cold.told()}, {ratio:.2f} times the floor",
            f"1.5 times: {verdict(ratio, 1.5)}",
        ),
        ("nothing changed", m.nothing.told(), f"1.5 s: {verdict(m.nothing.median, 1.5)}"),
        ("step 5, as a script by itself", m.script.told(), ""),
        (
            "the prose of step 5 changed",
            f"{m.prose.told()}, {prose:.2f} s more than the script",
            f"2.5 s more: {verdict(prose, 2.5)}",
        ),
        (
            "the code of step 5 changed",
            f"{m.code.told()}, {over:.2f} s more than the script",
            f"2.5 s more: {verdict(over, 2.5)}",
        ),
        (
            "`mnistlesson/models.py` changed",
            f"{m.package.told()}, {m.package.median / m.floor.median:.2f} times the floor",
            "only what imports it: met",  # or the benchmark has ended
        ),
        ("`import torch`", m.torch.told(), ""),
        (
            "`import torch, mnistlesson`",
            f"{m.imported.told()}, {more:+.1%}",
            f"10%: {verdict(more, 0.1)}",
        ),
        ("memory at most, all processes", m.memory.told("GB"), ""),
        ("size of the site, without `site.zip`", m.size.told("MB"), ""),
    ]
    head = ["| what | how long, or how large | bar |", "| --- | --- | --- |"]
    return [*head, *(f"| {' | '.join(row)} |" for row in table)]


def growth(all_measured: dict[int, Measured]) -> list[str]:
    """Return the second table, a line for each number of steps, and what follows from it."""
    head = ("steps", "floor", "from nothing", "of the floor", "nothing changed", "prose changed")
    more = ("code changed", "`models.py` changed", "memory", "site")
    lines = [f"| {' | '.join((*head, *more))} |", "| --- " * 10 + "|"]
    for count, m in all_measured.items():
        seconds = [times.middle() for times in (m.nothing, m.prose, m.code, m.package)]
        figures = [
            str(count),
            m.floor.told(),
            m.cold.told(),
            f"{m.cold.median / m.floor.median:.2f}",
            *seconds,
            m.memory.middle("GB"),
            m.size.middle("MB"),
        ]
        lines.append(f"| {' | '.join(figures)} |")
    few, many = min(all_measured), max(all_measured)
    least, most = all_measured[few], all_measured[many]
    each = (most.cold.median - least.cold.median) / (many - few)
    own = (most.floor.median - least.floor.median) / (many - few)
    fixed = least.cold.median - few * each
    between = [
        f"{count} steps would take {fixed + count * each:.1f} s, and took {m.cold.median:.1f} s"
        for count, m in all_measured.items()
        if few < count < many
    ]
    told = (
        f"A build from nothing takes {fixed:.1f} s, and {each:.2f} s a step. The step itself "
        f"is {own:.2f} s of them; the rest is its figures and its page. On a straight line between "
        f"{few} and {many} steps, {'; '.join(between)}."
    )
    return [*lines, "", told]
