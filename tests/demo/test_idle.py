"""Shared services end by themselves once the last process that used them has ended, however it ended."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from portal.demo.postgres import Postgres
from portal.demo.processes import wait_until
from portal.demo.redis import Redis
from portal.demo.services import is_held, stop

ROOT = Path(__file__).resolve().parents[2]
USE = """
import sys
from pathlib import Path
from portal.demo.services import ensure
ensure(Path(sys.argv[1]), idle_seconds=1)
print("uses", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    stop(tmp_path)


@contextmanager
def user_of(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that uses the services for as long as the block runs."""
    command = [sys.executable, "-c", USE, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "uses\n"
        yield process


def answer(folder: Path) -> bool:
    return Postgres(folder).answers() and Redis(folder).answers()


def watchers_of(folder: Path) -> list[int]:
    wanted = ["-m", "portal.demo.idle", str(folder)]
    return [each.pid for each in psutil.process_iter(["cmdline"]) if (each.info["cmdline"] or [])[1:4] == wanted]


def ended(folder: Path) -> bool:
    return not Postgres(folder).runs() and not Redis(folder).runs() and not watchers_of(folder)


def test_they_stay_while_a_process_uses_them_and_end_after_the_last(folder: Path) -> None:
    with user_of(folder), user_of(folder) as second:
        second.communicate()
        assert not wait_until(lambda: ended(folder), seconds=3)
        assert answer(folder)
        assert len(watchers_of(folder)) == 1
    assert wait_until(lambda: ended(folder), seconds=20)


def test_a_killed_process_uses_nothing_any_more(folder: Path) -> None:
    with user_of(folder) as killed:
        assert answer(folder)
        killed.send_signal(signal.SIGKILL)
    assert wait_until(lambda: ended(folder), seconds=20)


def test_a_killed_watcher_is_replaced_by_the_next_that_uses_them(folder: Path) -> None:
    with user_of(folder):
        assert wait_until(lambda: is_held(folder / "watcher.lock"), seconds=10)
        for pid in watchers_of(folder):
            os.kill(pid, signal.SIGKILL)
        assert wait_until(lambda: not is_held(folder / "watcher.lock"), seconds=5)
    assert answer(folder)
    with user_of(folder):
        assert wait_until(lambda: len(watchers_of(folder)) == 1, seconds=5)
    assert wait_until(lambda: ended(folder), seconds=20)


def test_the_watcher_ends_with_services_that_were_stopped(folder: Path) -> None:
    with user_of(folder):
        assert wait_until(lambda: is_held(folder / "watcher.lock"), seconds=10)
        stop(folder)
        assert wait_until(lambda: ended(folder), seconds=5)
