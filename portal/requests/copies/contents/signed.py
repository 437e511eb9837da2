"""In how many rows about others somebody stands as who did it: counted by the registry, without those rows."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, false, func, literal, or_, select, union_all

from portal.core.db.base import Base
from portal.core.db.scope import current_school_id
from portal.core.db.session import read
from portal.core.personal_data import Field, PersonKind, fields_of, people_of, rows_by
from portal.requests.copies.contents.rows import is_signed, signs
from portal.requests.copies.contents.subjects import DataSubject
from portal.requests.copies.contents.withheld import LOG


@dataclass(frozen=True)
class SignedRows:
    """In how many rows of a table about others she stands as who did it, and in which columns that is said."""

    table: str
    columns: tuple[str, ...]
    number: int


def signed_fields(table: Table, kind: PersonKind) -> tuple[Field, ...]:
    """Return the fields of a table that only say that she did something with a row."""
    return tuple(each for each in fields_of(table, kind) if is_signed(table, each, kind))


def list_signed_rows(subject: DataSubject) -> list[SignedRows]:
    """Return in how many rows of each table she stands as who did it; a learner's copy has those rows themselves."""
    if subject.is_learner:
        return []
    columns = {
        table.name: tuple(each.column for each in signed_fields(table, subject.kind))
        for table in Base.metadata.sorted_tables
        if table.name not in LOG and signed_fields(table, subject.kind)
    }
    counts = [_count_signed(Base.metadata.tables[name], subject) for name in columns]
    return [SignedRows(row.name, columns[row.name], row.number) for row in read(union_all(*counts)) if row.number]


def _count_signed(table: Table, subject: DataSubject) -> Any:
    paths = [each for each in people_of(table).paths[subject.kind] if signs(table.columns[each.column])]
    hers = or_(false(), *(rows_by(table, each, subject.kind, subject.ids) for each in paths))
    return select(literal(table.name).label("name"), func.count().label("number")).where(
        table.columns["school_id"] == current_school_id(), hers
    )
