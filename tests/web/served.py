"""A server as a process of its own, with short deadlines, and clients that do to it what they shouldn't."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
HEAD_SECONDS, BODY_SECONDS, ANSWER_SECONDS = 2.0, 2.0, 2.0
SOON = 1.0
"""Seconds within which an ordinary page answers, whatever others do."""
DEADLINES = {
    "PORTAL_HEAD_SECONDS": str(HEAD_SECONDS),
    "PORTAL_BODY_SECONDS": str(BODY_SECONDS),
    "PORTAL_UPLOAD_SECONDS": str(BODY_SECONDS),
    "PORTAL_ANSWER_SECONDS": str(ANSWER_SECONDS),
}


@dataclass
class Served:
    """A server: its first process, its port, and what it wrote."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    host: str = "localhost"
    opened: list[socket.socket] = field(default_factory=list)

    def connect(self, *, receive_buffer: int | None = None) -> socket.socket:
        """Return a connection; a small receive buffer makes a reader that takes little at a time."""
        made = socket.socket()
        self.opened.append(made)
        if receive_buffer is not None:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        made.settimeout(20)
        made.connect(("127.0.0.1", self.port))
        return made

    def send(self, head: str, body: bytes = b"") -> socket.socket:
        """Send the lines of a head, with a host, and what is given of a body; return the connection."""
        made = self.connect()
        made.sendall(f"{head}\r\nHost: {self.host}:{self.port}\r\n\r\n".encode("latin-1") + body)
        return made

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Return status and body of an ordinary request."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request(method, path, body, {"Host": f"{self.host}:{self.port}", **(headers or {})})
            answer = connection.getresponse()
            return answer.status, answer.read()

    def seconds_for(self, path: str) -> float:
        """Return how long the middle one of three ordinary requests takes."""
        times = []
        for _ in range(3):
            began = time.monotonic()
            assert self.ask(path)[0] == 200
            times.append(time.monotonic() - began)
        return sorted(times)[1]

    def log_with(self, text: str) -> str:
        """Return what was written, once that has this text in it: a line is written after its answer."""
        until_then = time.monotonic() + 10
        while text not in self.log.read_text() and time.monotonic() < until_then:
            time.sleep(0.05)
        return self.log.read_text()

    def close_all(self) -> None:
        """Close the connections that a test opened."""
        while self.opened:
            self.opened.pop().close()

    def children(self) -> list[psutil.Process]:
        """Return the processes that answer requests."""
        found = []
        for each in psutil.Process(self.process.pid).children():
            with suppress(psutil.Error):
                if "spawn_main" in " ".join(each.cmdline()):
                    found.append(each)
        return found

    def wait_until_ready(self, path: str) -> None:
        """Return once it answers."""
        until = time.monotonic() + 180
        while time.monotonic() < until:
            with suppress(OSError, http.client.HTTPException):
                if self.ask(path)[0] == 200:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(f"the server doesn't answer: {self.log.read_text()[-2000:]}")


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_taken(port: int) -> bool:
    """Say whether anybody listens at a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def serving(
    folder: Path, command: list[str], port: int, *, ready: str, host: str = "localhost", **environment: str
) -> Iterator[Served]:
    """Run a server for as long as the block; all its processes are ended with it."""
    log = folder / f"server-{port}.log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, *command],
            env={**os.environ, **DEADLINES, "PYTHONPATH": str(ROOT), **environment},
            cwd=ROOT,
            stdout=written,
            stderr=written,
            start_new_session=True,
        )
    served = Served(process, port, log, host)
    try:
        served.wait_until_ready(ready)
        yield served
    finally:
        served.close_all()
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def sample(folder: Path, *, processes: int = 2, **environment: str) -> Iterator[Served]:
    """Serve the small app."""
    port = free_port()
    command = ["-m", "tests.web.sample_app", str(port), str(processes)]
    with serving(folder, command, port, ready="/hello", **environment) as served:
        yield served


def rest_of(connection: socket.socket, *, seconds: float = 20) -> bytes:
    """Return what still comes until the other side closes; raises TimeoutError where it doesn't."""
    connection.settimeout(seconds)
    received = b""
    with suppress(ConnectionResetError):
        while part := connection.recv(65_536):
            received += part
    return received


def drip(connection: socket.socket, pieces: Iterable[bytes], pause: float) -> None:
    """Send pieces one by one; raises OSError where the other side closed."""
    for piece in pieces:
        connection.sendall(piece)
        time.sleep(pause)


def until(connection: socket.socket, end: bytes) -> bytes:
    """Return what comes until it ends so; raises TimeoutError where it doesn't."""
    received = b""
    while not received.endswith(end):
        part = connection.recv(65_536)
        if not part:
            raise TimeoutError(f"closed after {received!r}")
        received += part
    return received
