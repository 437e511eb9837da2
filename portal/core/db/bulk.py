"""Many rows at once: one parameter for each column however many rows there are, so that nothing grows but the data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Enum,
    Table,
    Text,
    any_,
    bindparam,
    cast,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, Insert, insert
from sqlalchemy.types import TypeEngine

from portal.core.db.scope import current_school_id
from portal.core.db.session import session

AT_ONCE = 1000


def as_array(members: Iterable[Any]) -> str:
    """Return ids, numbers, None or our own words as PostgreSQL reads an array: the driver takes its time over lists."""
    return "{" + ",".join("null" if member is None else str(member) for member in members) + "}"


def in_parts(items: Iterable[Any], size: int = AT_ONCE) -> Iterator[list[Any]]:
    """Yield the items in lists of at most so many."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


def among(column: Any, values: Iterable[Any], kind: TypeEngine[Any] | None = None) -> ColumnElement[bool]:
    """Return, for a statement, whether a column is one of many values."""
    found: ColumnElement[bool] = column == any_(cast(list(values), ARRAY(kind or column.type)))
    return found


class Ids(tuple[UUID, ...]):
    """Ids that many statements name: what the database reads of them is made once."""

    @cached_property
    def as_text(self) -> str:
        """The ids as PostgreSQL reads an array."""
        return as_array(self)


def array_of(ids: Iterable[UUID], kind: TypeEngine[Any]) -> ColumnElement[Any]:
    """Return many ids, for a statement, as an array of this type, which goes to the database as one text."""
    return cast(literal(ids.as_text if isinstance(ids, Ids) else as_array(ids), Text), kind)


def among_ids(column: Any, ids: Iterable[UUID]) -> ColumnElement[bool]:
    """Return whether a column is one of many ids."""
    found: ColumnElement[bool] = column == any_(array_of(ids, ARRAY(column.type)))
    return found


def insert_statement(table: Table, rows: Sequence[Mapping[str, Any]]) -> Insert:
    """Return the statement that inserts rows of this school; what one of them lacks is empty in it.

    It may be given an `on_conflict_do_update`; the rows are in it already.
    """
    names = list(dict.fromkeys(name for row in rows for name in row if name != "school_id"))
    columns = [table.c[name] for name in names]
    lists = []
    for column in columns:
        kind = ARRAY(_passed_as(column))
        lists.append(cast(bindparam(f"many_{column.name}", [row.get(column.name) for row in rows], kind), kind))
    source = func.unnest(*lists).table_valued(*names).render_derived(name="many")
    taken = [_taken(source.c[column.name], column) for column in columns]
    school = bindparam("many_school", current_school_id(), table.c.school_id.type)
    return insert(table).from_select(["school_id", *names], select(school, *taken), include_defaults=False)


def insert_rows(table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert many rows of this school."""
    for part in in_parts(rows):
        session.execute(insert_statement(table, part))


def _passed_as(column: Column[Any]) -> TypeEngine[Any]:
    """Return as what a column's values go to the database: choices and JSON as text."""
    if isinstance(column.type, Enum | JSONB):
        return Text()
    return column.type


def _taken(value: Any, column: Column[Any]) -> Any:
    return cast(value, column.type) if isinstance(column.type, JSONB) else value


def change_rows(table: Table, rows: Mapping[UUID, Mapping[str, Any]]) -> None:
    """Set columns of many rows of this school by their id."""
    alike: dict[frozenset[str], list[dict[str, Any]]] = {}
    for row_id, columns in rows.items():
        given = {"row": row_id, **{f"new_{name}": value for name, value in columns.items()}}
        alike.setdefault(frozenset(columns), []).append(given)
    for names, listed in alike.items():
        values = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
        own = (table.c.school_id == current_school_id(), table.c.id == bindparam("row"))
        session.connection().execute(update(table).where(*own).values(**values), listed)
