"""Places of groups: how many are taken, and how many will be at most."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.courses.models import LearnerGroup
from portal.learners.enrolments.models import Enrolment


def count_places_taken(group_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """Return of each of these groups how many learners are in it today, or on its first day if that is to come.

    Groups in which nobody is are left out. It names no learner, and whoever asks has opened the groups.
    """
    if not group_ids:
        return {}
    rows = session.execute(
        select(Enrolment.group_id, func.count())
        .join(LearnerGroup, and_(LearnerGroup.school_id == Enrolment.school_id, LearnerGroup.id == Enrolment.group_id))
        .where(
            Enrolment.school_id == current_school_id(),
            Enrolment.group_id.in_(group_ids),
            Enrolment.holds_on(func.greatest(today(), LearnerGroup.starts_on)),
        )
        .group_by(Enrolment.group_id)
    )
    return {row[0]: row[1] for row in rows}


def count_most_taken(group_id: UUID, since: date) -> int:
    """Return how many learners at most are in a group on one day, from this day on.

    It grows only on a day on which somebody begins, so those days and the first are all that is looked at.
    """
    there, begins = aliased(Enrolment), aliased(Enrolment)
    school = current_school_id()
    days = (
        select(func.greatest(begins.starts_on, since).label("day"))
        .where(begins.school_id == school, begins.group_id == group_id, begins.lasts_until(since))
        .distinct()
        .subquery()
    )
    by_day = (
        select(func.count().label("count"))
        .select_from(days)
        .join(there, and_(there.school_id == school, there.group_id == group_id, there.holds_on(days.c.day)))
        .group_by(days.c.day)
        .subquery()
    )
    return session.scalar(select(func.max(by_day.c.count))) or 0
