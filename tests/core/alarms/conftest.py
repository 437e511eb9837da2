"""A hosting of its own, with a Redis number of its own, and the names of the alarms that are on."""

import os
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from redis import Redis
from sqlalchemy import create_engine, make_url, text

from portal import config
from portal.core.alarms.commands import health as health_command
from portal.core.alarms.names import AlarmName
from portal.core.alarms.services import find_alarms
from portal.core.alarms.sources import Sources
from tests.core.backups.hosting import Hosting, hosting
from tests.database import TestDatabase

On = Callable[[], set[AlarmName]]


@pytest.fixture(scope="module")
def host(app: Flask, worker_database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosting]:
    """A hosting that this file's tests have to themselves; the app is there before it, for it uses a database too."""
    number = 2 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 12
    with hosting(tmp_path_factory.mktemp("hosting")) as made:
        own = make_url(worker_database.redis_url).set(database=str(number))
        os.environ["REDIS_URL"] = own.render_as_string(hide_password=False)  # hosting() says again what it was
        config.settings.cache_clear()
        made.files.mkdir()
        yield made


@pytest.fixture(autouse=True)
def nothing_told(host: Hosting) -> Iterator[None]:
    """Let Redis know of nothing before each test."""
    config.settings.cache_clear()
    with Redis.from_url(config.settings().redis_url) as client:
        client.flushdb()
        yield
        client.flushdb()


@pytest.fixture
def on(host: Hosting) -> On:
    """Return the names of the alarms that are on now, by the settings as they are."""

    def found() -> set[AlarmName]:
        config.settings.cache_clear()
        return {each.name for each in find_alarms(Sources(config.settings())).alarms}

    return found


def health() -> Result:
    """Say `portal health`."""
    config.settings.cache_clear()
    return CliRunner().invoke(health_command)


def as_superuser(host: Hosting, *statements: str) -> None:
    """Say this past row-level security and grants, as who runs PostgreSQL may."""
    engine = create_engine(make_url(host.database.owner_url).set(username="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
