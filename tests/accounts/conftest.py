"""Each test counts and remembers under a name of its own in Redis, which all tests share."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
import redis as redis_library

from portal.core import redis as core_redis


@pytest.fixture(autouse=True)
def own_names_in_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep counters of other tests apart."""
    monkeypatch.setattr(core_redis, "PREFIX", f"test-{uuid4().hex}")
    core_redis.reset_redis()


@pytest.fixture
def redis_down(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Let Redis be unreachable from now on: its address is one where nothing listens."""

    def down() -> None:
        nowhere = redis_library.Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
        monkeypatch.setattr(core_redis, "redis", lambda: nowhere)

    yield down
    monkeypatch.undo()
    core_redis.reset_redis()
