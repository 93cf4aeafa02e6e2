"""Programs to start: with signals and a home of their own, on folders that cannot be written to."""

import contextlib
import functools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from mnistlesson._digits import EMBEDDED


@functools.cache
def _cannot_mount() -> str:
    try:
        subprocess.run([*_MOUNT, _MOUNTS["64 kB"], "/mnt"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        return f"cannot mount: {error}"
    return ""


_MOUNT = ("unshare", "--map-root-user", "--mount", "sh", "-c")
_MOUNTS = {
    "read-only": 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0"',
    "64 kB": 'mount -t tmpfs -o size=64k tmpfs "$0"',
    "1500 kB": 'mount -t tmpfs -o size=1500k tmpfs "$0"',
    "8000 kB": 'mount -t tmpfs -o size=8000k tmpfs "$0"',
}


def start(command: Sequence[object], **options: Any) -> subprocess.Popen[str]:  # noqa: ANN401 - as `Popen`
    """Start a program that Ctrl-C ends, wherever the tests run.

    What a shell runs in the background ignores that signal, and so does all that it starts.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(list(map(str, command)), text=True, **options)
    finally:
        signal.signal(signal.SIGINT, before)


def interrupt(process: subprocess.Popen[str]) -> None:
    """Press Ctrl-C until every process of a build has ended.

    Once is not always enough: where it comes while a process forks, Python drops it.
    """
    with contextlib.suppress(ProcessLookupError):
        while True:
            os.killpg(process.pid, signal.SIGINT)
            process.poll()
            time.sleep(0.1)


class Python:
    """Starts Python programs in a home of their own, with no network but this machine's."""

    def __init__(self, home: Path, closed: str) -> None:
        # Of the environment, what does not concern the digits.
        self.home = home
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("MNISTLESSON_")},
            "HOME": str(home),
            "http_proxy": closed,
            "https_proxy": closed,
            "no_proxy": "127.0.0.1",
        }
        self._started: list[subprocess.Popen[str]] = []

    def start(
        self,
        *arguments: object,
        under: Sequence[str] = (),
        path: Sequence[Path] = (),
        **environment: str,
    ) -> subprocess.Popen[str]:
        """Start it, after the command ``under``; it imports from ``path`` first."""
        places = [*path, EMBEDDED.parents[1], os.environ.get("PYTHONPATH", "")]
        python_path = os.pathsep.join(str(place) for place in places if str(place))
        process = start(
            [*under, sys.executable, *arguments],
            env=self.environment | {"PYTHONPATH": python_path} | environment,
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._started.append(process)
        return process

    def run(self, *arguments: object, **how: Any) -> subprocess.CompletedProcess[str]:  # noqa: ANN401 - as `start`
        """Start it and wait until it ends."""
        process = self.start(*arguments, **how)
        out, err = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def where(self, folder: Path, what: str) -> list[str]:
        """Return the command under which a folder is "read-only", or a disk of so many "kB".

        For real, and for that program alone: root, too, may not write there, or runs out of space.
        """
        if reason := _cannot_mount():
            pytest.skip(reason)
        return [*_MOUNT, f'{_MOUNTS[what]} && exec "$@"', str(folder)]

    def end(self) -> None:
        """Let none outlive the test."""
        for process in self._started:
            if process.poll() is None:
                process.kill()
                process.communicate()
