"""The statements that count, by month, how many places of groups are taken and who waits for one.

Both are as they were at the end of the month, or as they are today. How many places a group has is what it has now.
"""

from datetime import date
from typing import Any

from sqlalchemy import CTE, ColumnElement, Date, Executable, and_, cast, func, or_, select

from portal.core.db.scope import current_school_id
from portal.courses.models import LearnerGroup
from portal.hours.figures.counts import end_of, may_count, months_of, trajectories_of
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.learners.waiting_list.models import WaitingEntry


def _last_day(months: CTE, day: date) -> ColumnElement[date]:
    return func.least(cast(end_of(months.c.month) - 1, Date), day, type_=Date())


def count_of_places(first: date, last: date, day: date) -> Executable:
    """Select by group and month how many places it has and how many of them are taken; groups that say so alone."""
    months = months_of(first, last)
    at, group = _last_day(months, day), LearnerGroup
    return (
        select(
            group.id.label("group_id"), group.course_id, months.c.month, group.capacity.label("places"),
            func.count(Enrolment.id).label("places_taken"),
        )
        .join(months, and_(group.starts_on <= at, group.lasts_until(at)))
        .outerjoin(
            Enrolment,
            and_(Enrolment.school_id == group.school_id, Enrolment.group_id == group.id, Enrolment.holds_on(at)),
        )
        .where(group.school_id == current_school_id(), group.capacity.is_not(None))
        .group_by(group.id, group.course_id, months.c.month, group.capacity)
    )  # fmt: skip


def count_of_waiting(first: date, last: date, day: date) -> Executable:
    """Select by month, course, client and route how many waited for a place, and how many days in all by then.

    Who waits for two courses counts for each.
    """
    months, entry = months_of(first, last), WaitingEntry
    at = _last_day(months, day)
    days: Any = at - entry.since_on
    waits = (
        select(entry.learner_id, entry.course_id, months.c.month, days.label("days"))
        .join(months, and_(entry.since_on <= at, or_(entry.ended_on.is_(None), entry.ended_on > at)))
        .join(Learner, and_(Learner.school_id == entry.school_id, Learner.id == entry.learner_id))
        .where(entry.school_id == current_school_id(), Learner.is_in_use, *may_count(entry.learner_id))
        .cte("waits")
    )
    people = select(waits.c.learner_id, waits.c.month).distinct().cte("people")
    hers = trajectories_of(people)
    return (
        select(
            waits.c.month, waits.c.course_id, hers.c.client, hers.c.route, func.count().label("waiting"),
            func.sum(waits.c.days).label("waiting_days"),
        )
        .join(hers, and_(hers.c.learner_id == waits.c.learner_id, hers.c.month == waits.c.month))
        .group_by(waits.c.month, waits.c.course_id, hers.c.client, hers.c.route)
    )  # fmt: skip
