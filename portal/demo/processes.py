"""Processes of this machine: finding those an earlier run left, starting new ones, ending them for sure.

Reads /proc, so Linux only. Knows nothing of PostgreSQL or Redis.
"""

import os
import signal
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path


class StartError(Exception):
    """Something the demo or the tests need doesn't start; the message is one line and says what to do."""


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that has ended but was not collected by its parent doesn't."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def _all_pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def working_in(folder: Path, names: Iterable[str]) -> list[int]:
    """Processes of one of these names whose working folder is this one, whoever started them.

    Also those whose folder was removed under them: on their way out they would take away what is put there anew.
    """
    places = {str(folder), f"{folder} (deleted)"}
    found = []
    for pid in _all_pids():
        with suppress(OSError):
            at = Path(f"/proc/{pid}")
            if (at / "comm").read_text().strip() in names and str((at / "cwd").readlink()) in places and is_alive(pid):
                found.append(pid)
    return found


def marked(name: str, value: str) -> list[int]:
    """Processes that carry this variable in their environment, other than this process itself."""
    wanted = f"{name}={value}".encode()
    found = []
    for pid in _all_pids():
        with suppress(OSError):
            if wanted in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0") and is_alive(pid):
                found.append(pid)
    return [pid for pid in found if pid != os.getpid()]


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


def last_words(log: Path) -> str:
    """The last line of a log, for a message."""
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "it said nothing"
