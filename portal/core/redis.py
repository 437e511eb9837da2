"""What accounts keep in Redis because it may be lost: wrong attempts and when a session was last seen."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from redis import Redis, RedisError

from portal.core.jobs.transport import redis

_log = structlog.get_logger(__name__)
_SECONDS_LEFT_ALONE = 5.0
T = TypeVar("T")

PREFIX = "accounts"


class _Rest:
    """After a failure Redis is left alone for five seconds, so that not every page waits for it."""

    until = 0.0


def in_redis(work: Callable[[Redis], Any], without: Callable[[], T]) -> Any | T:
    """Return what `work` finds in Redis; with Redis down, what `without` says."""
    if time.monotonic() >= _Rest.until:
        try:
            return work(redis())
        except RedisError as error:
            _Rest.until = time.monotonic() + _SECONDS_LEFT_ALONE
            _log.warning("redis_unreachable", error=type(error).__name__)
    return without()


def key(*parts: object) -> str:
    """Return the name under which something is kept."""
    return ":".join([PREFIX, *(str(part) for part in parts)])
