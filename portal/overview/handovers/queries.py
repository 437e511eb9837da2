"""What somebody at the school has that another can take over, and what was handed over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.accounts.models import Account
from portal.accounts.queries import Member, get_member, list_members
from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.courses.models import LearnerGroup, Lesson
from portal.courses.teachers.queries import Taught, list_taken_over, list_taught
from portal.learners.caseloads.models import CoachSubstitute
from portal.learners.caseloads.queries import list_learners_from, list_stood_in
from portal.permissions import Permission, Role
from portal.progress.appointments.queries import count_appointments_of_coach
from portal.progress.evaluations.queries import count_unagreed_by_group
from portal.signals.queries import count_open_of_coach

_HAVE_WORK = frozenset({Role.TEACHER, Role.COACH})


@dataclass(frozen=True)
class Work:
    """What somebody has from today on, as far as whoever asks may give it to another.

    `evaluations` wait for her by group; `signals` and `appointments` are of her learners and go along with them.
    """

    member: Member
    taught: Sequence[Taught] = ()
    lessons: Sequence[Lesson] = ()
    learners: int = 0
    stood_in: Sequence[CoachSubstitute] = ()
    evaluations: Mapping[UUID, int] = field(default_factory=dict)
    signals: int = 0
    appointments: int = 0


@dataclass(frozen=True)
class Done:
    """One thing that was handed over: what kind, of what by name, how many, and to whom by name ("" is to nobody)."""

    kind: str
    name: str
    count: int
    to: str


def list_colleagues() -> list[Member]:
    """Return who teaches or coaches at the school, by name."""
    return [member for member in list_members() if _HAVE_WORK & set(member.roles)]


def get_work(account_id: UUID, by: Actor) -> Work:
    """Return what a member of staff has that whoever asks may give to another; raises NotFound."""
    member = get_member(account_id, by.scope)
    taught = list_taught(account_id, by.scope, since=today())
    evaluations: Mapping[UUID, int] = {}
    if by.may(Permission.PROGRESS_VIEW):
        evaluations = count_unagreed_by_group([row.group_id for row in taught], by.scope)
    coaches = by.may(Permission.CASELOAD_KEEP)
    return Work(
        member=member,
        taught=taught,
        lessons=list_taken_over(account_id, by.scope, since=today()),
        learners=len(list_learners_from(account_id, by.scope, on=today())) if coaches else 0,
        stood_in=list_stood_in(account_id, by.scope) if coaches else (),
        evaluations=evaluations,
        signals=count_open_of_coach(account_id, by.scope) if by.may(Permission.SIGNAL_VIEW) else 0,
        appointments=count_appointments_of_coach(account_id, by.scope) if coaches else 0,
    )


def list_done(entry_id: UUID, account_id: UUID, scope: Scope) -> list[Done]:
    """Return what somebody handed over at once, as the audit has it; raises NotFound."""
    scope.must_reach_school("handover")
    entry = session.get(AuditEvent, (current_school_id(), entry_id))
    if entry is None or entry.event != "overview.handed_over" or entry.subject_id != account_id:
        raise NotFound("handover")
    lines = entry.facts["done"]
    accounts = _names(Account, [line[key] for line in lines for key in ("to", "of")])
    groups = _names(LearnerGroup, [line["of"] for line in lines])
    return [
        Done(
            kind=line["kind"],
            name=groups.get(line["of"]) or accounts.get(line["of"], ""),
            count=line["count"],
            to=accounts.get(line["to"], ""),
        )
        for line in lines
    ]


def _names(table: Any, ids: Sequence[str]) -> dict[str, str]:
    wanted = {UUID(each) for each in ids if each}
    rows = session.execute(
        select(table.id, table.name).where(table.school_id == current_school_id(), table.id.in_(wanted))
    )
    return {str(row.id): row.name for row in rows}
