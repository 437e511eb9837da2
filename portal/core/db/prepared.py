"""Statements that pages ask again and again: made into text once, and handed to the driver as they are.

SQLAlchemy compares and looks up a statement at each use, which costs as much as running it. What it knows of types is
used all the same: values go in and come out as they do elsewhere. For statements that are made once for the process.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import ARRAY, BindParameter, ClauseElement, Connection, Float, Integer, Numeric, String, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from portal.core.db.engine import OUTDATED
from portal.core.db.session import session
from portal.core.db.wire import wire_of

_NAMED = re.compile(r"%%|%\((\w+)\)s")
Processor = Callable[[Any], Any]
_DIALECT = make_url("postgresql+psycopg://").get_dialect()()


def _kind(of: Any) -> TypeEngine[Any]:
    kind: TypeEngine[Any] = of.type.dialect_impl(_DIALECT)
    return kind


def _out_of(kind: TypeEngine[Any]) -> Processor | None:
    if isinstance(kind, ARRAY) and kind.item_type.dialect_impl(_DIALECT).result_processor(_DIALECT, None) is None:
        return None  # the driver gives lists
    if isinstance(kind, (Float, Numeric)):
        return None  # and numbers
    return kind.result_processor(_DIALECT, None)


def _only(found: dict[Any, Processor | None]) -> dict[Any, Processor]:
    return {name: process for name, process in found.items() if process is not None}


def _literal(bind: BindParameter[Any]) -> str | None:
    """Return a value that stands in the statement, under no name of its own, as text: none that has to be sent."""
    kind = _kind(bind)
    if not bind.unique or bind.value is None or not isinstance(kind, (String, Integer)):
        return None
    process: Processor | None = kind.literal_processor(_DIALECT)  # type: ignore[no-untyped-call]
    return str(process(bind.value)).replace("%%", "%") if process is not None else None


class _Made(NamedTuple):
    """A statement with its values numbered, as the server takes it: the driver would read a long one anew each time.

    The names of the values in order, those that stand in it, and what is done to what goes in and what comes out.
    """

    text: str
    order: tuple[str, ...]
    fixed: dict[str, Any]
    into: dict[str, Processor]
    out: dict[int, Processor]


class Prepared:
    """A statement as text, with what its types do to values on their way in and out."""

    def __init__(self, statement: ClauseElement) -> None:
        """Take a statement without lists of values that grow (`in_` with a Python list): those aren't one text."""
        self._statement = statement

    @cached_property
    def _made(self) -> _Made:
        """Made at the first use: a statement on tables can be compiled once all of them are known."""
        compiled = self._statement.compile(dialect=_DIALECT)
        binds = getattr(compiled, "binds", {})
        if any(bind.expanding for bind in binds.values()):
            raise TypeError("a statement with a list of any length in it can't be prepared")
        inlined = {name: literal for name, bind in binds.items() if (literal := _literal(bind)) is not None}
        into = _only({name: _kind(bind).bind_processor(_DIALECT) for name, bind in binds.items()})
        fixed = {name: bind.value for name, bind in binds.items() if not bind.required}
        fixed |= {name: into.pop(name)(value) for name, value in fixed.items() if name in into}
        columns = enumerate(getattr(self._statement, "exported_columns", ()))
        out = _only({at: _out_of(_kind(column)) for at, column in columns})
        order: dict[str, int] = {}

        def numbered(found: re.Match[str]) -> str:
            if found[1] is None:
                return "%"
            return inlined.get(found[1]) or f"${order.setdefault(found[1], len(order) + 1)}"

        text = _NAMED.sub(numbered, str(compiled))
        return _Made(text, tuple(order), {name: fixed[name] for name in order if name in fixed}, into, out)

    def rows(self, **values: Any) -> list[Any]:
        """Run it in the transaction in hand and return its rows, which have the columns as attributes."""
        return self.run(session.connection(), values)

    def row(self, **values: Any) -> Any:
        """Run it and return its first row; None where there is none."""
        return next(iter(self.rows(**values)), None)

    def run(
        self, connection: Connection, values: Mapping[str, Any], meanwhile: Callable[[], object] | None = None
    ) -> list[Any]:
        """Run it in the transaction of this connection; `meanwhile` as `Wire.ask` has it."""
        made = self._made
        given = {**made.fixed, **values}
        for name, process in made.into.items():
            given[name] = process(given[name])
        try:
            rows = wire_of(connection).ask(made.text, [given[name] for name in made.order], meanwhile)
        except psycopg.OperationalError:
            with suppress(DBAPIError):  # let the pool see it where the connection is lost
                connection.exec_driver_sql("select 1")
            raise
        except OUTDATED:
            connection.invalidate()
            raise
        return [_taken(row, made.out) for row in rows] if made.out else rows


def _taken(row: Any, out: dict[int, Processor]) -> Any:
    return row._replace(**{row._fields[at]: process(row[at]) for at, process in out.items()})
