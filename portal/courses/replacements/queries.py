"""Which lessons a teacher gives in some days, by group, and what was arranged for when she is away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, exists, func, not_, or_, select
from sqlalchemy.orm import aliased

from portal.accounts.models import Account
from portal.core.audit import AuditEvent
from portal.core.clock import now, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.scope import Scope
from portal.courses.clashes.queries import gives
from portal.courses.models import GroupTeacher, LearnerGroup, Lesson
from portal.courses.scope import reaches_group, reaches_lesson

_LONGEST = timedelta(days=2 * 366)
"""How long ago at most something was arranged that still lasts: a year ahead, for a year."""


@dataclass
class GivenGroup:
    """A group to which a teacher gives lessons in some days: those lessons, and which of them she takes over."""

    id: UUID
    name: str
    lesson_ids: list[UUID]
    taken_over: list[Lesson]


class StandIn(NamedTuple):
    """That another stands in at a group of hers for some days, by name."""

    group_id: UUID
    group: str
    substitute: str
    first: date
    last: date


@dataclass(frozen=True)
class Replaced:
    """What was arranged at once: by whom she is replaced, when, and in which groups by name."""

    entry_id: UUID
    substitute: str
    first: date
    last: date
    groups: Sequence[str]

    def tells(self, other: StandIn) -> bool:
        """Return whether this says already that the other stands in at a group on those days."""
        days = (other.first, other.last) == (self.first, self.last)
        return days and other.substitute == self.substitute and other.group in self.groups


def list_given(account_id: UUID, scope: Scope, *, first: date, last: date) -> list[GivenGroup]:
    """Return the groups within reach to which somebody gives lessons from a day until a day, by name.

    Without the lessons at which another stands in for her already.
    """
    another = exists().where(
        GroupTeacher.school_id == Lesson.school_id,
        GroupTeacher.group_id == Lesson.group_id,
        GroupTeacher.account_id != account_id,
        GroupTeacher.is_substitute,
        GroupTeacher.holds_on(Lesson.held_on),
    )
    rows = session.execute(
        select(Lesson, LearnerGroup.name)
        .join(LearnerGroup, and_(LearnerGroup.school_id == Lesson.school_id, LearnerGroup.id == Lesson.group_id))
        .join(Account, and_(Account.school_id == Lesson.school_id, gives(Lesson)))
        .where(
            Account.id == account_id,
            Lesson.held_on.between(first, last),
            not_(Lesson.is_cancelled),
            or_(Lesson.substitute_id == account_id, not_(another)),
            reaches_lesson(scope),
        )
        .order_by(LearnerGroup.name, Lesson.held_on, Lesson.starts_at, Lesson.id)
    )
    found: dict[UUID, GivenGroup] = {}
    for lesson, name in rows:
        group = found.setdefault(lesson.group_id, GivenGroup(lesson.group_id, name, [], []))
        group.lesson_ids.append(lesson.id)
        if lesson.substitute_id == account_id:
            group.taken_over.append(lesson)
    return list(found.values())


def list_stand_ins(account_id: UUID, scope: Scope, *, first: date, last: date) -> Sequence[StandIn]:
    """Return who stands in at groups within reach that somebody teaches, from a day until a day, by group and day."""
    hers, other, group = aliased(GroupTeacher), GroupTeacher, LearnerGroup
    rows = session.execute(
        select(other.group_id, group.name, Account.name, other.starts_on, func.coalesce(other.ends_on, date.max))
        .join(group, and_(group.school_id == other.school_id, group.id == other.group_id))
        .join(Account, and_(Account.school_id == other.school_id, Account.id == other.account_id))
        .where(
            other.account_id != account_id,
            other.is_substitute,
            other.starts_on <= last,
            other.lasts_until(first),
            exists().where(
                hers.school_id == other.school_id, hers.group_id == other.group_id, hers.account_id == account_id,
                hers.starts_on <= last, hers.lasts_until(first),
            ),
            reaches_group(scope),
        )
        .order_by(group.name, other.starts_on, other.id)
    )  # fmt: skip
    return [StandIn(*row) for row in rows]


def list_teaching_rows(
    group_id: UUID, account_id: UUID, scope: Scope, *, first: date, last: date
) -> Sequence[GroupTeacher]:
    """Return that somebody teaches a group within reach on any day from one until another, in order."""
    return session.scalars(
        select(GroupTeacher)
        .join(GroupTeacher.group)
        .where(
            GroupTeacher.group_id == group_id,
            GroupTeacher.account_id == account_id,
            GroupTeacher.starts_on <= last,
            GroupTeacher.lasts_until(first),
            reaches_group(scope),
        )
        .order_by(GroupTeacher.starts_on, GroupTeacher.id)
    ).all()


def get_replacement(entry_id: UUID, account_id: UUID, scope: Scope) -> AuditEvent:
    """Return what was arranged at once for when somebody is away, as the audit has it; raises NotFound."""
    scope.must_reach_school("replacement")
    entry = session.get(AuditEvent, (current_school_id(), entry_id))
    if entry is None or entry.event != "courses.teacher_replaced" or entry.subject_id != account_id:
        raise NotFound("replacement")
    return entry


def list_replacements(account_id: UUID, scope: Scope) -> list[AuditEvent]:
    """Return what was arranged at once for somebody and still lasts, the newest first, but for what was taken back."""
    scope.must_reach_school("replacement")
    entries = session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.school_id == current_school_id(),
            AuditEvent.subject_id == account_id,
            AuditEvent.event.in_(("courses.teacher_replaced", "courses.replacement_taken_back")),
            AuditEvent.at >= now() - _LONGEST,
        )
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
    ).all()
    taken_back = {entry.facts["of"] for entry in entries if entry.event == "courses.replacement_taken_back"}
    return [
        entry
        for entry in entries
        if entry.event == "courses.teacher_replaced"
        and str(entry.id) not in taken_back
        and date.fromisoformat(entry.facts["until"]) >= today()
    ]


def describe_replacement(entry: AuditEvent) -> Replaced:
    """Return what was arranged, with the names that it has now."""
    facts = entry.facts
    group_ids = [UUID(each) for each in facts["groups"]]
    names = session.scalars(
        select(LearnerGroup.name)
        .where(LearnerGroup.school_id == current_school_id(), LearnerGroup.id.in_(group_ids))
        .order_by(LearnerGroup.name)
    ).all()
    substitute = session.scalar(
        select(Account.name).where(Account.school_id == current_school_id(), Account.id == UUID(facts["to"]))
    )
    return Replaced(
        entry_id=entry.id,
        substitute=substitute or "",
        first=date.fromisoformat(facts["from"]),
        last=date.fromisoformat(facts["until"]),
        groups=names,
    )
