"""What is held of a member of staff, walked by the registry: her own rows, and in how many rows she stands by name.

Complete by construction: a column that is declared as hers is in one of the two, or in `WITHHELD` with its reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, false, func, literal, or_, select, union_all

from portal.core.audit.queries import Entry, LogFilter, list_of_school
from portal.core.db.base import Base
from portal.core.db.scope import current_school_id
from portal.core.db.session import read
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.personal_data import Field, PersonKind, fields_of, is_signature, people_of, rows_by
from portal.overview.staff_data.withheld import WITHHELD

_STAFF = PersonKind.STAFF
LOG = "audit_event"
"""The table that she reads as the log of what she saw and did."""
_BESIDES = {"group_teacher": ("group_id",)}
"""Columns that hold nothing of a person and without which a row can't be read."""


@dataclass(frozen=True)
class OwnRows:
    """The rows of a table that are about her, each with its values by column."""

    table: Table
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class SignedRows:
    """In how many rows of a table about others she stands as who did it, and in which columns that is said."""

    table: str
    columns: tuple[str, ...]
    number: int


def account_of(by: Actor) -> UUID:
    """Return the account of the member of staff who asks; raises NotFound for anybody else."""
    if not by.is_staff or by.account_id is None:
        raise NotFound("staff")
    return by.account_id


def is_signed(table: Table, field: Field) -> bool:
    """Say whether a field only tells that she did something with a row that is about another."""
    of = table.columns[field.column].info.get("of", ())
    return bool(of) and all(_signs(table.columns[name]) for name in of)


def _signs(column: Column[Any]) -> bool:
    return is_signature(column) and column.name != "id"


def own_fields(table: Table) -> tuple[Field, ...]:
    """Return the fields of a table that are about her and that she is given, in their order."""
    return tuple(each for each in fields_of(table, _STAFF) if not is_signed(table, each) and each.key not in WITHHELD)


def signed_fields(table: Table) -> tuple[Field, ...]:
    """Return the fields of a table that only say that she did something with a row."""
    return tuple(each for each in fields_of(table, _STAFF) if is_signed(table, each))


def list_own_rows(by: Actor) -> list[OwnRows]:
    """Return the rows that are about a member of staff, table by table, where there are any."""
    account_id = account_of(by)
    found = [OwnRows(table, list(_rows_in(table, account_id))) for table in Base.metadata.sorted_tables]
    return [each for each in found if each.rows]


def _rows_in(table: Table, account_id: UUID) -> Iterator[dict[str, Any]]:
    fields = own_fields(table)
    if not fields:
        return
    paths = [each for each in people_of(table).paths[_STAFF] if not _signs(table.columns[each.column])]
    hers = or_(false(), *(rows_by(table, each, _STAFF, [account_id]) for each in paths))
    names = [*_BESIDES.get(table.name, ()), *(each.column for each in fields)]
    statement = select(*(table.columns[name] for name in names)).where(
        table.columns["school_id"] == current_school_id(), hers
    )
    for row in read(statement.order_by(*table.primary_key.columns)):
        yield dict(row._mapping)


def list_signed_rows(by: Actor) -> list[SignedRows]:
    """Return in how many rows of each table a member of staff stands as who did it, without those rows."""
    account_id = account_of(by)
    columns = {
        table.name: tuple(each.column for each in signed_fields(table))
        for table in Base.metadata.sorted_tables
        if table.name != LOG and signed_fields(table)
    }
    counts = [_count_signed(Base.metadata.tables[name], account_id) for name in columns]
    return [SignedRows(row.name, columns[row.name], row.number) for row in read(union_all(*counts)) if row.number]


def _count_signed(table: Table, account_id: UUID) -> Any:
    paths = [each for each in people_of(table).paths[_STAFF] if _signs(table.columns[each.column])]
    hers = or_(false(), *(rows_by(table, each, _STAFF, [account_id]) for each in paths))
    return select(literal(table.name).label("name"), func.count().label("number")).where(
        table.columns["school_id"] == current_school_id(), hers
    )


def list_own_log(by: Actor, **more: Any) -> list[Entry]:
    """Return what the log holds of what a member of staff saw and did, newest first: a page of it."""
    return list_of_school(LogFilter(actor_id=account_of(by)), **more)
