"""The tables of the key store: what a row is known by, how late it is, and the code that tells a damaged one.

Every row belongs to a school and carries a code over its other columns, under a key that is in no copy of the store.
Of two rows with the same key the later one counts: a later generation of a key comes after an earlier one, and a
destroyed key after the key it was. So no key comes back.
"""

from collections.abc import Sequence
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


def _lateness(table: Table, columns: Any) -> ColumnElement[Any] | None:
    """Return what says how late a row of these columns is; None where a row never replaces another."""
    if table is PERSON_KEY:
        return tuple_(columns.generation, columns.wrapped.is_(None))
    return columns.number if table is SEAL_HEAD else None


def is_later(table: Table, row: Row, other: Row) -> bool:
    """Say whether a row comes after another with the same key."""
    if table is PERSON_KEY:
        return bool((row[2], row[3] is None) > (other[2], other[3] is None))
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
    columns = [column for column in table.columns if column.name != "school_id"]
    return select(*columns).where(table.c.school_id == _SCHOOL).order_by(*keys_of(table))


@lru_cache(maxsize=20)
def storing(table: Table, *, whatever: bool = False) -> Any:
    """Return the statement that stores rows, given as an array for each column, and returns the keys of those stored.

    One that is there already with the same key is replaced by a later one alone; with `whatever`, in any case.
    """
    names = [column.name for column in table.columns if column.name != "school_id"]
    arrays = [bindparam(name, type_=ARRAY(table.c[name].type)) for name in names]
    given = func.unnest(*arrays).table_valued(*(Column(name, table.c[name].type) for name in names))
    rows = given.render_derived(name="given")
    adding: Insert = insert(table).from_select(["school_id", *names], select(_SCHOOL, *rows.columns))
    values = {name: adding.excluded[name] for name in names if not table.c[name].primary_key}
    later, there = _lateness(table, adding.excluded), _lateness(table, table.c)
    returned = keys_of(table) or [table.c.school_id]
    if whatever:
        return adding.on_conflict_do_update(constraint=table.primary_key, set_=values).returning(*returned)
    if later is None or there is None:
        return adding.on_conflict_do_nothing(constraint=table.primary_key).returning(*returned)
    return adding.on_conflict_do_update(constraint=table.primary_key, set_=values, where=later > there).returning(
        *returned
    )


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
