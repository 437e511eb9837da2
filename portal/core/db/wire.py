"""Statements straight to the server: prepared once for a connection, with the transaction's BEGIN on the same way.

The driver's cursor looks at each statement and each value anew, which took longer than what the server does with them.
Its own parts for that are used all the same: how values are written and read, what an error is, libpq.
"""

import select
from collections import namedtuple
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from sqlalchemy import Connection

_MOST = 300
"""So many statements a connection keeps: the server holds a plan for each."""


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
        self._incoming = select.poll()
        self._incoming.register(self._server.socket, select.POLLIN)
        self._values: Any = Transformer.from_context(driver)
        self._names: dict[str, bytes] = {}
        self._rows: dict[bytes, Callable[[Sequence[Any]], Any]] = {}
        self._count = 0

    def ask(self, text: str, values: Sequence[Any], meanwhile: Callable[[], object] | None = None) -> list[Any]:
        """Run a statement with its values ($1, $2, …) in the transaction in hand, begun where there is none yet.

        Returns its rows, with the columns as attributes. Raises the driver's errors. `meanwhile` is done while the
        server is at work on a transaction's first statement, whatever comes of it.
        """
        name = self._names.get(text) or self._prepared(text)
        given = self._values.dump_sequence(values, [PyFormat.TEXT] * len(values))
        if self._server.transaction_status == TransactionStatus.IDLE and not self._driver.autocommit:
            result = self._begun_with(name, given, meanwhile)
        else:
            result = self._server.exec_prepared(name, given)
        _must(result, ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)
        if not result.nfields:
            return []
        make = self._rows.get(name)
        if make is None:
            make = self._rows[name] = _row_of(tuple((result.fname(at) or b"").decode() for at in range(result.nfields)))
        self._values.set_pgresult(result)
        rows: list[Any] = self._values.load_rows(0, result.ntuples, make)
        return rows

    def _commit(self) -> None:
        """End the transaction: what the driver does too, in a third of the time where all went well."""
        if self._server.transaction_status == TransactionStatus.INTRANS:
            _must(self._server.exec_(b"commit"), ExecStatus.COMMAND_OK)
        else:
            psycopg.Connection.commit(self._driver)

    def _prepared(self, text: str) -> bytes:
        if len(self._names) >= _MOST:
            oldest = next(iter(self._names))
            _must(self._server.exec_(b"deallocate " + self._names[oldest]), ExecStatus.COMMAND_OK)
            self._rows.pop(self._names.pop(oldest), None)
        name = f"kept_{self._count}".encode()
        self._count += 1
        _must(self._server.prepare(name, text.encode()), ExecStatus.COMMAND_OK)
        self._names[text] = name
        return name

    def _begun_with(self, name: bytes, given: Sequence[Any], meanwhile: Callable[[], object] | None) -> PGresult:
        """Send BEGIN and the statement together: one way there and back instead of two.

        Whatever interrupts it, the connection is given up: nobody else gets what was still to come.
        """
        server = self._server
        try:
            server.enter_pipeline_mode()
            server.send_query_params(b"begin", None)
            server.send_query_prepared(name, given)
            server.pipeline_sync()
            self._send_all()
            if meanwhile is not None:
                with suppress(Exception):
                    meanwhile()
            results = []
            while (result := self._arrived()) is None or result.status != ExecStatus.PIPELINE_SYNC:
                if result is not None:
                    results.append(result)
            server.exit_pipeline_mode()
        except BaseException:
            server.finish()
            raise
        return next((each for each in results if each.status == ExecStatus.FATAL_ERROR), results[-1])

    def _send_all(self) -> None:
        """Let everything go out; most of the time it has."""
        while self._server.flush():
            both = select.poll()
            both.register(self._server.socket, select.POLLIN | select.POLLOUT)
            both.poll()
            self._server.consume_input()

    def _arrived(self) -> PGresult | None:
        """Return the next result, None between those of two statements; other threads run while it is on its way.

        Raises OperationalError where the connection is lost, after which libpq would say None for ever.
        """
        while self._server.is_busy():
            self._incoming.poll()
            self._server.consume_input()
        result = self._server.get_result()
        if result is None and self._server.status != ConnStatus.OK:
            raise psycopg.OperationalError("the connection is lost")
        return result


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
        if result.error_field(DiagnosticField.SQLSTATE) is None:  # not the server's word: the connection is lost
            raise psycopg.OperationalError(str(error))
        raise error
