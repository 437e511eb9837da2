"""What somebody's calendar shows: lessons that she gives or follows, appointments as a coach or a learner."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.accounts.calendar_feeds.queries import Holder
from portal.attendance.open_registers.queries import RegisterState, list_lessons_between
from portal.core.clock import start_of, today
from portal.core.db.scope import current_school_id, revealed
from portal.core.db.session import session
from portal.courses.lessons.queries import LessonView
from portal.hours.queries import list_lessons_of_learner
from portal.learners.record.models import Learner
from portal.permissions import Permission, Role
from portal.progress.appointments.models import Appointment
from portal.progress.appointments.queries import list_coached_appointments, list_own_appointments

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
    with revealed(learner_id):
        found = list_lessons_of_learner(learner_id, actor.own, first=today() - _BACK, last=today() + _AHEAD)
    return [each.lesson for each in reversed(found)]


def list_appointments(holder: Holder) -> tuple[Sequence[Appointment], Sequence[Appointment]]:
    """Return the appointments with learners whom she coaches, and her own as a learner; each by time."""
    first, last = start_of(today() - _BACK), start_of(today() + _AHEAD)
    actor = actor_of(holder.account_id, holder.name, holder.roles)
    coached = list_coached_appointments(actor, first=first, last=last)
    learner_id = _own_record(holder.account_id) if Role.LEARNER.value in holder.roles else None
    if learner_id is None:
        return coached, ()
    own = actor_of(holder.account_id, holder.name, holder.roles, learner_id=learner_id).own
    with revealed(learner_id):
        return coached, list_own_appointments(own, first=first, last=last)


def _own_record(account_id: UUID) -> UUID | None:
    """Return the record that is somebody's own: her calendar shows it to her, whatever she restricted."""
    hers = select(Learner.id).where(
        Learner.school_id == current_school_id(), Learner.account_id == account_id, Learner.is_in_use
    )
    with revealed():
        return session.scalar(hers)
