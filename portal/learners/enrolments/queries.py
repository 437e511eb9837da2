"""Who is in a group: now, later, before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Date, and_, distinct, func, not_, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Account
from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.scope import Scope
from portal.courses.groups.queries import GroupView
from portal.courses.models import GroupTeacher, LearnerGroup, Lesson
from portal.courses.scope import reaches_group
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.learners.scope.queries import is_in_reach, reaches_learner
from portal.learners.trajectories.models import Trajectory
from portal.organisations.models import Organisation


@dataclass(frozen=True)
class EnrolledLine:
    """A learner's time in a group; the last day counts."""

    enrolment_id: UUID
    learner_id: UUID
    name: str
    number: str
    starts_on: date
    ends_on: date | None

    @property
    def state(self) -> str:
        """Whether it is now, later or over."""
        if self.ends_on is not None and self.ends_on < today():
            return "over"
        return "later" if self.starts_on > today() else "now"


def list_enrolled(group: GroupView) -> Sequence[EnrolledLine]:
    """Return everybody who is, will be or was in a group that was opened, by name."""
    rows = session.execute(
        select(
            Enrolment.id, Enrolment.learner_id, Enrolment.starts_on, Enrolment.ends_on,
            Learner.full_name.label("name"), Learner.number,
        )
        .join(Learner, and_(Learner.school_id == Enrolment.school_id, Learner.id == Enrolment.learner_id))
        .where(Enrolment.school_id == current_school_id(), Enrolment.group_id == group.id)
        .order_by(Learner.sort_name, Learner.id, Enrolment.starts_on)
    )  # fmt: skip
    return [
        EnrolledLine(
            enrolment_id=row.id,
            learner_id=row.learner_id,
            name=row.name,
            number=row.number,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )
        for row in rows
    ]


def get_enrolment(group_id: UUID, enrolment_id: UUID, scope: Scope) -> Enrolment:
    """Return an enrolment in a group, with its learner, who is within reach; raises NotFound."""
    row = session.get(Enrolment, (current_school_id(), enrolment_id), options=[joinedload(Enrolment.learner)])
    if row is None or row.group_id != group_id or not is_in_reach(row.learner_id, scope):
        raise NotFound("enrolment")
    return row


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
    teachers = (
        select(func.array_agg(distinct(Account.name)))
        .select_from(GroupTeacher)
        .join(Account, and_(Account.school_id == GroupTeacher.school_id, Account.id == GroupTeacher.account_id))
        .where(
            GroupTeacher.school_id == LearnerGroup.school_id,
            GroupTeacher.group_id == LearnerGroup.id,
            GroupTeacher.holds_on(today()),
        )
        .correlate(LearnerGroup)
        .scalar_subquery()
    )
    next_lesson = (
        select(func.min(Lesson.held_on))
        .where(
            Lesson.school_id == LearnerGroup.school_id,
            Lesson.group_id == LearnerGroup.id,
            Lesson.held_on >= func.greatest(Enrolment.starts_on, today(), type_=Date()),
            not_(Lesson.is_cancelled),
        )
        .correlate(LearnerGroup, Enrolment)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            LearnerGroup.id, LearnerGroup.name, Enrolment.starts_on, Enrolment.ends_on,
            teachers.label("teachers"), next_lesson.label("next_lesson_on"), reaches_group(scope).label("is_open"),
        )
        .join(LearnerGroup, and_(LearnerGroup.school_id == Enrolment.school_id, LearnerGroup.id == Enrolment.group_id))
        .where(
            Enrolment.school_id == current_school_id(),
            Enrolment.learner_id == learner_id,
            reaches_learner(scope, Enrolment.learner_id),
            Enrolment.lasts_until(today()),
            LearnerGroup.lasts_until(today()),
        )
        .order_by(LearnerGroup.name, LearnerGroup.id)
    )  # fmt: skip
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
