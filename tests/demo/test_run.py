"""Starting the demo: what stands in its way gets one line, and what a killed one left running is ended."""

import os
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from portal.demo import environment, run
from portal.demo.processes import StartError, collect, end, is_alive, marked, start, wait_until
from portal.demo.redis import must_answer
from portal.demo.services import locked
from portal.demo.supervisor import Supervisor

NOBODY = "redis://127.0.0.1:1/0"
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def nothing() -> None:
    """No services to look after."""


@pytest.mark.parametrize(("family", "address"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_port_in_use_names_a_way_on(family: socket.AddressFamily, address: str) -> None:
    with socket.socket(family) as taken:
        try:
            taken.bind((address, 0))
        except OSError:
            pytest.skip(f"this machine has no {address}")
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StartError, match=rf"port {port}: .*PORT={port + 1}"):
            run._check_port(port)


@pytest.mark.parametrize("url", [NOBODY, "http://127.0.0.1"])
def test_a_redis_that_was_given_and_is_not_there_is_one_line(tmp_path: Path, url: str) -> None:
    with pytest.raises(StartError, match=r"^REDIS_URL: no Redis or Valkey answers there: ") as refused:
        must_answer(url)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("given", ["abc", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("PORT", given)
    with pytest.raises(StartError, match="is no port"):
        run._port()


def test_a_second_demo_is_told_about_the_first(tmp_path: Path) -> None:
    (tmp_path / "running.txt").write_text("process 4711")
    with locked(tmp_path / "lock"), pytest.raises(StartError, match="process 4711"), run._alone(tmp_path):
        pytest.fail("two demos at once")


def test_what_a_killed_demo_left_running_is_ended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    left = start(SLEEP, log=tmp_path / "log", environment={environment.MARK: str(tmp_path)})
    other = start(SLEEP, log=tmp_path / "log", environment={environment.MARK: str(tmp_path / "other")})
    try:
        assert wait_until(lambda: marked(environment.MARK, str(tmp_path)) == [left], seconds=5)
        with run._alone(tmp_path):
            assert not is_alive(left)
            assert is_alive(other)
        assert "an earlier demo was killed" in capsys.readouterr().out
        assert not (tmp_path / "running.txt").exists()
    finally:
        end([left, other])
        collect(left)
        collect(other)


def test_a_process_that_ignores_the_request_is_killed(tmp_path: Path) -> None:
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    pid = start([sys.executable, "-c", stubborn], log=tmp_path / "log")
    assert wait_until(lambda: "deaf" in (tmp_path / "log").read_text(), seconds=10)
    end([pid], seconds=1)
    assert not is_alive(pid)
    assert collect(pid) == -signal.SIGKILL


@pytest.fixture
def supervised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder and an environment in which the programs of a demo are only made up."""
    binaries = tmp_path / "bin"
    binaries.mkdir()
    monkeypatch.setattr(sys, "executable", str(binaries / "python"))
    monkeypatch.setenv(environment.MARK, str(tmp_path))
    return tmp_path


def programs_do(folder: Path, script: str) -> None:
    path = folder / "bin" / "portal"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_a_program_that_dies_is_started_again_and_all_end_together(supervised: Path) -> None:
    programs_do(supervised, "sleep 60")
    with Supervisor(supervised, 8999, nothing) as running:
        first = running.programs[1]
        before = first.pid
        first.started = time.monotonic() - 60
        os.kill(before, signal.SIGKILL)
        assert wait_until(lambda: not is_alive(before), seconds=5)
        first.keep_running()
        assert first.pid != before
        pids = [program.pid for program in running.programs]
        assert all(map(is_alive, pids))
    assert not any(map(is_alive, pids))
    assert not marked(environment.MARK, str(supervised))


def test_a_program_that_cannot_run_is_given_up_with_its_last_words(supervised: Path) -> None:
    programs_do(supervised, "echo 'portal: DATABASE_URL is missing' >&2; exit 2")
    with Supervisor(supervised, 8999, nothing) as running, pytest.raises(StartError, match="DATABASE_URL is missing"):
        running.wait_until_ready(["lest-best.localhost"])
