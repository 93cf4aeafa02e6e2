"""How long builds take, beside what none can do without. Run by ``make benchmark``, alone.

It measures in a copy of the project, which it changes, one measurement after another, three rounds,
and writes the medians into the table that the contributors' guide shows. It fails where a bar is
not met. The bars are for MNIST: on the embedded digits there is little to execute.
"""

import os
import platform
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from mnistlesson._digits import EMBEDDED, in_use

from support.copies import Built, Copy, importing
from support.site import ROOT, STEPS
from tools.benchmark_table import ROUNDS, Measured, Times, growth, rows

TABLE = ROOT / "docs" / "_inserts" / "benchmark.md"
STEP, MODELS = "gallery/05_module.py", "mnistlesson/models.py"
ON_TOP = (
    "With copies of the steps, on the embedded digits. Little is executed there, so that what "
    "comes on top shows:"
)
GROWTH = [times * len(STEPS) for times in (1, 2, 4, 8)]


def timed(command: Sequence[str], copy: Copy) -> float:
    """Run a command in the copy, and return how long it took."""
    began = time.perf_counter()
    subprocess.run(command, cwd=copy.folder, env=copy.environment, check=True, capture_output=True)
    return time.perf_counter() - began


def python(*arguments: str) -> list[str]:
    """Return a command."""
    return [sys.executable, *arguments]


class _Memory(threading.Thread):
    """Adds up the memory of a group of processes, what they share counted once, until it ends."""

    def __init__(self, group: int) -> None:
        super().__init__(daemon=True)
        self._group = group
        self.ended = threading.Event()
        self.highest = 0.0

    def run(self) -> None:
        while not self.ended.wait(0.2):
            self.highest = max(self.highest, sum(map(self._of, Path("/proc").glob("[0-9]*"))))

    def _of(self, process: Path) -> float:
        try:
            if os.getpgid(int(process.name)) != self._group:
                return 0
            told = (process / "smaps_rollup").read_text()
        except OSError:  # it has ended
            return 0
        shares = re.search(r"^Pss:\s+(\d+)", told, re.MULTILINE)
        return int(shares[1]) / 1e6 if shares else 0


def build(copy: Copy, executes: Callable[[Built], bool]) -> float:
    """Build, see that what was executed is what had to be, and return how long it took."""
    began = time.perf_counter()
    built = copy.build()
    took = time.perf_counter() - began
    if built.status or not executes(built):
        raise RuntimeError(f"status {built.status}, executed {built.executed}:\n{built.said}")
    return took


def highest_memory(copy: Copy) -> float:
    """Build from nothing, and return how much memory its processes had at most, in GB."""
    copy.clean()
    process = copy.start()
    watch = _Memory(process.pid)
    watch.start()
    process.communicate()
    watch.ended.set()
    return watch.highest


def measure(copy: Copy) -> Measured:
    """Measure everything, round by round, so that a slow minute spoils one round and no more."""
    m = Measured(*(Times() for _ in Measured._fields))
    step = (copy.folder / STEP).read_text(encoding="utf-8")
    models = (copy.folder / MODELS).read_text(encoding="utf-8")
    name = f"lesson/{Path(STEP).stem}"
    steps = len(list((copy.folder / "gallery").glob("*.py")))
    # After the last step come copies of all, in their order.
    first = importing("mnistlesson.models")
    numbers = range(1, steps + 1)
    dependent = {f"{n:02}" for n in numbers if f"{(n - 1) % len(STEPS) + 1:02}" in first}
    # As the processes of a build: small matrices on several threads wait for one another.
    copy.environment["OMP_NUM_THREADS"] = "1"
    copy.environment["PYTHONPATH"] = f"{copy.folder}{os.pathsep}{copy.folder / 'docs/_ext'}"

    def changed(file: str, text: str, executes: Callable[[Built], bool]) -> float:
        (copy.folder / file).write_text(text, encoding="utf-8")
        return build(copy, executes)

    for number in range(ROUNDS):
        print(f"round {number + 1} of {ROUNDS}, {steps} steps", flush=True)
        m.torch.append(timed(python("-c", "import torch"), copy))
        m.imported.append(timed(python("-c", "import torch, mnistlesson"), copy))
        m.floor.append(timed(python(str(Path(__file__).with_name("floor.py"))), copy))
        m.script.append(timed(python(STEP), copy))
        copy.clean()
        m.cold.append(build(copy, lambda built: len(built.steps) == steps))
        m.nothing.append(build(copy, lambda built: not built.executed))
        prose = step.replace("\n# ", f"\n# Round {number}. ", 1)
        m.prose.append(changed(STEP, prose, lambda built: built.executed == {name}))
        m.code.append(
            changed(STEP, f"{step}print({number})\n", lambda built: built.executed == {name})
        )
        changed(STEP, step, lambda built: built.executed == {name})
        text = f"{models}# {number}\n"
        m.package.append(changed(MODELS, text, lambda built: built.steps == dependent))
        (copy.folder / MODELS).write_text(models, encoding="utf-8")
        m.memory.append(highest_memory(copy))
        pages = copy.pages()
        m.size.append(sum(len(pages[page]) for page in pages.keys() - {"site.zip"}) / 1e6)
    return m


def grown(copy: Copy, count: int) -> None:
    """Copy the steps until there are so many."""
    steps = sorted((copy.folder / "gallery").glob("*.py"))
    for number in range(len(steps), count):
        original = steps[number % len(STEPS)]
        name = f"{number + 1:02}{original.name[2:]}"
        (original.parent / name).write_bytes(original.read_bytes())


def about(digits: str) -> str:
    """Say where this was measured, and how."""
    told = re.search(r"^model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    processor = told[1] if told else platform.machine()
    return (
        f"Measured on {len(os.sched_getaffinity(0))} cores ({processor}), Python "
        f"{platform.python_version()}, with {digits}. Medians of {ROUNDS} rounds, and from the "
        "least to the most."
    )


def main() -> int:
    """Measure, print the tables, and write them."""
    os.environ.setdefault("MPLBACKEND", "agg")
    with TemporaryDirectory() as folder:
        lines = [about(str(in_use())), "", *rows(measure(Copy(Path(folder, "as-it-is"))))]
        print(*lines, sep="\n", flush=True)
        copy = Copy(Path(folder, "growing"), MNISTLESSON_DATA=str(EMBEDDED))
        all_measured = {}
        for count in GROWTH:
            grown(copy, count)
            all_measured[count] = measure(copy)
        more = ["", ON_TOP, "", *growth(all_measured)]
        print(*more, sep="\n")
    text = "\n".join([*lines, *more, ""])
    TABLE.write_text(text, encoding="utf-8")
    return int("**not met**" in text)


if __name__ == "__main__":
    sys.exit(main())
