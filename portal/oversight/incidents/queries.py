"""Reads of incidents: the register, one with whom it touched, whom the audit proposes, and how many were in time."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from portal.accounts.models import Account
from portal.core.audit import AuditEvent
from portal.core.clock import now
from portal.core.db.scope import current_school_id, hidden_learners, revealed
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.scope import Scope
from portal.learners.record.ages import is_child
from portal.learners.record.models import Learner
from portal.learners.scope.queries import names_of_learners, reaches_learner
from portal.oversight.incidents.models import WITHIN, Incident, IncidentAdvice, IncidentPerson, ToldWay
from portal.representation.queries import list_told_for

MOST_PROPOSED = 200


@dataclass(frozen=True)
class Reader:
    """Who is told: the learner herself, or who acts for her; `name` is None where a child has nobody on record."""

    name: str | None
    email: str | None
    language: str | None
    account_id: UUID | None
    is_herself: bool


@dataclass(frozen=True)
class Touched:
    """A learner whom an incident touched, who is told of it, and when and how that was done.

    `is_restricted`: she restricted all of hers. She counts and is told; staff see her name on a recorded ground alone.
    """

    learner_id: UUID
    name: str
    given_name: str
    is_restricted: bool
    readers: tuple[Reader, ...]
    told_at: datetime | None
    way: ToldWay | None

    @property
    def is_mailed(self) -> bool:
        """Say whether a mail reaches somebody who is told."""
        return any(each.email for each in self.readers)

    @property
    def others(self) -> tuple[str, ...]:
        """The names of who is told besides her, or in her place."""
        return tuple(each.name for each in self.readers if each.name and not each.is_herself)


@dataclass(frozen=True)
class Proposed:
    """A learner of whom the audit says that somebody looked or took something out: how often, and who.

    `by` has the names of staff, and for others what kind of actor it was.
    """

    learner_id: UUID
    name: str
    is_restricted: bool
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


def everybody_touched() -> AbstractContextManager[None]:
    """See also who restricted her data, within a block: an incident touched her all the same, and she is told of it."""
    return revealed(*hidden_learners("dealings"))


def list_touched(incident_id: UUID, scope: Scope) -> list[Touched]:
    """Return the learners whom an incident touched, by name; those who restricted their data last."""
    incident, person, hidden = get_incident(incident_id, scope), IncidentPerson, hidden_learners()
    account = and_(Account.school_id == Learner.school_id, Account.id == Learner.account_id, Account.is_in_force)
    with everybody_touched():
        rows = session.execute(
            select(
                Learner.id, Learner.full_name, Learner.given_name, Learner.birth_date, Learner.preferred_language,
                Learner.account_id, func.coalesce(Learner.email, Account.email).label("email"),
                person.told_at, person.way,
            )
            .join(person, and_(person.school_id == Learner.school_id, person.learner_id == Learner.id))
            .outerjoin(Account, account)
            .where(person.school_id == current_school_id(), person.incident_id == incident_id, reaches_learner(scope))
            .order_by(Learner.family_name, Learner.given_name, Learner.id)
        ).all()  # fmt: skip
        acting = _acting([row.id for row in rows], incident, scope)
    found = [
        Touched(
            learner_id=row.id,
            name=row.full_name,
            given_name=row.given_name,
            is_restricted=row.id in hidden,
            readers=_readers(row, acting.get(row.id, ())),
            told_at=row.told_at,
            way=row.way,
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: each.is_restricted)


def _acting(learner_ids: Sequence[UUID], incident: Incident, scope: Scope) -> dict[UUID, tuple[Reader, ...]]:
    found: dict[UUID, tuple[Reader, ...]] = {}
    for each in list_told_for(learner_ids, incident.categories, scope) if learner_ids else ():
        reader = Reader(each.name, each.email, each.language, each.account_id, is_herself=False)
        found[each.learner_id] = (*found.get(each.learner_id, ()), reader)
    return found


def _readers(learner: Any, acting: tuple[Reader, ...]) -> tuple[Reader, ...]:
    """Return who is told: of a child under 16 who acts for her, and never she herself (LB-11)."""
    if is_child(learner.birth_date):
        return acting or (Reader(None, None, learner.preferred_language, None, is_herself=False),)
    herself = Reader(learner.full_name, learner.email, learner.preferred_language, learner.account_id, is_herself=True)
    return (herself, *acting)


def find_by_number(number: str, scope: Scope) -> UUID | None:
    """Return the learner with exactly this number who restricted her data, and so stands in no list; None for none."""
    scope.must_reach_school("incident")
    hidden = hidden_learners()
    if not hidden:
        return None
    wanted = select(Learner.id).where(Learner.school_id == current_school_id(), Learner.number == number)
    with everybody_touched():
        return session.scalar(wanted.where(Learner.id.in_(hidden)))


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
    incident_id: UUID, since: datetime, until: datetime, *, actor: UUID | str | None, scope: Scope
) -> list[Proposed]:
    """Return whose data was looked at, changed or taken out between two moments, by the audit; who is in is left out.

    With `actor` what one account did, who may have been somebody else behind her password, or one kind of actor.
    """
    entry, person = AuditEvent, IncidentPerson
    about = func.unnest(entry.learner_ids).label("learner_id")
    within = select(about, func.coalesce(entry.actor_name, entry.actor_kind).label("actor")).where(
        entry.school_id == current_school_id(), entry.at >= since, entry.at < until
    )
    if actor is not None:
        within = within.where((entry.actor_id if isinstance(actor, UUID) else entry.actor_kind) == actor)
    seen = within.subquery()
    known = select(person.learner_id).where(person.school_id == current_school_id(), person.incident_id == incident_id)
    hidden = hidden_learners()
    with everybody_touched():
        rows = session.execute(
            select(
                seen.c.learner_id,
                func.count().label("times"),
                func.array_agg(func.distinct(seen.c.actor)).label("by"),
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
            is_restricted=row.learner_id in hidden,
            times=row.times,
            by=tuple(sorted(row.by)),
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
