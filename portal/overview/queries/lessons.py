"""A learner's own lessons: what comes, what was, and how many hours she followed."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, or_, select

from portal.accounts.models import Account
from portal.attendance.models import AttendanceMark, Status
from portal.core.clock import today
from portal.core.database import current_school_id, session
from portal.courses.models import GroupTeacher, LearnerGroup, Lesson
from portal.learners.models import Enrolment, Trajectory

AHEAD = timedelta(days=28)


@dataclass(frozen=True)
class MyLesson:
    """A lesson of a learner with what the register says; `status` None is *nog niet ingevuld*."""

    id: UUID
    group_name: str
    held_on: date
    starts_at: time
    ends_at: time
    room: str | None
    is_cancelled: bool
    cancelled_because: str | None
    status: Status | None
    late_minutes: int
    early_minutes: int
    minutes: int

    @property
    def kind(self) -> str:
        """The mark as a picture shows it: present, late, absent, excused or open."""
        if self.status is None:
            return "open"
        if self.status is Status.PRESENT and (self.late_minutes or self.early_minutes):
            return "late"
        return self.status.value


@dataclass(frozen=True)
class MyHours:
    """Hours followed, in minutes, and what the lessons until today came to."""

    minutes: int
    minutes_before: int
    present: int
    absent: int
    excused: int
    open: int

    @property
    def hours(self) -> float:
        """Hours in all, those from before included."""
        return (self.minutes + self.minutes_before) / 60


def _lessons(learner_id: UUID) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Lesson.id,
            LearnerGroup.name.label("group_name"),
            Lesson.held_on,
            Lesson.starts_at,
            Lesson.ends_at,
            Lesson.room,
            Lesson.cancelled_at,
            Lesson.cancelled_because,
            AttendanceMark.status,
            AttendanceMark.late_minutes,
            AttendanceMark.early_minutes,
            AttendanceMark.minutes,
        )
        .join(Enrolment, and_(Enrolment.school_id == Lesson.school_id, Enrolment.group_id == Lesson.group_id))
        .join(LearnerGroup, and_(LearnerGroup.school_id == Lesson.school_id, LearnerGroup.id == Lesson.group_id))
        .outerjoin(
            AttendanceMark,
            and_(
                AttendanceMark.school_id == Lesson.school_id,
                AttendanceMark.lesson_id == Lesson.id,
                AttendanceMark.learner_id == Enrolment.learner_id,
            ),
        )
        .where(
            Enrolment.school_id == current_school_id(),
            Enrolment.learner_id == learner_id,
            Lesson.held_on >= Enrolment.starts_on,
            or_(Enrolment.ends_on.is_(None), Lesson.held_on <= Enrolment.ends_on),
        )
    )


def _view(row: Row[Any]) -> MyLesson:
    return MyLesson(
        id=row.id,
        group_name=row.group_name,
        held_on=row.held_on,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        room=row.room,
        is_cancelled=row.cancelled_at is not None,
        cancelled_because=row.cancelled_because,
        status=row.status,
        late_minutes=row.late_minutes or 0,
        early_minutes=row.early_minutes or 0,
        minutes=row.minutes or 0,
    )


def list_coming(learner_id: UUID) -> list[MyLesson]:
    """Return a learner's lessons of today and the four weeks after it, soonest first."""
    day = today()
    statement = _lessons(learner_id).where(Lesson.held_on.between(day, day + AHEAD))
    return [_view(row) for row in session.execute(statement.order_by(Lesson.held_on, Lesson.starts_at))]


def list_past(learner_id: UUID, *, most: int = 200) -> list[MyLesson]:
    """Return the lessons that a learner had until today, newest first; cancelled ones are left out."""
    statement = _lessons(learner_id).where(Lesson.held_on <= today(), Lesson.cancelled_at.is_(None))
    ordered = statement.order_by(Lesson.held_on.desc(), Lesson.starts_at.desc()).limit(most)
    return [_view(row) for row in session.execute(ordered)]


def get_hours(learner_id: UUID) -> MyHours:
    """Return the hours that a learner followed; lessons without a mark count nowhere but in `open`."""
    lessons = _lessons(learner_id).where(Lesson.held_on <= today(), Lesson.cancelled_at.is_(None)).subquery()
    counts = session.execute(
        select(
            func.coalesce(func.sum(lessons.c.minutes), 0).label("minutes"),
            func.count().filter(lessons.c.status == Status.PRESENT).label("present"),
            func.count().filter(lessons.c.status == Status.ABSENT).label("absent"),
            func.count().filter(lessons.c.status == Status.EXCUSED).label("excused"),
            func.count().filter(lessons.c.status.is_(None)).label("open"),
        )
    ).one()
    before = session.scalar(
        select(func.coalesce(func.sum(Trajectory.minutes_before), 0)).where(
            Trajectory.school_id == current_school_id(), Trajectory.learner_id == learner_id
        )
    )
    return MyHours(counts.minutes, before or 0, counts.present, counts.absent, counts.excused, counts.open)


def list_teachers(learner_id: UUID) -> list[str]:
    """Return who teaches a learner today, by name."""
    day = today()
    statement = (
        select(Account.name)
        .distinct()
        .join(GroupTeacher, and_(GroupTeacher.school_id == Account.school_id, GroupTeacher.account_id == Account.id))
        .join(Enrolment, and_(Enrolment.school_id == Account.school_id, Enrolment.group_id == GroupTeacher.group_id))
        .where(
            Enrolment.school_id == current_school_id(),
            Enrolment.learner_id == learner_id,
            Enrolment.starts_on <= day,
            or_(Enrolment.ends_on.is_(None), Enrolment.ends_on >= day),
            GroupTeacher.starts_on <= day,
            or_(GroupTeacher.ends_on.is_(None), GroupTeacher.ends_on >= day),
        )
        .order_by(Account.name)
    )
    return list(session.scalars(statement))
