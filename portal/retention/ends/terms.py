"""From a term of the policy and the days on record to the last day: in Python for one person, in SQL for many.

A property test holds both to the same answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, and_, cast, extract, func, null

from portal.core.db.base import Base
from portal.core.personal_data import OWN_TABLE, PersonKind, fields_of, registry
from portal.policy.queries import kept_by_policy
from portal.policy.schema import Policy
from portal.policy.schema.categories import Stage, Term
from portal.policy.schema.periods import Anchor, Anchors, Period
from portal.retention.ends.kinds import VISITOR_USES, EndKind, RowKind

OF_PERSON: frozenset[Anchor] = frozenset({"last_contact", "end_of_guidance", "end_of_contract", "end_of_year"})
"""Days that are the person's. The others are those of a single row, such as when it was recorded."""

InSql = Mapping[Anchor, ColumnElement[Any]]


def is_of_person(term: Term) -> bool:
    """Say whether a term begins when she leaves, so that nothing goes while she follows a trajectory."""
    return any(OF_PERSON & set(stage.counted_from) for stage in term.stages)


def ends_of(policy: Policy, anchors: Anchors) -> dict[str, date | None]:
    """Return the last day on which each category may be held of who has these days; None where none is known."""
    return _ends(policy, tuple(sorted(anchors.items())))


@kept_by_policy
def _ends(policy: Policy, anchors: tuple[tuple[str, date | None], ...]) -> dict[str, date | None]:
    return {category.key: policy.keep_until(category.key, dict(anchors)) for category in policy.categories}


@dataclass(frozen=True)
class KindTerm:
    """A term of one kind of person that begins when she leaves, with the categories that have it.

    Of visitors it begins with a row, and has the policy's key of what that is held for.
    """

    stages: tuple[Stage, ...]
    categories: tuple[str, ...]


@kept_by_policy
def terms_of_kind(policy: Policy, kind: EndKind) -> tuple[KindTerm, ...]:
    """Return the terms that hold for such people, of those that begin when she leaves; each category is in one."""
    if isinstance(kind, RowKind):
        uses = (use for key in VISITOR_USES if (use := policy.contact_use(key)) is not None)
        return tuple(KindTerm(policy.term(use.term).stages, (use.key,)) for use in uses)
    if kind is PersonKind.STAFF:
        return _terms_of_staff(policy)
    relation = policy.contact_use("relation") if kind is PersonKind.CONTACT_PERSON else None
    held = {field.category for field in registry(Base.metadata, kind).values()}
    found: dict[str, tuple[str, ...]] = {}
    for category in policy.categories:
        if category.key not in held or not is_of_person(policy.term(category.term)):
            continue
        term = relation.term if relation is not None else category.term
        if is_of_person(policy.term(term)):
            found[term] = (*found.get(term, ()), category.key)
    return tuple(KindTerm(policy.term(key).stages, categories) for key, categories in found.items())


def _terms_of_staff(policy: Policy) -> tuple[KindTerm, ...]:
    """Return the term of who works here: the policy's own for staff, from the day she stopped; none where it has none.

    It is of her own row. Her name beside what she wrote down goes with that, and the log by its own term.
    """
    if policy.staff is None:
        return ()
    own = fields_of(Base.metadata.tables[OWN_TABLE[PersonKind.STAFF]], PersonKind.STAFF)
    length = policy.staff.term
    stage = Stage(number=length.number, unit=length.unit, counted_from=("end_of_contract",), then="delete")
    return (KindTerm((stage,), tuple(sorted({field.category for field in own}))),)


def keep_until_in_sql(stages: Iterable[Stage], anchors: InSql) -> ColumnElement[Any]:
    """Return `Policy.keep_until` of a term's stages as an expression of columns that hold the days on record."""
    ends = [_last_day(stage, _counted_from(stage.counted_from, anchors)) for stage in stages]
    return func.least(*ends) if ends else cast(null(), Date)


def has_ended_in_sql(stages: Iterable[Stage], anchors: InSql, day: date) -> ColumnElement[bool]:
    """Say of each row whether the last day of a term lies before this day."""
    return and_(keep_until_in_sql(stages, anchors) < day)


def _last_day(length: Period, start: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the day so long after another; PostgreSQL keeps to the month as `Period.added_to` does."""
    order = ("years", "months", "weeks", "days")
    parts = (length.number if unit == length.unit else 0 for unit in order)
    return cast(start + func.make_interval(*parts), Date)


def _counted_from(wanted: Iterable[Anchor], anchors: InSql) -> ColumnElement[Any]:
    known = [anchors[each] if each in anchors else _end_of_year(anchors) for each in wanted if _is_known(each, anchors)]
    return func.coalesce(*known) if known else cast(null(), Date)


def _is_known(anchor: Anchor, anchors: InSql) -> bool:
    return anchor in anchors or (anchor == "end_of_year" and bool(anchors))


def _end_of_year(anchors: InSql) -> ColumnElement[Any]:
    """Return the last day of the year of the latest known day."""
    return func.make_date(cast(extract("year", func.greatest(*anchors.values())), Integer), 12, 31)
