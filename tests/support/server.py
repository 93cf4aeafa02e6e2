"""A data set to serve, and a server that fails as told."""

import contextlib
import gzip
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

from mnistlesson._files import File

GUARD_SECONDS = 300
"""No test may hang: many times longer than any takes, on a busy machine too."""


class Dataset(NamedTuple):
    """Files as :func:`mnistlesson._files.complete` takes them, and a folder of their gzip files."""

    files: tuple[File, ...]
    packed: Path

    def content(self, file: File) -> bytes:
        """Return what the unpacked file must be, bit for bit."""
        return gzip.decompress((self.packed / file.packed).read_bytes())

    def is_whole_in(self, folder: Path) -> bool:
        """Tell whether the folder holds the unpacked files, and no part of one."""
        raw = folder / "MNIST" / "raw"
        return not list(raw.glob(".part-*")) and all(
            (raw / file.name).read_bytes() == self.content(file) for file in self.files
        )


class Server(ThreadingHTTPServer):
    """Serves a folder's files at ``url``, and fails in the way that ``does`` names."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.folder = Path()
        self.does = "serve"
        self.asked: list[str] = []
        """The files asked for, in order."""
        self.half_sent = threading.Event()
        """Set where half a file has been sent."""
        self.go_on = threading.Event()
        """What ends a server's waiting."""
        self.pair = threading.Barrier(2, timeout=GUARD_SECONDS)

    def handle_error(self, *_: object) -> None:
        """Let a client go away."""


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        name = self.path.strip("/")
        self.server.asked.append(name)
        getattr(self, self.server.does)((self.server.folder / name).read_bytes())

    def _head(self, length: int | None) -> None:
        self.send_response(200)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def _half(self, content: bytes) -> bytes:
        self._head(len(content))
        self.wfile.write(content[: len(content) // 2])
        self.server.half_sent.set()
        return content[len(content) // 2 :]

    def serve(self, content: bytes) -> None:
        self._head(len(content))
        self.wfile.write(content)

    def serve_both(self, content: bytes) -> None:
        """Let two clients start on a file together, and end it together."""
        self.server.pair.wait()
        rest = self._half(content)
        self.server.pair.wait()
        self.wfile.write(rest)

    def missing(self, _: bytes) -> None:
        self.send_error(404)

    def garbage(self, _: bytes) -> None:
        self.wfile.write(b"this is not HTTP\r\n\r\n")

    def stall(self, _: bytes) -> None:
        self.server.go_on.wait()

    def stall_midway(self, content: bytes) -> None:
        rest = self._half(content)
        self.server.go_on.wait()
        self.wfile.write(rest)

    def drip(self, content: bytes) -> None:
        self._head(len(content))
        for byte in content:
            self.wfile.write(bytes([byte]))
            if self.server.go_on.wait(0.5):
                break

    def drip_head(self, content: bytes) -> None:
        """Send headers without an end; once it may go on, the wrong bytes."""
        self.send_response(200)
        self.flush_headers()
        while not self.server.go_on.wait(0.05):
            self.wfile.write(b"X-Wait: a little longer\r\n")
        self.end_headers()
        self.wfile.write(bytes(len(content)))

    def cut_off(self, content: bytes) -> None:
        self._half(content)

    def wrong_bytes(self, content: bytes) -> None:
        self.serve(content[:-1] + bytes([content[-1] ^ 1]))

    def endless(self, content: bytes) -> None:
        self._head(None)
        while not self.server.go_on.is_set():
            self.wfile.write(content)


@contextlib.contextmanager
def serving() -> Iterator[Callable[[Path, str], Server]]:
    """Give a function that starts a server of a folder's files, which does as it is told."""
    servers = []

    def start(folder: Path, does: str) -> Server:
        server = Server()
        servers.append(server)
        server.folder, server.does = folder, does
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return server

    yield start
    for server in servers:
        server.go_on.set()
        server.pair.abort()
        server.shutdown()
        server.server_close()
