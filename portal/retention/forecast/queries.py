"""Counts of people whose terms end, by month and category; nobody is named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, Select, case, cast, func, literal, null, or_, select, tuple_
from sqlalchemy.dialects.postgresql import array

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.policy.queries import current_policy
from portal.retention.ends.anchors import Recorded, recorded_of
from portal.retention.ends.kinds import EndKind, RowKind, person_kind_of
from portal.retention.ends.queries import gone_until
from portal.retention.ends.terms import KindTerm, terms_of_kind
from portal.retention.ends.visitors import select_ends
from portal.retention.holds.queries import held_until


@dataclass(frozen=True)
class Ending:
    """People of whom something comes past its term: how many there are, and of each category."""

    people: int
    by_category: Mapping[str, int]


NOBODY = Ending(0, {})


@dataclass(frozen=True)
class Forecast:
    """Of one kind of person: how many there are, who is past a term, and who will be, by the first of the month."""

    people: int
    overdue: Ending
    by_month: Mapping[date, Ending]


def count_endings(kind: EndKind, day: date, scope: Scope, *, until: date) -> Forecast:
    """Return who of a kind is past a term on this day, and whose term ends from then on, before `until`.

    Nobody who is followed, acts or works here on this day counts: her days aren't known yet. A month is that in which
    something goes, so the one after a term that ends on a month's last day. What a hold keeps on this day goes once
    that is over, where that is known; past its term it counts there all the same. Whoever has several rows with a term
    of their own counts in the month of each.
    """
    scope.must_reach_school(kind.value)
    recorded, terms = recorded_of(kind), terms_of_kind(current_policy(), kind)
    everybody = select(func.count()).where(recorded.model.school_id == current_school_id(), recorded.is_one)
    people = session.execute(everybody).scalar_one()
    if not terms:
        return Forecast(people, NOBODY, {})
    counted: dict[date | None, dict[int | None, int]] = {}
    for month, term, number in session.execute(_by_month(kind, day, until)).all():
        counted.setdefault(month, {})[term] = number
    endings = {month: _ending_of(found, terms) for month, found in counted.items()}
    months = sorted(month for month in endings if month is not None)
    return Forecast(people, endings.get(None, NOBODY), {month: endings[month] for month in months})


def _by_month(kind: EndKind, day: date, until: date) -> Any:
    """Count people by month and term, and by month alone; no month is what is past its term already."""
    recorded, terms = recorded_of(kind), terms_of_kind(current_policy(), kind)
    ends = _ends_by_row(recorded, terms) if isinstance(kind, RowKind) else _ends_by_person(recorded, terms)
    gone, held = gone_until(kind).label("gone_until"), held_until(person_kind_of(kind), day).label("held_until")
    here = (recorded.model.school_id == current_school_id(), recorded.is_one, ~recorded.is_running(day))
    rows = ends.add_columns(gone, held).where(*here).subquery()
    goes_on = func.greatest(rows.c.over_on, rows.c.held_until + 1)
    month = case((rows.c.over_on <= day, null()), else_=cast(func.date_trunc("month", goes_on), Date))
    dated = (
        select(rows.c.id, rows.c.term, month.label("month"))
        .where(
            rows.c.over_on < until,
            rows.c.over_on > rows.c.gone_until + 1,
            or_(rows.c.over_on <= day, goes_on < until),
        )
        .subquery()
    )
    sets = func.grouping_sets(tuple_(dated.c.month, dated.c.term), tuple_(dated.c.month))
    return select(dated.c.month, dated.c.term, func.count(func.distinct(dated.c.id))).group_by(sets)


def _ends_by_person(recorded: Recorded, terms: Sequence[KindTerm]) -> Select[Any]:
    """Build on which day each term of each person is over."""
    numbers = array([literal(number, Integer) for number in range(len(terms))])
    ends = array([recorded.last_day(term) for term in terms])
    return select(
        recorded.model.id,
        func.unnest(numbers).label("term"),
        (func.unnest(ends, type_=Date()) + 1).label("over_on"),
    )


def _ends_by_row(recorded: Recorded, terms: Sequence[KindTerm]) -> Select[Any]:
    """Build on which day the term of each row is over that has one of its own, with whose it is."""
    rows = select_ends().subquery()
    numbers = {use: number for number, term in enumerate(terms) for use in term.categories}
    number = case(numbers, value=rows.c.use).label("term")
    whose = rows.c.person_id == recorded.model.id
    return select(recorded.model.id, number, (rows.c.ends_on + 1).label("over_on")).join(rows, whose)


def _ending_of(found: Mapping[int | None, int], terms: Sequence[KindTerm]) -> Ending:
    of_terms = [(term, found[number]) for number, term in enumerate(terms) if number in found]
    return Ending(found[None], {category: number for term, number in of_terms for category in term.categories})
