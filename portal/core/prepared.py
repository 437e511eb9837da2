"""Statements that pages ask again and again: made into text once, and handed to the driver as they are.

SQLAlchemy compares and looks up a statement at each use, which costs as much as running it. What it knows of types is
used all the same: values go in and come out as they do elsewhere. For statements that are made once for the process.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import ARRAY, ClauseElement, Connection, Float, Numeric, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from portal.core.database import session

Processor = Callable[[Any], Any]
_DIALECT = make_url("postgresql+psycopg://").get_dialect()()


def _kind(of: Any) -> TypeEngine[Any]:
    kind: TypeEngine[Any] = of.type.dialect_impl(_DIALECT)
    return kind


def _out_of(kind: TypeEngine[Any]) -> Processor | None:
    if isinstance(kind, ARRAY) and kind.item_type.dialect_impl(_DIALECT).result_processor(_DIALECT, None) is None:
        return None  # the driver gives lists
    return (
        None if isinstance(kind, (Float, Numeric)) else kind.result_processor(_DIALECT, None)
    )  # the driver gives numbers


def _only(found: dict[Any, Processor | None]) -> dict[Any, Processor]:
    return {name: process for name, process in found.items() if process is not None}


class Prepared:
    """A statement as text, with what its types do to values on their way in and out."""

    def __init__(self, statement: ClauseElement) -> None:
        """Take a statement without lists of values that grow (`in_` with a Python list): those aren't one text."""
        self._statement = statement

    @cached_property
    def _made(self) -> tuple[str, dict[str, Any], dict[str, Processor], dict[int, Processor]]:
        """The text, the values that stand in it, and what is done to values going in and to columns coming out.

        Made at the first use: a statement on tables can be compiled once all of them are known.
        """
        compiled = self._statement.compile(dialect=_DIALECT)
        binds = getattr(compiled, "binds", {})
        if any(bind.expanding for bind in binds.values()):
            raise TypeError("a statement with a list of any length in it can't be prepared")
        into = _only({name: _kind(bind).bind_processor(_DIALECT) for name, bind in binds.items()})
        fixed = {name: bind.value for name, bind in binds.items() if not bind.required}
        fixed |= {name: into.pop(name)(value) for name, value in fixed.items() if name in into}
        columns = enumerate(getattr(self._statement, "exported_columns", ()))
        out = _only({at: _out_of(_kind(column)) for at, column in columns})
        return str(compiled), fixed, into, out

    def rows(self, **values: Any) -> list[Any]:
        """Run it in the transaction in hand and return its rows, which have the columns as attributes."""
        return self.run(session.connection(), values)

    def row(self, **values: Any) -> Any:
        """Run it and return its first row; None where there is none."""
        return next(iter(self.rows(**values)), None)

    def run(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Run it in the transaction of this connection."""
        text, fixed, into, out = self._made
        given = {**fixed, **values}
        for name, process in into.items():
            given[name] = process(given[name])
        cursor = _cursor(connection)
        try:
            cursor.execute(text, given)
        except psycopg.OperationalError:
            with suppress(DBAPIError):  # let the pool see it where the connection is lost
                connection.exec_driver_sql("select 1")
            raise
        result = cursor.pgresult
        rows = cursor.fetchall() if result is not None and result.nfields else []
        return [_taken(row, out) for row in rows] if out else rows


def _cursor(connection: Connection) -> psycopg.Cursor[Any]:
    """Return the cursor that this connection to the database keeps for prepared statements."""
    driver = connection.connection.driver_connection
    kept: psycopg.Cursor[Any] | None = connection.info.get("prepared")
    if kept is None or type(kept) is not driver.cursor_factory:  # type: ignore[union-attr]
        kept = connection.info["prepared"] = driver.cursor(row_factory=namedtuple_row)  # type: ignore[union-attr]
    return kept


def _taken(row: Any, out: dict[int, Processor]) -> Any:
    return row._replace(**{row._fields[at]: process(row[at]) for at, process in out.items()})
