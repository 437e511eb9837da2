"""A hosting of its own for each test: it loses a school."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from portal import config
from portal.core import redis as core_redis
from tests.core.backups.hosting import Hosting, hosting
from tests.schools.departures.leaving import Left


@pytest.fixture
def host(
    environment: None, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hosting]:
    """A hosting whose database, keys, files and names in Redis a test may harm."""
    with hosting(tmp_path_factory.mktemp("hosting")) as made:
        os.environ["REDIS_URL"] = made.database.redis_url
        config.settings.cache_clear()
        monkeypatch.setattr(core_redis, "PREFIX", f"test-{uuid4().hex}")
        core_redis.reset_redis()
        yield made
    core_redis.reset_redis()


@pytest.fixture
def left(host: Hosting, tmp_path: Path) -> Left:
    """A school that leaves this hosting, and one that stays."""
    return Left(tmp_path)
