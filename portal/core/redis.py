"""Redis, which holds only what may be lost: the connections to it, and what happens while it can't be reached."""

import time
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

import structlog
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.config import settings

_log = structlog.get_logger(__name__)

PREFIX = "inzage"
SECONDS_TO_CONNECT = 0.5
_SECONDS_OPEN = 5.0
T = TypeVar("T")


class _CircuitBreaker:
    """After a failure Redis is left alone for five seconds, so that not every page waits for it."""

    open_until = 0.0


@lru_cache(maxsize=1)
def redis() -> Redis:
    """Return the connections: half a second for each answer and no second try, for a page waits for it."""
    return Redis.from_url(
        settings().redis_url,
        socket_connect_timeout=SECONDS_TO_CONNECT,
        socket_timeout=SECONDS_TO_CONNECT,
        retry=Retry(NoBackoff(), 0),
    )


def with_redis(work: Callable[[Redis], T], fallback: Callable[[], T]) -> T:
    """Return what `work` finds in Redis; with Redis down, or a moment after it was, what `fallback` returns."""
    if time.monotonic() >= _CircuitBreaker.open_until:
        try:
            return work(redis())
        except RedisError as error:
            _CircuitBreaker.open_until = time.monotonic() + _SECONDS_OPEN
            _log.warning("redis_unreachable", error=type(error).__name__)
    return fallback()


def reset_redis() -> None:
    """Make new connections from now on, and try them at once: in a forked child, and between tests."""
    redis.cache_clear()
    _CircuitBreaker.open_until = 0.0


def key(*parts: object) -> str:
    """Return the name under which something is kept."""
    return ":".join([PREFIX, *(str(part) for part in parts)])


def as_text(found: bytes | str) -> str:
    """Return what Redis answered as text."""
    return found.decode() if isinstance(found, bytes) else found
