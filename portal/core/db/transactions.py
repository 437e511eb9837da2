"""Transactions beside the one in hand: for what must stay when that one is rolled back, or must be seen at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Connection, Engine

from portal.core.db.scope import set_school
from portal.core.db.session import engine, joined_connection


@contextmanager
def independent_transaction(school_id: UUID) -> Iterator[Connection]:
    """Yield a connection in this school; its changes are committed when the block ends, whatever rolls back."""
    joined = joined_connection()
    if joined is not None:
        with joined.begin_nested():
            set_school(joined, school_id)
            yield joined
    else:
        with engine().begin() as connection:
            set_school(connection, school_id)
            yield connection


@contextmanager
def autocommit_connection() -> Iterator[Connection]:
    """Yield a connection outside any school, on which each statement is a transaction of its own."""
    joined = joined_connection()
    if joined is not None:
        yield joined
    else:
        with _autocommitting(engine()).connect() as connection:
            yield connection


@lru_cache(maxsize=4)
def _autocommitting(bound: Engine) -> Engine:
    return bound.execution_options(isolation_level="AUTOCOMMIT")
