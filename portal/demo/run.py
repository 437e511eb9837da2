"""`make demo`: services, five schools, web server and worker, until Ctrl-C or TERM; then all of it stops."""

import errno
import os
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from portal.demo import databases, description, environment, population
from portal.demo.processes import StartError, end, marked
from portal.demo.redis import must_answer
from portal.demo.services import locked, owned
from portal.demo.supervisor import Supervisor
from portal.demo.world.plan import PLANS

# What a machine without IPv6 answers.
_NO_SUCH_ADDRESS = (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL)
ROOT = Path(__file__).resolve().parents[2]


class Stop(BaseException):
    """Somebody wants the demo to end."""


def _stop(_number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise Stop


def say(line: str) -> None:
    """Print a line at once, also into a pipe."""
    print(line, flush=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Be the only demo of this folder; end what a killed one left running."""
    note = folder / "running.txt"
    try:
        with locked(folder / "lock", wait=False):
            left = marked(environment.MARK, str(folder))
            if left:
                say("an earlier demo was killed; ending what it left running")
                end(left, seconds=10)
            note.write_text(f"process {os.getpid()}")
            try:
                yield
            finally:
                note.unlink(missing_ok=True)
    except BlockingIOError:
        who = note.read_text() if note.exists() else "another process"
        raise StartError(f"the demo runs already ({who}): stop that one first") from None


def _port() -> int:
    given = os.environ.get("PORT") or "8000"
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise StartError(f"PORT={given} is no port: give a number such as 8000")
    return int(given)


def _check_port(port: int) -> None:
    """Raise StartError where the port is taken, also on ::1 alone: a browser asks there first."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as listener:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind((address, port))
        except OSError as error:
            if error.errno not in _NO_SUCH_ADDRESS:
                raise StartError(f"port {port}: {error.strerror}; try make demo PORT={port + 1}") from None


def _clear(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name not in {"lock", "running.txt"}:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _serve(folder: Path, port: int, *, afresh: bool) -> None:
    given, redis = (os.environ.get(name) or None for name in ("DATABASE_URL", "REDIS_URL"))
    if redis:
        must_answer(redis)
    with owned(folder, database=given, redis=redis) as services:
        addresses = services.addresses
        password = environment.kept_secrets(folder)["password"]
        if afresh and given:
            databases.empty(databases.arrange(given, password, given=True))
        arranged = databases.arrange(addresses.database, password, given=given is not None)
        settings = environment.settings_of(folder, arranged, addresses.redis, port)
        os.environ.update(settings)
        population.migrate(arranged, password)
        population.fill(folder, say)
        with Supervisor(folder, port, services.keep_running) as running:
            running.wait_until_ready([plan.host for plan in PLANS])
            description.write(folder.with_suffix(".json"), port, settings)
            say(f"ready http://{PLANS[0].host}:{port} (sign-ins: var/demo.json; mails: /post; Ctrl-C stops)")
            running.watch()


def main() -> int:
    """Run the demo; 0 after Ctrl-C or TERM, 1 with one line on what stands in the way."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    folder = ROOT / "var" / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        port = _port()
        with _alone(folder):
            _check_port(port)
            afresh = os.environ.get("RESET") not in (None, "", "0")
            if afresh:
                say("starting afresh")
                _clear(folder)
            _serve(folder, port, afresh=afresh)
    except StartError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except Stop:
        say("stopped")
    return 0
