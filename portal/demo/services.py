"""PostgreSQL and Redis together: shared by every test run of a folder, or owned by one demo."""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.demo.postgres import Postgres
from portal.demo.processes import StartError, start
from portal.demo.redis import Redis

IDLE_SECONDS = 30
"""So long after the last process that used them has ended, shared services are ended too."""
HOW_THEY_END = f"PostgreSQL and Redis or Valkey end {IDLE_SECONDS} seconds after the last run that uses them"
ROOT = Path(__file__).resolve().parents[2]
_uses: dict[Path, int] = {}


@dataclass(frozen=True)
class Addresses:
    """Where the services are: the database as the owner of its tables, and Redis."""

    database: str
    redis: str


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold a lock file; where another process holds it, wait or raise BlockingIOError. A killed holder lets go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield


def is_held(path: Path) -> bool:
    """Whether another process holds this lock, alone or shared with others."""
    try:
        with locked(path, wait=False):
            return False
    except BlockingIOError:
        return True


def _redis_url(redis: Redis) -> str:
    url = redis.url()
    if url is None:
        raise StartError("Redis has no address")
    return url


def ensure(folder: Path, *, binaries: Path | None = None, idle_seconds: float = IDLE_SECONDS) -> Addresses:
    """Services for tests, started where they don't run yet; runs at the same time share them.

    They stay until this process and all others that called this have ended, and `idle_seconds` more. A server that
    loses data in a power cut is good enough here, and faster. `binaries`: of another PostgreSQL.
    """
    with locked(folder / "lock"):
        _use(folder)
        postgres, redis = Postgres(folder, careless=True, binaries=binaries), Redis(folder)
        postgres.start()
        redis.start()
        if not is_held(folder / "watcher.lock"):
            command = [sys.executable, "-m", "portal.demo.idle", str(folder), str(idle_seconds)]
            start(command, log=folder / "idle.log", environment={**os.environ, "PYTHONPATH": str(ROOT)})
        return Addresses(database=postgres.url(), redis=_redis_url(redis))


def _use(folder: Path) -> None:
    """Hold a shared lock for as long as this process lives, however it ends."""
    if folder not in _uses:
        _uses[folder] = os.open(folder / "in-use", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(_uses[folder], fcntl.LOCK_SH)


def stop(folder: Path) -> None:
    """Stop what `ensure` started in this folder, whoever uses it."""
    with locked(folder / "lock"):
        stop_locked(folder)


def stop_locked(folder: Path) -> None:
    """Stop the services of a folder whose lock the caller holds; their watcher ends too."""
    (folder / "in-use").unlink(missing_ok=True)
    if folder in _uses:
        os.close(_uses.pop(folder))
    Redis(folder).stop()
    Postgres(folder).stop()


class Owned:
    """The services of one demo: those that are not given by an address are its own."""

    def __init__(self, folder: Path, database: str | None, redis: str | None) -> None:
        self.folder = folder
        self.database = database
        self.redis = redis
        self._postgres = None if database else Postgres(folder)
        self._redis = None if redis else Redis(folder)

    def _own(self) -> list[Postgres | Redis]:
        return [service for service in (self._postgres, self._redis) if service is not None]

    def start(self) -> None:
        """Start afresh: what an earlier run left behind is ended first."""
        for service in self._own():
            service.stop()
            service.start()

    def keep_running(self) -> None:
        """Start again what died."""
        for service in self._own():
            if not service.runs():
                service.start()

    def stop(self) -> None:
        """Stop what is our own."""
        for service in reversed(self._own()):
            service.stop()

    @property
    def addresses(self) -> Addresses:
        """Where the services are, given or our own."""
        database = self._postgres.url() if self._postgres else self.database
        redis = _redis_url(self._redis) if self._redis else self.redis
        return Addresses(database=database or "", redis=redis or "")


@contextmanager
def owned(folder: Path, *, database: str | None = None, redis: str | None = None) -> Iterator[Owned]:
    """Services for as long as the block runs; an address that is given is used as it is, and nothing started for it.

    The caller sees to it that only one owns the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    services = Owned(folder, database, redis)
    try:
        services.start()
        yield services
    finally:
        services.stop()
