"""What the tests share: a data set to serve, a server that fails as told, programs to start."""

import functools
import gc
import gzip
import hashlib
import os
import signal
import socket
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

# Before PyTorch is imported: two test processes, each with as many threads as cores, slow one
# another down tenfold. Nothing here imports it: the process that shares out the tests has no use
# for it, and waits four seconds before it starts the others.
os.environ["OMP_NUM_THREADS"] = "1"

from mnistlesson import _download
from mnistlesson._digits import EMBEDDED
from mnistlesson._files import MNIST, File, matches

from support.programs import Python
from support.server import GUARD_SECONDS, Dataset, Server, serving

pytest_plugins = ["support.browsing", "support.fresh"]

# Offline, and away from the user's home, unless a folder with MNIST is given.
os.environ["MNISTLESSON_DATA"] = os.environ.get("MNISTLESSON_DATA") or str(EMBEDDED)
os.environ["MPLBACKEND"] = "agg"

FIRST = (
    "test_builds.py",
    *("test_data.py", "test_download.py", "test_files.py"),
    *("test_check_programs.py", "test_small_site.py", "test_steps.py"),
)
"""Files that begin first. Builds take more than one core: beside them go the tests that wait. The
others take long: at the end, one process would be at work on them alone."""

_RAW = Path(os.environ["MNISTLESSON_DATA"], "MNIST", "raw")

_MNIST_AT_HAND = all(matches(_RAW / file.packed, file.packed_md5) for file in MNIST)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let some files begin first, and the others stay in order."""
    places = {name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))


def pytest_collection_finish() -> None:
    """Take nothing imported by now for garbage: it is much to look through, again and again."""
    gc.freeze()


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Return a function that notes a figure, to be printed after the tests."""
    return functools.partial(record_property, "measured")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests have measured."""
    reports = terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", [])
    figures = {text for r in reports for name, text in r.user_properties if name == "measured"}
    if figures:
        terminalreporter.section("measured")
        for text in sorted(figures):
            terminalreporter.write_line(text)


@pytest.hookimpl(wrapper=True)
def _guarded(item: pytest.Item) -> Generator[None, object, object]:
    """End what hangs, be it a test or a fixture of one."""
    seconds = GUARD_SECONDS * (6 if item.get_closest_marker("slow") else 1)

    def end(*_: object) -> None:
        pytest.fail(f"still running after {seconds} seconds")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        return (yield)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


pytest_runtest_setup = pytest_runtest_call = pytest_runtest_teardown = _guarded


@pytest.fixture(autouse=True, scope="module")
def _on_one_core(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the tests of the checks stay on one core, where the system can do that.

    An answer runs in a thread of its own: to wake another core for it takes longer than it does.
    """
    if not hasattr(os, "sched_setaffinity") or "test_check" not in request.module.__name__:
        yield
        return
    cores = os.sched_getaffinity(0)
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.sched_setaffinity(0, {sorted(cores)[worker % len(cores)]})
    yield
    os.sched_setaffinity(0, cores)


@pytest.fixture
def in_background() -> Iterator[None]:
    """Ignore Ctrl-C, as what a shell runs in the background does."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the time limits of a download, but to more than a busy machine stops for."""
    monkeypatch.setattr(_download, "STALL_SECONDS", 3.0)
    monkeypatch.setattr(_download, "DEADLINE_SECONDS", 10.0)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the time limits of an answer, for one that never ends."""
    monkeypatch.setattr("mnistlesson.check._run.LIMIT_SECONDS", 0.5)
    monkeypatch.setattr("mnistlesson.check._call.LIMIT_SECONDS", 0.5)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Return the embedded digits as a data set to download: it stands in for MNIST everywhere."""
    folder = tmp_path_factory.mktemp("packed")
    files = []
    for file in MNIST:
        content = (EMBEDDED / "MNIST" / "raw" / file.name).read_bytes()
        packed = gzip.compress(content, mtime=0)
        (folder / file.packed).write_bytes(packed)
        md5, packed_md5 = (hashlib.md5(x).hexdigest() for x in (content, packed))  # noqa: S324 - as torchvision
        files.append(File(file.name, md5, packed_md5, len(packed)))
    return Dataset(tuple(files), folder)


_MNIST = pytest.param("mnist", marks=pytest.mark.digits)


@pytest.fixture(params=["small", _MNIST] if _MNIST_AT_HAND else ["small"])
def dataset(request: pytest.FixtureRequest, small: Dataset) -> Dataset:
    """Return the small data set; and, where its files are at hand, MNIST too."""
    return small if request.param == "small" else Dataset(MNIST, _RAW)


@pytest.fixture
def serve() -> Iterator[Callable[[Path, str], Server]]:
    """Return a function that starts a server of a folder's files, which does as it is told."""
    with serving() as start:
        yield start


@pytest.fixture(scope="session")
def closed() -> Iterator[str]:
    """Return the URL of a port that nobody listens at, and that nobody else can get."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture
def python(tmp_path_factory: pytest.TempPathFactory, closed: str) -> Iterator[Python]:
    """Return what starts Python programs."""
    programs = Python(tmp_path_factory.mktemp("home"), closed)
    yield programs
    programs.end()
