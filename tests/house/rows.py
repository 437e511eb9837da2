"""Made rows for any table, from its columns alone, so that a rule can be tried on tables that don't exist yet."""

import re
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from psycopg.errors import CheckViolation
from sqlalchemy import (
    ARRAY,
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Enum,
    ForeignKeyConstraint,
    LargeBinary,
    Numeric,
    String,
    Table,
    Time,
    UniqueConstraint,
    Uuid,
    insert,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError

import portal.wiring  # noqa: F401  (every table is known)
from portal.core.db.base import Base, new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.personal_data import PersonKind, Sealed, paths_about, people_of
from tests.factories.sealing import sealed

TABLES: dict[str, Table] = dict(Base.metadata.tables)
OWNED = sorted(name for name, table in TABLES.items() if table.info.get("school_owned"))
# Columns that hold a word the code knows.
_WORDS = {"language": "nl", "field": "learner.given_name"}
_DAY = date(2026, 9, 1)
_SAID: dict[str, dict[str, Any]] = {
    "access_review_role": {"is_kept": True},
    "deidentified_row": {"people": 5},
    "erasure_certificate": {"is_whole": True},
}
"""What a check of two columns wants, of which nothing in the columns themselves tells."""
_numbers = count()


def targets(table: Table) -> dict[str, str]:
    """Each column that points to another table of the same school, with that table's name."""
    found = {}
    for constraint in table.constraints:
        if isinstance(constraint, ForeignKeyConstraint) and len(constraint.columns) > 1:
            own = next(column.name for column in constraint.columns if column.name != "school_id")
            found[own] = constraint.referred_table.name
    return found


def make_row(name: str, **given: Any) -> dict[str, Any]:
    """Store a row of this table in the school in scope, with all that it points to; returns its values.

    It holds what the table insists on; everything that it may hold where one of its checks wants more.
    """
    table = TABLES[name]
    row: dict[str, Any] = {"school_id": current_school_id()} | _SAID.get(name, {}) | given
    for column, target in targets(table).items():
        is_wanted = not table.c[column].nullable or (column == "learner_id" and not _is_of_another(table, given))
        if column not in row and target != name and is_wanted:
            row[column] = make_row(target)["id"]
    try:
        with session.begin_nested():
            return _insert(table, row, whole=False)
    except IntegrityError as error:
        if not isinstance(error.orig, CheckViolation):
            raise
    return _insert(table, row, whole=True)


def _is_of_another(table: Table, given: dict[str, Any]) -> bool:
    """Say whether a row is about one person alone, and that one is given."""
    return people_of(table).is_of_one and any(
        path.column in given for kind in PersonKind for path in paths_about(table, kind)
    )


def _insert(table: Table, given: dict[str, Any], *, whole: bool) -> dict[str, Any]:
    row = dict(given)
    for column in table.columns:
        if column.name in row or column.name in targets(table):
            continue
        if column.name == "id" or (column.server_default is None and (whole or not column.nullable)):
            row[column.name] = value_for(column, row)
    session.execute(insert(table).values(row))
    return row


def _listed(column: Column[Any]) -> str | None:
    """The first of the words that a check holds this column to."""
    for constraint in column.table.constraints:
        if isinstance(constraint, CheckConstraint):
            found = re.search(rf"\b{column.name} in \('([^']+)'", str(constraint.sqltext))
            if found:
                return found[1]
    return None


def value_for(column: Column[Any], row: dict[str, Any]) -> Any:
    """A plausible value for a column by its type; ends come after starts."""
    kind = column.type
    if isinstance(kind, Sealed):
        return sealed(row.get("learner_id") or row.get("contact_person_id") or row["id"], column, row, "verzegeld")
    if isinstance(kind, Enum):
        return kind.enum_class(next(iter(kind.enum_class))) if kind.enum_class else kind.enums[0]
    if isinstance(kind, Uuid):
        return new_id()
    if isinstance(kind, ARRAY):
        return []
    if isinstance(kind, JSON | JSONB):
        return {}
    return _plain_value(column)


def _plain_value(column: Column[Any]) -> Any:
    kind, name = column.type, column.name
    if isinstance(kind, LargeBinary):
        return new_id().bytes
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, DateTime):
        return (
            None
            if name.startswith(("ended", "withdrawn", "cancelled", "gone"))
            else datetime(2026, 9, 1, 12).astimezone()
        )
    if isinstance(kind, Date):
        if _is_once_a_school(column):
            return _DAY - timedelta(days=next(_numbers))
        return None if name == "ends_on" and column.nullable else _DAY
    if isinstance(kind, Time):
        return time(12) if "end" in name else time(9)
    if isinstance(kind, String):
        return _text(column, kind.length)
    return 0.1 if isinstance(kind, Numeric) else 1


def _is_once_a_school(column: Column[Any]) -> bool:
    """Say whether a school has at most one row for each value of a column."""
    return any(
        isinstance(each, UniqueConstraint) and {one.name for one in each.columns} == {"school_id", column.name}
        for each in column.table.constraints
    )


def _text(column: Column[Any], length: int | None) -> str:
    if column.name in _WORDS:
        return _WORDS[column.name]
    return _listed(column) or new_id().hex[::-1][: min(length or 40, 32)]
