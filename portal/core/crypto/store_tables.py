"""The tables of the key store: what a row is known by, how late it is, and the code that tells a damaged one.

Every row belongs to a school, or to the hosting, and carries a code over its other columns, under a key that is in no
copy of the store. Of two rows with the same key the later one counts: a later generation of a key comes after an
earlier one, and a destroyed key after the key it was. So no key comes back.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    Uuid,
    bindparam,
    cast,
    exists,
    func,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import Insert, insert

from portal.core.crypto.ciphers import code_of

Row = tuple[Any, ...]
"""A row as a table's columns have it, without the school, the code last."""

STORE = MetaData()
_SCHOOL = bindparam("school", type_=Uuid())


def _table(name: str, *columns: Column[Any]) -> Table:
    school, code = Column("school_id", Uuid, primary_key=True), Column("code", LargeBinary, nullable=False)
    return Table(name, STORE, school, *columns, code)


SCHOOL_KEY = _table(
    "school_key",
    Column("wrapped", LargeBinary, nullable=False),
    Column("master", LargeBinary, nullable=False),
)
PERSON_KEY = _table(
    "person_key",
    Column("person_id", Uuid, primary_key=True),
    Column("category", Text, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("wrapped", LargeBinary),
)
SEAL_HEAD = _table(
    "seal_head",
    Column("chain", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("mac", LargeBinary, nullable=False),
)

ENDING = _table(
    "ending",
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", LargeBinary, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

HOSTING = UUID(int=0)
"""Stands where a school's id does in a row that is about the whole hosting."""
BACKUP_KEY = _table(
    "backup_key",
    Column("id", Uuid, primary_key=True),
    Column("until", DateTime(timezone=True), nullable=False),
    Column("wrapped", LargeBinary),
)
FINISHED_BACKUP = _table(
    "finished_backup",
    Column("id", Uuid, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
)
OF_HOSTING = (BACKUP_KEY, FINISHED_BACKUP)
"""The tables whose rows are about the whole hosting; all others are of one school each."""


def _lateness(table: Table, columns: Any) -> ColumnElement[Any] | None:
    """Return what says how late a row of these columns is; None where a row never replaces another."""
    if table is PERSON_KEY:
        return tuple_(columns.generation, columns.wrapped.is_(None))
    if table is SCHOOL_KEY:
        return tuple_(func.octet_length(columns.wrapped) == 0)
    if table is BACKUP_KEY:
        return tuple_(columns.wrapped.is_(None))
    return columns.number if table is SEAL_HEAD else None


def is_later(table: Table, row: Row, other: Row) -> bool:
    """Say whether a row comes after another with the same key."""
    if table is PERSON_KEY:
        return bool((row[2], row[3] is None) > (other[2], other[3] is None))
    if table is SCHOOL_KEY:
        return not row[0] and bool(other[0])
    if table is BACKUP_KEY:
        return row[2] is None and other[2] is not None
    return table is SEAL_HEAD and bool(row[1] > other[1])


def keys_of(table: Table) -> list[Column[Any]]:
    """Return the columns by which a row is known within its school."""
    return [column for column in table.primary_key if column.name != "school_id"]


def key_of(table: Table, row: Row) -> Row:
    """Return what a row is known by within its school."""
    return row[: len(table.primary_key) - 1]


@lru_cache(maxsize=20)
def rows_of(table: Table) -> Select[Any]:
    """Return the statement that reads a school's rows, without the school, in the order of their keys."""
    return select(*_own_columns(table)).where(table.c.school_id == _SCHOOL).order_by(*keys_of(table))


@lru_cache(maxsize=20)
def storing(table: Table, *, whatever: bool = False) -> Select[Any]:
    """Return the statement that stores rows, given as `arrays_of`, and returns the keys of those that it didn't store.

    One that is there already with the same key is replaced by a later one alone; with `whatever`, in any case.
    """
    columns = _own_columns(table)
    arrays = [cast(bindparam(column.name, type_=Text), ARRAY(column.type)) for column in columns]
    unnested = func.unnest(*arrays).table_valued(*(Column(column.name, column.type) for column in columns))
    given = select(*unnested.render_derived(name="given").columns).cte("given")
    adding: Insert = insert(table).from_select(
        ["school_id", *(column.name for column in columns)], select(_SCHOOL, *given.columns)
    )
    values = {column.name: adding.excluded[column.name] for column in columns if not column.primary_key}
    later, there = _lateness(table, adding.excluded), _lateness(table, table.c)
    if whatever:
        adding = adding.on_conflict_do_update(constraint=table.primary_key, set_=values)
    elif later is None or there is None:
        adding = adding.on_conflict_do_nothing(constraint=table.primary_key)
    else:
        adding = adding.on_conflict_do_update(constraint=table.primary_key, set_=values, where=later > there)
    stored = adding.returning(*table.primary_key).cte("stored")
    keys = [given.c[column.name] for column in keys_of(table)]
    same = [given.c[column.name] == stored.c[column.name] for column in keys_of(table)]
    is_stored = exists().where(stored.c.school_id == _SCHOOL, *same).correlate(given)
    return select(*(keys or [_SCHOOL])).select_from(given).where(~is_stored)


def arrays_of(table: Table, rows: Iterable[Row]) -> dict[str, str]:
    """Return rows as `storing` takes them: for each column its values as PostgreSQL writes an array."""
    columns = _own_columns(table)
    return {
        column.name: f"{{{','.join(map(_in_array, values))}}}"
        for column, values in zip(columns, zip(*rows, strict=True), strict=True)
    }


def _in_array(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bytes):
        return f'"\\\\x{value.hex()}"'
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f'"{value}"'


def _own_columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if column.name != "school_id"]


def code_of_row(key: bytes, table: Table, school_id: UUID, values: Sequence[Any]) -> bytes:
    """Return the code over a row's columns, the code itself left out."""
    return code_of(key, table.name.encode(), school_id.bytes, *map(_as_bytes, values))


def _as_bytes(value: Any) -> bytes:
    if value is None:
        return b"\x00"
    if isinstance(value, bytes):
        return b"b" + value
    if isinstance(value, UUID):
        return b"u" + value.bytes
    if isinstance(value, datetime):
        return b"t" + value.astimezone(UTC).isoformat(timespec="microseconds").encode()
    return b"s" + value.encode() if isinstance(value, str) else f"i{value}".encode()
