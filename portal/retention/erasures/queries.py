"""Reads before an erasure: of which categories anything is held, of several people at once."""

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Table, or_, select, true

from portal.core.db.base import Base
from portal.core.db.bulk import among_ids
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.core.personal_data import (
    OWN_TABLE,
    PersonKind,
    category_of_rows,
    direct_columns,
    fields_of,
    paths_about,
    people_of,
    rows_of,
)
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.retention.models import PartialEnding


@cache
def categories_of_own_row(kind: PersonKind) -> frozenset[str]:
    """Return the categories that go with the whole person alone: her own row can't do without something of them."""
    own = Base.metadata.tables[OWN_TABLE[kind]]
    return frozenset(each.category for each in fields_of(own, kind) if not own.columns[each.column].nullable)


def list_held(kind: PersonKind, ids: Sequence[UUID], categories: Collection[str], scope: Scope) -> dict[UUID, set[str]]:
    """Return of which of these categories something is held, by person; who has nothing of them isn't in it."""
    scope.must_reach_school(kind.value)
    found: dict[UUID, set[str]] = {}
    for category in categories:
        for table, holds in _places(kind, category):
            for person_id in _whose(table, kind, ids, holds):
                found.setdefault(person_id, set()).add(category)
    return found


def list_merged(learner_ids: Sequence[UUID], scope: Scope) -> Sequence[UUID]:
    """Return the records that became part of those of these learners within reach."""
    wanted = select(Learner.id).where(
        Learner.school_id == current_school_id(),
        among_ids(Learner.merged_into_id, learner_ids),
        reaches_learner(scope, Learner.merged_into_id),
    )
    return session.scalars(wanted).all()


def list_partly_gone(learner_ids: Collection[UUID], scope: Scope) -> dict[UUID, frozenset[str]]:
    """Return which categories of these learners within reach went at the end of their terms, while others stayed."""
    wanted = select(PartialEnding.learner_id, PartialEnding.categories).where(
        PartialEnding.school_id == current_school_id(),
        among_ids(PartialEnding.learner_id, learner_ids),
        reaches_learner(scope, PartialEnding.learner_id),
    )
    return {row.learner_id: frozenset(row.categories) for row in session.execute(wanted)}


def _places(kind: PersonKind, category: str) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Yield the tables that may hold something of a category, each with which rows do."""
    for table in Base.metadata.sorted_tables:
        if people_of(table).kept_because or not paths_about(table, kind):
            continue
        if category_of_rows(table, kind) == category:
            yield table, true()
            continue
        columns = [table.columns[each.column] for each in fields_of(table, kind) if each.category == category]
        if columns:
            yield table, or_(*(column.is_not(None) for column in columns))


def _whose(table: Table, kind: PersonKind, ids: Sequence[UUID], holds: ColumnElement[bool]) -> set[UUID]:
    """Return those of these people about whom the table has such rows."""
    here = (table.columns["school_id"] == current_school_id(), holds)
    direct = {column.name for column in direct_columns(table, kind)}
    about = {path.column for path in paths_about(table, kind)}
    if about <= direct:
        return {
            person_id
            for name in about
            for person_id in session.scalars(
                select(table.columns[name]).where(*here, among_ids(table.columns[name], ids)).distinct()
            )
        }
    if not _any(table, kind, ids, here):
        return set()
    return {each for each in ids if _any(table, kind, [each], here)}


def _any(table: Table, kind: PersonKind, ids: Sequence[UUID], here: tuple[ColumnElement[bool], ...]) -> bool:
    wanted = select(table.columns["id"]).where(*here, rows_of(table, kind, ids)).limit(1)
    return session.scalar(wanted) is not None
