"""Reads before an erasure: of which categories anything is held, of several people at once."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CompoundSelect,
    Select,
    Table,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from portal.core.db.base import Base
from portal.core.db.bulk import among_ids, as_array
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.core.personal_data import (
    OWN_TABLE,
    Path,
    PersonKind,
    category_of_rows,
    fields_of,
    holds_own_id,
    paths_about,
    people_of,
)
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.retention.models import PartialEnding


@cache
def categories_of_own_row(kind: PersonKind) -> frozenset[str]:
    """Return the categories that go with the whole person alone: her own row can't do without something of them."""
    own = Base.metadata.tables[OWN_TABLE[kind]]
    return frozenset(each.category for each in fields_of(own, kind) if not own.columns[each.column].nullable)


def list_held(
    kind: PersonKind,
    ids: Sequence[UUID],
    categories: Collection[str],
    scope: Scope,
    *,
    sharing: Collection[UUID] = (),
) -> dict[UUID, set[str]]:
    """Return of which of these categories something is held, by person; who has nothing of them isn't in it.

    Of who is among `sharing`, what hangs on her account isn't counted: it serves somebody else too. One statement,
    however many people there are.
    """
    scope.must_reach_school(kind.value)
    statement = _held(kind, frozenset(categories)) if ids else None
    if statement is None:
        return {}
    shared = frozenset(sharing)
    given = {"ids": as_array(ids), "alone": as_array(each for each in ids if each not in shared)}
    found: dict[UUID, set[str]] = {}
    for person_id, category in session.execute(statement, {**given, "school": current_school_id()}):
        found.setdefault(person_id, set()).add(category)
    return {each: found[each] for each in ids if each in found}


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


@dataclass(frozen=True)
class _Whom:
    """The people of whom something is looked up, and those of them whose accounts are looked at too."""

    kind: PersonKind
    ids: ColumnElement[Any]
    with_account: ColumnElement[Any]


_SCHOOL = bindparam("school", type_=Uuid())


@cache
def _held(kind: PersonKind, categories: frozenset[str]) -> CompoundSelect[Any] | None:
    """Return the statement that says of `ids` of which categories something is held; None where nothing can be.

    Of `alone` what hangs on their accounts counts too. The ids are read once, however often they are named.
    """
    of_ids = ARRAY(Uuid())
    given = select(*(cast(bindparam(name, type_=Text()), of_ids).label(name) for name in ("ids", "alone"))).cte("given")
    whom = _Whom(kind, *(cast(select(column).scalar_subquery(), of_ids) for column in given.c))
    places = [
        _pairs(whom, table, path, literal(category).label("category")).where(holds).distinct()
        for category in sorted(categories)
        for table, holds in _places(kind, category)
        for path in paths_about(table, kind)
    ]
    return union_all(*places) if places else None


def _pairs(whom: _Whom, table: Table, path: Path, *columns: ColumnElement[Any]) -> Select[Any]:
    """Return who is reached by a path, as `person_id`, with these columns of the rows that reach her."""
    column, here = table.columns[path.column], table.columns["school_id"] == _SCHOOL
    ids = whom.with_account if _is_by_account(table, path) else whom.ids
    if path.is_array:
        each = func.unnest(column, type_=Uuid()).label("person_id")
        return select(each, *columns).where(here, column.bool_op("&&")(ids))
    if holds_own_id(table, path, whom.kind):
        return select(column.label("person_id"), *columns).where(here, column == any_(ids))
    ways = union_all(*_ways(whom, table, path)).subquery()
    return select(ways.c.person_id, *columns).join_from(table, ways, column == ways.c.way).where(here)


def _ways(whom: _Whom, table: Table, path: Path) -> Iterator[Select[Any]]:
    """Yield who is reached by which value of a path's column, as `way`."""
    column, tables = table.columns[path.column], table.metadata.tables
    holder, _, name = (path.held_in or f"{path.target or column.info['references']}.id").partition(".")
    for each in paths_about(tables[holder], whom.kind):
        yield _pairs(whom, tables[holder], each, tables[holder].columns[name].label("way"))


def _is_by_account(table: Table, path: Path) -> bool:
    return "account" in {table.name, path.target or table.columns[path.column].info.get("references")}
