"""A transaction of its own beside the one in hand, for what must stay when that one is rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from portal.core.db.session import session

_SET_SCHOOL = text("select set_config('portal.school', :school, true)")


@contextmanager
def apart(school_id: UUID) -> Iterator[Connection]:
    """Yield a connection in this school; its changes are committed when the block ends, whatever rolls back."""
    bound = session.session_factory.kw["bind"]
    if isinstance(bound, Connection):
        with bound.begin_nested():
            yield _entered(bound, school_id)
    else:
        with bound.begin() as connection:
            yield _entered(connection, school_id)


def _entered(connection: Connection, school_id: UUID) -> Connection:
    connection.execute(_SET_SCHOOL, {"school": str(school_id)})
    return connection


@contextmanager
def at_once() -> Iterator[Connection]:
    """Yield a connection outside any school, on which each statement is a transaction of its own."""
    bound = session.session_factory.kw["bind"]
    if isinstance(bound, Connection):
        yield bound
    else:
        with _autocommitting(bound).connect() as connection:
            yield connection


@lru_cache(maxsize=4)
def _autocommitting(bound: Engine) -> Engine:
    return bound.execution_options(isolation_level="AUTOCOMMIT")
