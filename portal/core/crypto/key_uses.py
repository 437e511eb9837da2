"""Of whom anything of a category is held: her key for it serves still, also for old and new values in the audit.

Not what proves something and is kept without a key, as entries of the audit are themselves.
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
    Path,
    PersonKind,
    holds_own_id,
    kinds_of,
    paths_about,
    people_of,
    registry,
    rows_by,
)


def who_need_key(kind: PersonKind, ids: Sequence[UUID], category: str) -> set[UUID]:
    """Return of which of these people something of a category is held, sealed or not. A few statements for all.

    Where only a longer path says whose a row is, one of them stands for all.
    """
    session.flush()
    for table, path, holds in _places(kind, category):
        held = (table.columns["school_id"] == current_school_id()) & holds
        if not holds_own_id(table, path, kind) and session.scalar(
            select(exists().where(held, rows_by(table, path, kind, ids)))
        ):
            return set(ids)
    return find_holders(kind, ids, category)


def find_holders(kind: PersonKind, ids: Sequence[UUID], category: str) -> set[UUID]:
    """Return of which of these people something of a category is held in rows that bear their ids. One statement."""
    direct: list[Select[UUID]] = []
    for table, path, holds in _places(kind, category):
        if holds_own_id(table, path, kind):
            column = table.columns[path.column]
            held = (table.columns["school_id"] == current_school_id()) & holds
            direct.append(select(column).where(held, among_ids(column, ids)).distinct())
    return set(session.scalars(union_all(*direct))) if direct else set()


def _places(kind: PersonKind, category: str) -> Iterator[tuple[Table, Path, ColumnElement[bool]]]:
    """Yield each path by which a table's rows are about such people, with which rows hold something of a category."""
    stored = Base.metadata.tables[StoredFile.__tablename__]
    is_file = (stored.columns["category"] == literal(category)) & stored.columns["gone_at"].is_(None)
    yield from ((stored, path, is_file) for path in paths_about(stored, kind))
    for table in Base.metadata.sorted_tables:
        if people_of(table).kept_because:
            continue
        for path in paths_about(table, kind):
            if held := [_is_held(each, category) for each in table.columns if _may_hold(each, path, kind, category)]:
                yield table, path, or_(*held)


def _may_hold(column: Column[object], path: Path, kind: PersonKind, category: str) -> bool:
    """Say whether a column may hold something of a category, of those whom its rows reach by this path."""
    of = column.info.get("of", ())
    if of and path.column not in of:
        return False
    if column.info.get("sealed_as"):
        return True
    return column.info.get("personal") == category and kind in kinds_of(column)


def _is_held(column: Column[object], category: str) -> ColumnElement[bool]:
    """Return which rows hold something in a column; one that is sealed as another field, if it is of these."""
    naming = column.info.get("sealed_as")
    if naming is None:
        return column.is_not(None)
    of_category = [key for key, field in registry(Base.metadata).items() if field.category == category]
    return column.is_not(None) & column.table.columns[naming].in_(of_category)
