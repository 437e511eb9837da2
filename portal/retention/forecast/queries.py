"""Counts of people whose terms end, by month and category; nobody is named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, case, cast, func, literal, null, or_, select, tuple_
from sqlalchemy.dialects.postgresql import array

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.core.personal_data import PersonKind
from portal.policy.queries import current_policy
from portal.retention.ends.anchors import Recorded, recorded_of
from portal.retention.ends.queries import gone_until
from portal.retention.ends.terms import KindTerm, keep_until_in_sql, terms_of_kind
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


def count_endings(kind: PersonKind, day: date, scope: Scope, *, until: date) -> Forecast:
    """Return who of a kind is past a term on this day, and whose term ends from then on, before `until`.

    Nobody who is followed, acts or works here on this day counts: her days aren't known yet. A month is that in which
    something goes, so the one after a term that ends on a month's last day. What a hold keeps on this day goes once
    that is over, where that is known; past its term it counts there all the same.
    """
    scope.must_reach_school(kind.value)
    recorded, terms = recorded_of(kind), terms_of_kind(current_policy(), kind)
    everybody = select(func.count()).where(recorded.model.school_id == current_school_id(), recorded.is_one)
    people = session.execute(everybody).scalar_one()
    if not terms:
        return Forecast(people, NOBODY, {})
    counted: dict[date | None, dict[int | None, int]] = {}
    for month, term, number in session.execute(_by_month(recorded, kind, day, until)).all():
        counted.setdefault(month, {})[term] = number
    endings = {month: _ending_of(found, terms) for month, found in counted.items()}
    months = sorted(month for month in endings if month is not None)
    return Forecast(people, endings.get(None, NOBODY), {month: endings[month] for month in months})


def _by_month(recorded: Recorded, kind: PersonKind, day: date, until: date) -> Any:
    """Count people by month and term, and by month alone; no month is what is past its term already."""
    ends = [keep_until_in_sql(term.stages, recorded.anchors) for term in terms_of_kind(current_policy(), kind)]
    rows = (
        select(
            recorded.model.id,
            func.unnest(array([literal(number, Integer) for number in range(len(ends))])).label("term"),
            (func.unnest(array(ends), type_=Date()) + 1).label("over_on"),
            gone_until(kind).label("gone_until"),
            held_until(kind, day).label("held_until"),
        )
        .where(recorded.model.school_id == current_school_id(), recorded.is_one, ~recorded.is_running(day))
        .subquery()
    )
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


def _ending_of(found: Mapping[int | None, int], terms: Sequence[KindTerm]) -> Ending:
    of_terms = [(term, found[number]) for number, term in enumerate(terms) if number in found]
    return Ending(found[None], {category: number for term, number in of_terms for category in term.categories})
