"""Who is in a group: now, later, before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, Uuid, and_, bindparam, distinct, func, not_, select
from sqlalchemy.orm import aliased, joinedload

from portal.accounts.models import Account
from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import read, session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import Reach, Scope
from portal.courses.clashes.queries import Conditions, LearnersAtOnce, is_at_once
from portal.courses.groups.queries import GroupView, list_groups
from portal.courses.models import GroupTeacher, LearnerGroup, Lesson
from portal.courses.scope import parameters_of, reaches_group
from portal.learners.enrolments.models import EndReason, Enrolment
from portal.learners.record.models import Learner
from portal.learners.scope.queries import is_in_reach, reaches_learner
from portal.learners.trajectories.models import Trajectory
from portal.organisations.models import Organisation


@dataclass(frozen=True)
class EnrolledLine:
    """A learner's time in a group; the last day counts."""

    enrolment_id: UUID
    group_id: UUID
    learner_id: UUID
    name: str
    number: str
    sort_name: str
    starts_on: date
    ends_on: date | None
    end_reason: EndReason | None

    @property
    def state(self) -> str:
        """Whether it is now, later or over."""
        if self.ends_on is not None and self.ends_on < today():
            return "over"
        return "later" if self.starts_on > today() else "now"


MEMBER_ORDERS: Mapping[str, Callable[[EnrolledLine], Any]] = {
    "name": lambda line: line.sort_name,
    "number": lambda line: (len(line.number), line.number),
    "start": lambda line: line.starts_on,
    "end": lambda line: line.ends_on or date.max,
}
"""By what the list of a group is sorted."""


def list_enrolled(group: GroupView) -> Sequence[EnrolledLine]:
    """Return everybody who is, will be or was in a group that was opened, by name."""
    return _lines(Enrolment.group_id == group.id)


def list_running(learner_ids: Sequence[UUID], scope: Scope) -> Sequence[EnrolledLine]:
    """Return in which groups each of these learners within reach is or will be, by name."""
    running = select(LearnerGroup.id).where(
        LearnerGroup.school_id == current_school_id(), LearnerGroup.lasts_until(today()), reaches_group(scope)
    )
    return _lines(
        and_(
            Enrolment.learner_id.in_(learner_ids),
            Enrolment.lasts_until(today()),
            Enrolment.group_id.in_(running),
            reaches_learner(scope, Enrolment.learner_id),
        )
    )


def _lines(wanted: ColumnElement[bool]) -> list[EnrolledLine]:
    rows = session.execute(
        select(
            Enrolment.id.label("enrolment_id"), Enrolment.group_id, Enrolment.learner_id, Enrolment.starts_on,
            Enrolment.ends_on, Enrolment.end_reason, Learner.full_name.label("name"), Learner.number, Learner.sort_name,
        )
        .join(Learner, and_(Learner.school_id == Enrolment.school_id, Learner.id == Enrolment.learner_id))
        .where(Enrolment.school_id == current_school_id(), wanted)
        .order_by(Learner.sort_name, Learner.id, Enrolment.starts_on)
    )  # fmt: skip
    return [EnrolledLine(**row) for row in rows.mappings()]


def find_in_group(learner_ids: Sequence[UUID], group_id: UUID, day: date, scope: Scope) -> set[UUID]:
    """Return who of these learners within reach is in a group on a day, or will be after it."""
    wanted = select(Enrolment.learner_id).where(
        Enrolment.school_id == current_school_id(),
        Enrolment.learner_id.in_(learner_ids),
        Enrolment.group_id == group_id,
        Enrolment.lasts_until(day),
        reaches_learner(scope, Enrolment.learner_id),
    )
    return set(session.scalars(wanted))


def find_hindrances(learner_ids: Sequence[UUID], group_id: UUID, day: date, scope: Scope) -> dict[UUID, str]:
    """Return who of these learners within reach can't be put in a group from a day on, with a code that says why.

    That is who is in it already, and for whom more than one client pays: whose lessons these are is asked of each.
    """
    paid = (
        select(Trajectory.learner_id)
        .where(
            Trajectory.school_id == current_school_id(),
            Trajectory.learner_id.in_(learner_ids),
            reaches_learner(scope, Trajectory.learner_id),
            Trajectory.lasts_until(today()),
        )
        .group_by(Trajectory.learner_id)
        .having(func.count(distinct(Trajectory.client_id)) > 1)
    )
    hindered = dict.fromkeys(session.scalars(paid), "who_pays")
    return dict.fromkeys(find_in_group(learner_ids, group_id, day, scope), "in_group_already") | hindered


def get_enrolment(group_id: UUID, enrolment_id: UUID, scope: Scope) -> Enrolment:
    """Return an enrolment in a group, with its learner, who is within reach; raises NotFound."""
    row = session.get(Enrolment, (current_school_id(), enrolment_id), options=[joinedload(Enrolment.learner)])
    if row is None or row.group_id != group_id or not is_in_reach(row.learner_id, scope):
        raise NotFound("enrolment")
    return row


def list_other_groups(group_id: UUID | None, by: Actor) -> list[tuple[UUID, str]]:
    """Return the groups but this one that a person reaches, id and name: those that run, then those to come."""
    groups = sorted(list_groups(by), key=lambda group: group.starts_on > today())
    return [(group.id, group.name) for group in groups if group.id != group_id]


