"""PostgreSQL and Redis together: shared by every test run of a folder, or owned by one demo."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.demo.postgres import Postgres
from portal.demo.processes import StartError
from portal.demo.redis import Redis


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


def _redis_url(redis: Redis) -> str:
    url = redis.url()
    if url is None:
        raise StartError("Redis has no address")
    return url


def ensure(folder: Path) -> Addresses:
    """Services for tests, started where they don't run yet; they stay, so that runs at the same time share them.

    A server that loses data in a power cut is good enough here, and faster.
    """
    with locked(folder / "lock"):
        postgres, redis = Postgres(folder, careless=True), Redis(folder)
        postgres.start()
        redis.start()
        return Addresses(database=postgres.url(), redis=_redis_url(redis))


def stop(folder: Path) -> None:
    """Stop what `ensure` started in this folder."""
    with locked(folder / "lock"):
        Redis(folder).stop()
        Postgres(folder).stop()


@contextmanager
def owned(folder: Path, *, database: str | None = None, redis: str | None = None) -> Iterator[Addresses]:
    """Services for as long as the block runs; an address that is given is used as it is, and nothing started for it.

    What an earlier run left behind is ended first. The caller sees to it that only one owns the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    own_postgres = None if database else Postgres(folder)
    own_redis = None if redis else Redis(folder)
    try:
        for service in (own_postgres, own_redis):
            if service is not None:
                service.stop()
                service.start()
        yield Addresses(
            database=database or (own_postgres.url() if own_postgres else ""),
            redis=redis or (_redis_url(own_redis) if own_redis else ""),
        )
    finally:
        for service in (own_redis, own_postgres):
            if service is not None:
                service.stop()
