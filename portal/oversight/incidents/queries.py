"""Reads of incidents: the register, one with whom it touched, whom the audit proposes, and how many were in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from portal.core.audit import AuditEvent
from portal.core.clock import now
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.scope import Scope
from portal.learners.record.models import Learner
from portal.learners.scope.queries import names_of_learners, reaches_learner
from portal.oversight.incidents.models import WITHIN, Incident, IncidentAdvice, IncidentPerson, ToldWay

MOST_PROPOSED = 200


@dataclass(frozen=True)
class Touched:
    """A learner whom an incident touched: how she is reached, and when and how she was told."""

    learner_id: UUID
    name: str
    email: str | None
    language: str | None
    account_id: UUID | None
    told_at: datetime | None
    way: ToldWay | None


@dataclass(frozen=True)
class Proposed:
    """A learner of whom the audit says that somebody looked or took something out: how often, and who."""

    learner_id: UUID
    name: str
    times: int
    by: tuple[str, ...]


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


def list_touched(incident_id: UUID, scope: Scope) -> list[Touched]:
    """Return the learners whom an incident touched, by name."""
    person = IncidentPerson
    rows = session.execute(
        select(
            Learner.id, Learner.full_name, Learner.email, Learner.preferred_language, Learner.account_id,
            person.told_at, person.way,
        )
        .join(person, and_(person.school_id == Learner.school_id, person.learner_id == Learner.id))
        .where(person.school_id == current_school_id(), person.incident_id == incident_id, reaches_learner(scope))
        .order_by(Learner.family_name, Learner.given_name, Learner.id)
    )  # fmt: skip
    return [
        Touched(
            learner_id=row.id,
            name=row.full_name,
            email=row.email,
            language=row.preferred_language,
            account_id=row.account_id,
            told_at=row.told_at,
            way=row.way,
        )
        for row in rows
    ]


def list_advice(incident_id: UUID, scope: Scope) -> Sequence[IncidentAdvice]:
    """Return what the officer advised, the oldest first."""
    scope.must_reach_school("incident")
    row = IncidentAdvice
    return session.scalars(
        select(row)
        .where(row.school_id == current_school_id(), row.incident_id == incident_id)
        .order_by(row.written_at, row.id)
    ).all()


def propose_touched(
    incident_id: UUID, since: datetime, until: datetime, *, actor_id: UUID | None, scope: Scope
) -> list[Proposed]:
    """Return whose data staff looked at, changed or took out between two moments, by the audit; who is in is left out.

    With `actor_id` what one account did, who may have been somebody else behind her password.
    """
    entry, person = AuditEvent, IncidentPerson
    about = func.unnest(entry.learner_ids).label("learner_id")
    within = select(about, entry.actor_name).where(
        entry.school_id == current_school_id(), entry.at >= since, entry.at < until, entry.actor_kind == "staff"
    )
    if actor_id is not None:
        within = within.where(entry.actor_id == actor_id)
    seen = within.subquery()
    known = select(person.learner_id).where(person.school_id == current_school_id(), person.incident_id == incident_id)
    rows = session.execute(
        select(
            seen.c.learner_id,
            func.count().label("times"),
            func.array_agg(func.distinct(seen.c.actor_name)).label("by"),
        )
        .where(seen.c.learner_id.not_in(known))
        .group_by(seen.c.learner_id)
        .order_by(func.count().desc(), seen.c.learner_id)
        .limit(MOST_PROPOSED)
    ).all()
    names = names_of_learners([row.learner_id for row in rows], scope)
    return [
        Proposed(
            learner_id=row.learner_id,
            name=names[row.learner_id],
            times=row.times,
            by=tuple(sorted(name for name in row.by if name)),
        )
        for row in rows
        if row.learner_id in names
    ]


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
