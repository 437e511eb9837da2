"""The processes of the server: ended in peace, started again, gone with their parent."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from portal.web.server import listen
from tests.web.served import Served, is_taken, rest_of, sample, until


def wait_for(what: str, seconds: float, happened: Callable[[], bool]) -> None:
    """Return once it happened; fails where it doesn't in time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if happened():
            return
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {what}")


def test_term_lets_requests_in_hand_finish_and_waits_for_nobody_who_never_ends(tmp_path: Path) -> None:
    with sample(tmp_path, processes=1) as served:
        idle = served.send("GET /hello HTTP/1.1")
        until(idle, b"hello")
        for _ in range(4):
            served.send("POST /echo HTTP/1.1\r\nContent-Length: 100", b"x")
            served.connect().sendall(b"GET /hel")
            served.connect(receive_buffer=4096).sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
        made = served.send("GET /slow?seconds=2 HTTP/1.1")
        time.sleep(0.5)
        served.process.send_signal(signal.SIGTERM)
        assert rest_of(made).endswith(b"slow")
        assert rest_of(idle) == b""
        assert served.process.wait(30) == 0
        assert not is_taken(served.port)


def wait_for_all(served: Served) -> None:
    """Wait until each process has answered; one that is killed while it starts is missed after two minutes only."""
    pids = {str(each.pid) for each in served.children()}
    answered: set[str] = set()

    def is_complete() -> bool:
        with suppress(OSError):
            answered.add(served.ask("/process")[1].decode())
        return pids <= answered

    wait_for("all answer", 60, is_complete)


def test_a_process_that_is_killed_is_started_again_while_the_other_answers(served: Served) -> None:
    wait_for_all(served)
    victim = served.children()[0]
    os.kill(victim.pid, signal.SIGKILL)
    # Within a second, unless it was killed between a question whether it lives and its answer: then after two minutes.
    wait_for("another process", 150, lambda: len(served.children()) == 2 and victim not in served.children())
    wait_for_all(served)
    assert "died" in served.log.read_text()


def test_a_parent_that_is_killed_leaves_nobody_on_the_port(tmp_path: Path) -> None:
    with sample(tmp_path) as served:
        children = served.children()
        assert len(children) == 2
        served.process.kill()
        served.process.wait()
        _, alive = psutil.wait_procs(children, timeout=15)
        assert not alive
        assert not is_taken(served.port)


def test_a_taken_port_is_refused(served: Served) -> None:
    with pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", served.port)
