"""One copy of the key store: its statements, whether it can be reached, and the role that may use it."""

import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import psycopg
import structlog
from sqlalchemy import URL, CursorResult, Engine, Executable, Table, create_engine, make_url, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from portal.core.crypto.ciphers import KeysError
from portal.core.crypto.store_tables import SCHOOL_KEY, STORE, Row, arrays_of, key_of, storing
from portal.core.db import row_security

_log = structlog.get_logger()
_CONNECT_SECONDS = 3
_AWAY_SECONDS = 5.0


class Unreachable(KeysError):
    """A copy of the key store can't be used now; the text names the setting that says where it is."""


class Copy:
    """A database with every key, wrapped. `setting` is the name of the setting that says where it is.

    A connection is waited for three seconds, or as long as the URL says in a `connect_timeout` of its own.
    """

    def __init__(self, setting: str, url: str, *, prepares: bool = True) -> None:
        self.setting = setting
        arguments: dict[str, Any] = {}
        if "connect_timeout" not in make_url(url).query:
            arguments["connect_timeout"] = _CONNECT_SECONDS
        if not prepares:
            arguments["prepare_threshold"] = None
        self.engine: Engine = create_engine(
            url, isolation_level="AUTOCOMMIT", hide_parameters=True, pool_size=2, max_overflow=8,
            connect_args=arguments,
        )  # fmt: skip
        self._away_until = 0.0

    @property
    def is_away(self) -> bool:
        """Say whether it couldn't be reached in the last seconds; it isn't tried again before they are over."""
        return time.monotonic() < self._away_until

    def rows(self, statement: Executable, **values: Any) -> Sequence[Any]:
        """Run one statement, which may be run twice, and return its rows; raises Unreachable.

        What failed for a moment, such as a connection that was lost, is tried once more.
        """
        if self.is_away:
            raise Unreachable(f"{self.setting} can't be reached")
        try:
            try:
                return self._run(statement, values)
            except DBAPIError as error:
                if not error.connection_invalidated and not isinstance(error, OperationalError):
                    raise
            return self._run(statement, values)
        except OperationalError as error:
            why, cause = "can't be reached", error.orig
        except ProgrammingError as error:
            if not isinstance(error.orig, psycopg.errors.UndefinedTable):
                raise
            why, cause = "has no tables: run `portal migrate`", error.orig
        self._away_until = time.monotonic() + _AWAY_SECONDS
        kind, state = type(cause).__name__, getattr(cause, "sqlstate", None)
        _log.warning("keys_copy_away", setting=self.setting, kind=kind, sqlstate=state)
        raise Unreachable(f"{self.setting} {why}") from cause

    def _run(self, statement: Executable, values: dict[str, Any]) -> Sequence[Any]:
        with self.engine.connect() as connection:
            result: CursorResult[Any] = connection.execute(statement, values)
            return result.all() if result.returns_rows else []

    def put(self, table: Table, school_id: UUID, rows: Iterable[Row], *, whatever: bool = False) -> set[Row]:
        """Store rows in one statement, where they are later than what is there; return the keys of those not stored.

        `whatever` replaces what is there in any case.
        """
        left = self.rows(storing(table, whatever=whatever), school=school_id, **arrays_of(table, rows))
        return {key_of(table, tuple(row)) for row in left}

    def schools(self) -> dict[UUID, Row]:
        """Return the rows of every school that this copy has a key of."""
        return {row[0]: tuple(row[1:]) for row in self.rows(select(SCHOOL_KEY))}


def make_database(owner: URL) -> None:
    """Make the database of this address, unless it is there; raises OperationalError where neither can be."""
    engine = create_engine(owner, hide_parameters=True)
    try:
        with suppress(OperationalError), engine.connect():
            return
    finally:
        engine.dispose()
    maintenance = create_engine(owner.set(database="postgres"), isolation_level="AUTOCOMMIT", hide_parameters=True)
    with maintenance.connect() as connection:
        wanted = text("select 1 from pg_database where datname = :name")
        if connection.scalar(wanted, {"name": owner.database}) is None:
            name = maintenance.dialect.identifier_preparer.quote(owner.database or "")
            connection.execute(text(f"create database {name}"))
    maintenance.dispose()


def prepare_copy(owner_url: str, application_url: str) -> None:
    """Make the tables in the copy that `application_url` names, as the owner, and let that role use them.

    Safe to repeat; a database that isn't there is made. `owner_url` says who the owner is and how she signs in; where,
    the other one says.
    """
    application = make_url(application_url)
    owner = make_url(owner_url).set(
        host=application.host, port=application.port, database=application.database, query=application.query
    )
    make_database(owner)
    engine = create_engine(owner, hide_parameters=True)
    with engine.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(20261122)"))
        STORE.create_all(connection)
        if application.username and application.username != connection.scalar(text("select current_user")):
            row_security.make_role(connection, row_security.APPLICATION)
            row_security.make_application_login(connection, application.username, application.password)
            names, role = ", ".join(STORE.tables), connection.dialect.identifier_preparer.quote(application.username)
            connection.execute(text(f"grant select, insert, update on {names} to {role}"))
    engine.dispose()
