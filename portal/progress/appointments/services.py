"""Telling learners and who coaches them of appointments: that one is made, moved or cancelled, and the day before."""

from collections.abc import Collection

from portal.core.clock import now
from portal.core.http.access import Actor
from portal.learners.caseloads.queries import list_coach_ids
from portal.learners.entries.followers import EntryChange
from portal.learners.notifications.services import notify_learners
from portal.notifications.models import NotificationKind
from portal.notifications.services import Told, forget, notify
from portal.progress.appointments.models import Appointment
from portal.progress.appointments.queries import list_tomorrows

_SAID = frozenset({"appointment.starts_at", "appointment.with_whom", "appointment.place"})
"""What of an appointment is told when it changes."""


def remind_of_appointments(*, by: Actor) -> int:
    """Tell whom tomorrow's appointments concern, once a day; return how many appointments. Safe to repeat."""
    coming = list_tomorrows()
    for appointment in coming:
        _tell(NotificationKind.APPOINTMENT_NEAR, appointment, by)
    return len(coming)


def follow_entry(row: object, change: EntryChange, fields: Collection[str], by: Actor) -> None:
    """Tell that an appointment to come was made, is at another time or place, or is cancelled."""
    if not isinstance(row, Appointment):
        return
    kind = NotificationKind.APPOINTMENT_CHANGED
    if change is EntryChange.REMOVED:
        kind = NotificationKind.APPOINTMENT_CANCELLED
        forget(NotificationKind.APPOINTMENT_NEAR, [row])
        forget(NotificationKind.APPOINTMENT_CHANGED, [row])
    if row.starts_at > now() and (change is not EntryChange.CHANGED or _SAID & set(fields)):
        _tell(kind, row, by)


def _tell(kind: NotificationKind, appointment: Appointment, by: Actor) -> None:
    learner_id = appointment.learner_id
    notify_learners(kind, {learner_id: appointment.id}, category="appointment", by=by)
    coaches = list_coach_ids([learner_id], by.scope).get(learner_id, [])
    notify(kind, [Told(each, appointment.id, learner_id=learner_id) for each in coaches], by=by)
