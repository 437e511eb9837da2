"""The lessons that somebody's calendar shows: those she gives, and those she follows."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.accounts.calendar_feeds.queries import Holder
from portal.attendance.open_registers.queries import RegisterState, list_lessons_between
from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.courses.lessons.queries import LessonView
from portal.hours.queries import list_lessons_of_learner
from portal.learners.record.models import Learner
from portal.permissions import Permission, Role

_BACK, _AHEAD = timedelta(weeks=4), timedelta(weeks=26)


def list_given(holder: Holder) -> list[RegisterState]:
    """Return the lessons that she gives or that another gives for her, by time; none for who teaches nothing."""
    actor = actor_of(holder.account_id, holder.name, holder.roles)
    if not actor.may(Permission.WEEK_OWN):
        return []
    return list_lessons_between(actor, today() - _BACK, today() + _AHEAD, own=True)


def list_followed(holder: Holder) -> list[LessonView]:
    """Return the lessons that she follows as a learner, by time; none for who is no learner with access."""
    learner_id = _own_record(holder.account_id) if Role.LEARNER.value in holder.roles else None
    if learner_id is None:
        return []
    actor = actor_of(holder.account_id, holder.name, holder.roles, learner_id=learner_id)
    found = list_lessons_of_learner(learner_id, actor.own, first=today() - _BACK, last=today() + _AHEAD)
    return [each.lesson for each in reversed(found)]


def _own_record(account_id: UUID) -> UUID | None:
    return session.scalar(
        select(Learner.id).where(
            Learner.school_id == current_school_id(), Learner.account_id == account_id, Learner.is_in_use
        )
    )
