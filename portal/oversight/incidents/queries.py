"""Reads of incidents: the register, what the officer advised, and what is counted; `touched` has the people."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from portal.core.clock import now
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.scope import Scope
from portal.oversight.incidents.models import WITHIN, Incident, IncidentAdvice, IncidentPerson


def list_incidents() -> Sequence[Incident]:
    """Return the incidents, the newest first."""
    row = Incident
    return session.scalars(
        select(row).where(row.school_id == current_school_id()).order_by(row.aware_at.desc(), row.id.desc())
    ).all()


def get_incident(incident_id: UUID, scope: Scope, *, lock: bool = False) -> Incident:
    """Return an incident; raises NotFound, also for a scope that doesn't reach the whole school."""
    scope.must_reach_school("incident")
    row = session.get(Incident, (current_school_id(), incident_id), with_for_update=lock or None)
    if row is None:
        raise NotFound("incident")
    return row


def find_of_hosting(reference: str) -> Incident | None:
    """Return the incident that the hosting opened here under this name."""
    row = Incident
    return session.scalar(select(row).where(row.school_id == current_school_id(), row.hosting_reference == reference))


def list_advice(incident_id: UUID, scope: Scope) -> Sequence[IncidentAdvice]:
    """Return what the officer advised, the oldest first."""
    scope.must_reach_school("incident")
    row = IncidentAdvice
    return session.scalars(
        select(row)
        .where(row.school_id == current_school_id(), row.incident_id == incident_id)
        .order_by(row.written_at, row.id)
    ).all()


def count_open() -> int:
    """Return how many incidents wait for the decision whether the authority is told."""
    row = Incident
    wanted = select(func.count()).where(row.school_id == current_school_id(), row.is_reported.is_(None))
    return session.scalar(wanted) or 0


def count_reported_in_time() -> tuple[int, int]:
    """Return how many incidents were reported, or decided not to be, within 72 hours of awareness, and of how many.

    Those count that were decided on, and those of which nothing was decided while the 72 hours went by. The hours
    count from the earliest awareness that was written down.
    """
    row = Incident
    overdue = and_(row.is_reported.is_(None), row.first_aware_at < now() - WITHIN)
    counted = row.school_id == current_school_id(), or_(row.is_reported.is_not(None), overdue)
    in_time = func.coalesce(row.reported_at, row.decided_at) <= row.first_aware_at + WITHIN
    found = session.execute(select(func.count().filter(in_time), func.count()).where(*counted)).one()
    return found[0], found[1]


def count_told_people() -> tuple[int, int]:
    """Return how many of whom the school decided to tell that an incident touched them were told, and of how many.

    Of every kind of person, each once for each incident (AVG art. 34).
    """
    row, incident = IncidentPerson, Incident
    to_tell = select(incident.id).where(incident.school_id == current_school_id(), incident.is_told.is_(True))
    counts = select(func.count().filter(row.told_at.is_not(None)), func.count())
    found = session.execute(counts.where(row.school_id == current_school_id(), row.incident_id.in_(to_tell))).one()
    return found[0], found[1]
