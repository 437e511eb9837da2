"""Processes of this machine: finding those an earlier run left, starting new ones, ending them for sure.

Knows nothing of PostgreSQL or Redis.
"""

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import psutil

_ENDED = {psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD}
_REMOVED = " (deleted)"  # what Linux adds to the path of a folder that was removed


class StartError(Exception):
    """Something the demo or the tests need doesn't start; the message is one line and says what to do."""


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that has ended but was not collected by its parent doesn't."""
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() not in _ENDED
    return False


def _processes() -> Iterator[psutil.Process]:
    """The processes of which we may ask more than their number."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.status() not in _ENDED:
                yield process


def working_in(folder: Path, names: Iterable[str]) -> list[int]:
    """Processes of one of these names whose working folder is this one, whoever started them.

    Also those whose folder was removed under them: on their way out they would take away what is put there anew.
    """
    found = []
    for process in _processes():
        with suppress(psutil.Error, OSError):
            if process.name() in names and process.cwd().removesuffix(_REMOVED) == str(folder):
                found.append(process.pid)
    return found


def marked(name: str, value: str) -> list[int]:
    """Processes that carry this variable in their environment, other than this process itself."""
    found = []
    for process in _processes():
        with suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.environ().get(name) == value:
                found.append(process.pid)
    return found


def wait_until(true: Callable[[], bool], *, seconds: float) -> bool:
    """Ask again and again, at most this long; whether it became true."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def end(pids: Iterable[int], *, first: signal.Signals = signal.SIGTERM, seconds: float = 20) -> None:
    """Ask these processes to stop, wait, and kill those that don't."""
    waiting_for = list(pids)
    for stop in (first, signal.SIGKILL):
        for pid in waiting_for:
            with suppress(ProcessLookupError):
                os.kill(pid, stop)
        if wait_until(lambda: not any(map(is_alive, waiting_for)), seconds=seconds):
            return
    raise StartError(f"process {waiting_for[0]} doesn't stop; end it by hand and start again")


def start(command: list[str], *, log: Path, environment: Mapping[str, str] | None = None) -> int:
    """Start a command in a session of its own, so that Ctrl-C in the terminal doesn't reach it; its words go to `log`.

    Returns its process id. It may outlive us.
    """
    return os.posix_spawn(
        command[0],
        command,
        os.environ if environment is None else environment,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )


def collect(pid: int) -> int:
    """Wait for the end of a process we started and return its exit code; 0 where it wasn't ours."""
    with suppress(ChildProcessError):
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return 0


def last_line(log: Path) -> str:
    """The last line of a log, for a message."""
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "it said nothing"