@dataclass(frozen=True)
class GroupLine:
    """A group that a learner is in, or will be: who teaches it today, and its next lesson."""

    group_id: UUID
    name: str
    starts_on: date
    ends_on: date | None
    teachers: tuple[str, ...]
    next_lesson_on: date | None
    is_open: bool
    """Whether who asks may open the group."""


def list_groups_of(learner_id: UUID, scope: Scope) -> Sequence[GroupLine]:
    """Return the groups that a learner within reach is in or will be, by name; one statement."""
    values = {"school": current_school_id(), "learner": learner_id, "day": today(), **parameters_of(scope)}
    rows = read(_groups_statement(scope.reach), values)
    return [
        GroupLine(
            group_id=row.id,
            name=row.name,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            teachers=tuple(sorted(row.teachers or ())),
            next_lesson_on=row.next_lesson_on,
            is_open=row.is_open,
        )
        for row in rows
    ]


@lru_cache(maxsize=len(Reach))
def _groups_statement(reach: Reach) -> Select[Any]:
    """Made once for each reach: building it takes longer than running it."""
    scope, day = Scope(reach), bindparam("day", type_=Date())
    teachers = (
        select(func.array_agg(distinct(Account.name)))
        .select_from(GroupTeacher)
        .join(Account, and_(Account.school_id == GroupTeacher.school_id, Account.id == GroupTeacher.account_id))
        .where(
            GroupTeacher.school_id == LearnerGroup.school_id,
            GroupTeacher.group_id == LearnerGroup.id,
            GroupTeacher.holds_on(day),
        )
        .correlate(LearnerGroup)
        .scalar_subquery()
    )
    next_lesson = (
        select(func.min(Lesson.held_on))
        .where(
            Lesson.school_id == LearnerGroup.school_id,
            Lesson.group_id == LearnerGroup.id,
            Lesson.held_on >= func.greatest(Enrolment.starts_on, day, type_=Date()),
            not_(Lesson.is_cancelled),
        )
        .correlate(LearnerGroup, Enrolment)
        .scalar_subquery()
    )
    return (
        select(
            LearnerGroup.id, LearnerGroup.name, Enrolment.starts_on, Enrolment.ends_on,
            teachers.label("teachers"), next_lesson.label("next_lesson_on"), reaches_group(scope).label("is_open"),
        )
        .join(LearnerGroup, and_(LearnerGroup.school_id == Enrolment.school_id, LearnerGroup.id == Enrolment.group_id))
        .where(
            Enrolment.school_id == bindparam("school", type_=Uuid()),
            Enrolment.learner_id == bindparam("learner", type_=Uuid()),
            reaches_learner(scope, Enrolment.learner_id),
            Enrolment.lasts_until(day),
            LearnerGroup.lasts_until(day),
        )
        .order_by(LearnerGroup.name, LearnerGroup.id)
    )  # fmt: skip


@dataclass(frozen=True)
class Payer:
    """A trajectory that goes on or is to come, and the client that pays for it."""

    trajectory_id: UUID
    client_id: UUID
    client: str
    starts_on: date


def list_payers(learner_id: UUID, scope: Scope) -> Sequence[Payer]:
    """Return who pays for a learner within reach from now on, the oldest trajectory first."""
    rows = session.execute(
        select(Trajectory.id, Organisation.id.label("client_id"), Organisation.name, Trajectory.starts_on)
        .join(
            Organisation,
            and_(Organisation.school_id == Trajectory.school_id, Organisation.id == Trajectory.client_id),
        )
        .where(
            Trajectory.school_id == current_school_id(),
            Trajectory.learner_id == learner_id,
            reaches_learner(scope, Trajectory.learner_id),
            Trajectory.lasts_until(today()),
        )
        .order_by(Trajectory.starts_on, Trajectory.id)
    )
    return [Payer(row.id, row.client_id, row.name, row.starts_on) for row in rows]


def learners_at_once(which: Conditions) -> LearnersAtOnce | None:
    """Return how many learners of lessons have another lesson at the same time, and the first such; None without one.

    `which` are conditions on `lesson`. Of lessons from today on; no learner is named.
    """
    other, also = aliased(Lesson), aliased(Enrolment)
    count = func.count(Enrolment.learner_id.distinct())
    row = session.execute(
        select(count, other.held_on, other.starts_at, other.ends_at, LearnerGroup.name)
        .select_from(Lesson)
        .join(other, and_(is_at_once(other), other.group_id != Lesson.group_id))
        .join(LearnerGroup, and_(LearnerGroup.school_id == other.school_id, LearnerGroup.id == other.group_id))
        .join(Enrolment, and_(Enrolment.school_id == Lesson.school_id, Enrolment.group_id == Lesson.group_id))
        .join(
            also,
            and_(
                also.school_id == other.school_id,
                also.group_id == other.group_id,
                also.learner_id == Enrolment.learner_id,
            ),
        )
        .where(*which, Enrolment.holds_on(Lesson.held_on), also.holds_on(other.held_on))
        .group_by(other.held_on, other.starts_at, other.ends_at, other.id, LearnerGroup.name)
        .order_by(other.held_on, other.starts_at, other.id)
        .limit(1)
    ).first()
    return LearnersAtOnce(*row) if row is not None else None
