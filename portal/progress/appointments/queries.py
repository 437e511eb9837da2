"""Reads of appointments: a learner's own, those with the learners of a coach, and those that are tomorrow."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, exists, func, not_, or_, select

from portal.core.clock import now, start_of, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.learners.caseloads.models import Coaching
from portal.learners.caseloads.queries import coached_by
from portal.learners.scope.queries import reaches_learner
from portal.notifications.models import Notification, NotificationKind
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.progress.appointments.models import Appointment

_CATEGORY = "appointment"
_DAY = timedelta(days=1)
_KINDS = frozenset({NotificationKind.APPOINTMENT_NEAR, NotificationKind.APPOINTMENT_CHANGED})


def _are_seen(scope: Scope) -> bool:
    """Say whether the school keeps appointments, and this scope shows them."""
    return current_policy().allows("appointment.starts_at") and _CATEGORY in scope.sees


def _between(first: datetime, last: datetime) -> Select[Appointment]:
    """Select the appointments from one moment until before another, in order."""
    return (
        select(Appointment)
        .where(
            Appointment.school_id == current_school_id(), Appointment.starts_at >= first, Appointment.starts_at < last
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )


def list_own_appointments(scope: Scope, *, first: datetime, last: datetime) -> Sequence[Appointment]:
    """Return the appointments of the learner of this scope from one moment until another, in order."""
    if not _are_seen(scope):
        return ()
    hers = Appointment.learner_id == scope.get_own_learner_id()
    return session.scalars(_between(first, last).where(hers)).all()


def find_next_appointment(scope: Scope, *, within: timedelta) -> Appointment | None:
    """Return the next appointment of the learner of this scope, where there is one so soon."""
    found = list_own_appointments(scope, first=now(), last=now() + within)
    return found[0] if found else None


def list_coached_appointments(by: Actor, *, first: datetime, last: datetime) -> Sequence[Appointment]:
    """Return the appointments with learners whom somebody coaches today, or for whose coach she stands in, in order."""
    if not by.may(Permission.CASELOAD_OWN) or not _are_seen(by.scope):
        return ()
    is_hers = exists().where(
        Coaching.school_id == Appointment.school_id,
        Coaching.learner_id == Appointment.learner_id,
        coached_by(by.account_id, today()),
    )
    reached = reaches_learner(by.scope, Appointment.learner_id)
    return session.scalars(_between(first, last).where(is_hers, reached)).all()


def count_appointments_of_coach(account_id: UUID, scope: Scope) -> int:
    """Return how many appointments to come there are with the learners whom somebody coaches today or later."""
    if not _are_seen(scope):
        return 0
    is_hers = exists().where(
        Coaching.school_id == Appointment.school_id,
        Coaching.learner_id == Appointment.learner_id,
        Coaching.account_id == account_id,
        Coaching.lasts_until(today()),
    )
    coming = (
        select(func.count())
        .select_from(Appointment)
        .where(Appointment.school_id == current_school_id(), Appointment.starts_at >= now(), is_hers)
    )
    return session.scalar(coming.where(reaches_learner(scope, Appointment.learner_id))) or 0


def list_notified_appointments(notifications: Sequence[Notification], by: Actor) -> dict[UUID, Appointment]:
    """Return the appointments that notifications are about, as far as their reader may see them, by id."""
    ids = [each.target_id for each in notifications if each.kind in _KINDS]
    if not ids or not _are_seen(by.scope):
        return {}
    reached = or_(reaches_learner(by.scope, Appointment.learner_id), Appointment.learner_id == by.learner_id)
    wanted = select(Appointment).where(Appointment.school_id == current_school_id(), Appointment.id.in_(ids), reached)
    return {each.id: each for each in session.scalars(wanted)}


def list_tomorrows() -> Sequence[Appointment]:
    """Return the appointments of tomorrow of which nobody was reminded today, in order."""
    was_told = exists().where(
        Notification.school_id == Appointment.school_id,
        Notification.target_id == Appointment.id,
        Notification.kind == NotificationKind.APPOINTMENT_NEAR,
        Notification.happened_at >= start_of(today()),
    )
    coming = _between(start_of(today() + _DAY), start_of(today() + 2 * _DAY))
    return session.scalars(coming.where(not_(was_told))).all()
