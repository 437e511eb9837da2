"""Where the alarms look: the database, both copies of the keys, Redis, each by a connection of its own.

A pool would hide a fault, and each is waited for two seconds.
"""

import socket
from collections.abc import Sequence
from typing import Any

from redis import Redis
from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.engine import Row
from sqlalchemy.exc import SQLAlchemyError

from portal.config import Settings

SECONDS = 2


def plain_engine(url: str) -> Engine:
    """Return an engine without a pool that waits two seconds for a connection."""
    patience: dict[str, Any] = {"connect_timeout": SECONDS}
    return create_engine(
        url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=patience, hide_parameters=True
    )


class Sources:
    """What is asked, and the machine on which it is asked."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.engine = plain_engine(settings.database_url)
        self.key_stores = [(name, plain_engine(url)) for name, url in settings.key_stores]
        self.redis = Redis.from_url(settings.redis_url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS)
        self.machine = socket.gethostname()

    def rows(self, statement: str, **values: Any) -> Sequence[Row[Any]]:
        """Return the rows of a statement, outside all schools; raises SQLAlchemyError."""
        with self.engine.connect() as connection:
            return connection.execute(text(statement), values).all()

    def has_database(self) -> bool:
        """Say whether the database answers and isn't being restored."""
        try:
            return self.rows("select to_regclass('public.restoring') is null as is_open")[0].is_open is True
        except SQLAlchemyError:
            return False
