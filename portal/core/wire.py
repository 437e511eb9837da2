"""Statements straight to the server: prepared once for a connection, with the transaction's BEGIN on the same way.

The driver's cursor looks at each statement and each value anew, which took longer than what the server does with them.
Its own parts for that are used all the same: how values are written and read, what an error is, libpq.
"""

from collections import namedtuple
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from sqlalchemy import Connection

_MOST = 300
"""So many statements a connection keeps: the server holds a plan for each."""


class _Known(NamedTuple):
    """The name of a statement on the server, and what makes a row of it."""

    name: bytes
    make: Callable[[Sequence[Any]], Any]


class Wire:
    """What a connection to the database keeps for the statements that are asked again and again."""

    def __init__(self, driver: "psycopg.Connection[Any]") -> None:
        """Take a connection of the driver, whose transactions are plain ones.

        The driver would throw every prepared statement of the connection away at each rollback. PostgreSQL keeps them,
        and plans those anew whose tables changed.
        """
        driver._prepared.clear = _keep  # type: ignore[method-assign]
        driver.commit = self._commit  # type: ignore[method-assign]
        self._driver = driver
        self._server = driver.pgconn
        self._values: Any = Transformer.from_context(driver)
        self._known: dict[str, _Known] = {}
        self._count = 0

    def ask(self, text: str, values: Sequence[Any], meanwhile: Callable[[], object] | None = None) -> list[Any]:
        """Run a statement with its values ($1, $2, …) in the transaction in hand, begun where there is none yet.

        Returns its rows, with the columns as attributes. Raises the driver's errors. `meanwhile` is done while the
        server is at work on a transaction's first statement, whatever comes of it.
        """
        known = self._known.get(text) or self._prepared(text)
        given = self._values.dump_sequence(values, [PyFormat.TEXT] * len(values))
        if self._server.transaction_status == TransactionStatus.IDLE and not self._driver.autocommit:
            result = self._begun_with(known.name, given, meanwhile)
        else:
            result = self._server.exec_prepared(known.name, given)
        _must(result, ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)
        if not result.nfields:
            return []
        self._values.set_pgresult(result)
        rows: list[Any] = self._values.load_rows(0, result.ntuples, known.make)
        return rows

    def _commit(self) -> None:
        """End the transaction: what the driver does too, in a third of the time where all went well."""
        if self._server.transaction_status == TransactionStatus.INTRANS:
            _must(self._server.exec_(b"commit"), ExecStatus.COMMAND_OK)
        else:
            psycopg.Connection.commit(self._driver)

    def _prepared(self, text: str) -> _Known:
        if len(self._known) >= _MOST:
            oldest = self._known.pop(next(iter(self._known)))
            _must(self._server.exec_(b"deallocate " + oldest.name), ExecStatus.COMMAND_OK)
        name = f"kept_{self._count}".encode()
        self._count += 1
        _must(self._server.prepare(name, text.encode()), ExecStatus.COMMAND_OK)
        told = self._server.describe_prepared(name)
        _must(told, ExecStatus.COMMAND_OK)
        columns = tuple((told.fname(at) or b"").decode() for at in range(told.nfields))
        known = self._known[text] = _Known(name, _row_of(columns))
        return known

    def _begun_with(self, name: bytes, given: Sequence[Any], meanwhile: Callable[[], object] | None) -> PGresult:
        """Send BEGIN and the statement together: one way there and back instead of two."""
        server = self._server
        server.enter_pipeline_mode()
        server.send_query_params(b"begin", None)
        server.send_query_prepared(name, given)
        server.pipeline_sync()
        if meanwhile is not None:
            with suppress(Exception):
                meanwhile()
        results = []
        while (result := server.get_result()) is None or result.status != ExecStatus.PIPELINE_SYNC:
            if result is not None:
                results.append(result)
        server.exit_pipeline_mode()
        return results[-1]


def wire_of(connection: Connection) -> Wire:
    """Return what this connection to the database keeps; made at the first use."""
    kept: Wire | None = connection.info.get("wire")
    if kept is None:
        kept = connection.info["wire"] = Wire(connection.connection.driver_connection)  # type: ignore[arg-type]
    return kept


@lru_cache(maxsize=1_000)
def _row_of(columns: tuple[str, ...]) -> Callable[[Sequence[Any]], Any]:
    make: Callable[..., Any] = namedtuple
    row: Callable[[Sequence[Any]], Any] = make("Row", columns, rename=True)._make
    return row


def _keep() -> bool:
    return False


def _must(result: PGresult, *wanted: ExecStatus) -> None:
    if result.status not in wanted:
        error = error_from_result(result)
        if error.sqlstate is None:  # not the server's word: the connection is lost
            raise psycopg.OperationalError(str(error))
        raise error
