"""Of whom values or files are sealed under her key for a category: that key serves still.

Not what proves something and is kept without a key, as entries of the audit are.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Select, Table, exists, literal, or_, select, union_all

from portal.core.crypto.files import StoredFile
from portal.core.db.base import Base
from portal.core.db.bulk import among_ids
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.personal_data import (
    PersonKind,
    Sealed,
    holds_own_id,
    paths_about,
    people_of,
    registry,
    rows_of,
)


def who_hold_sealed(kind: PersonKind, ids: Sequence[UUID], category: str) -> set[UUID]:
    """Return of which of these people something is sealed under her key for a category. A few statements for all.

    Where only a longer path says whose a row is, one of them stands for all.
    """
    session.flush()
    direct: list[Select[UUID]] = []
    for table, holds in _places(category):
        here = table.columns["school_id"] == current_school_id()
        paths = paths_about(table, kind)
        own = [table.columns[path.column] for path in paths if holds_own_id(table, path, kind)]
        direct += [select(column).where(here, among_ids(column, ids), holds).distinct() for column in own]
        is_longer = len(own) < len(paths)
        if is_longer and session.scalar(select(exists().where(here, rows_of(table, kind, ids), holds))):
            return set(ids)
    return set(session.scalars(union_all(*direct))) if direct else set()


def _places(category: str) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Yield the tables that may hold something sealed under a key for this category, each with which rows do."""
    stored = Base.metadata.tables[StoredFile.__tablename__]
    yield stored, (stored.columns["category"] == literal(category)) & stored.columns["gone_at"].is_(None)
    for table in Base.metadata.sorted_tables:
        if people_of(table).kept_because:
            continue
        if held := [_is_held(each, category) for each in table.columns if _may_be_of(each, category)]:
            yield table, or_(*held)


def _may_be_of(column: Column[object], category: str) -> bool:
    if not isinstance(column.type, Sealed):
        return False
    return bool(column.info.get("sealed_as") or column.info.get("personal") == category)


def _is_held(column: Column[object], category: str) -> ColumnElement[bool]:
    """Return which rows hold something in a sealed column; one that is sealed as another field, if it is of these."""
    naming = column.info.get("sealed_as")
    if naming is None:
        return column.is_not(None)
    of_category = [key for key, field in registry(Base.metadata).items() if field.category == category]
    return column.is_not(None) & column.table.columns[naming].in_(of_category)
