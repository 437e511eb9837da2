"""What is taught, to which group, by whom and when. Not here: who is in a group, which is an enrolment (learners)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    and_,
    case,
    cast,
    func,
    not_,
    or_,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_method, hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.models import Account
from portal.core.clock import AMSTERDAM
from portal.core.db.base import SchoolOwned, one_of, reference, related
from portal.core.db.periods import HasPeriod
from portal.core.personal_data import no_person, not_personal, personal, reaches

MOST_BREAK = 240
"""The longest break of a lesson, in minutes."""
MOST_PLACES = 500
"""So many places a group can have."""


class CourseKind(StrEnum):
    """Which kind of hours a course gives, as funding rules count them."""

    LITERACY = "literacy"
    INTEGRATION = "integration"
    NT2 = "nt2"
    ONA = "ona"
    KNM = "knm"
    OTHER = "other"


class LessonKind(StrEnum):
    """Which kind of hours a lesson gives, as the Besluit inburgering 2021 (3.14, 4.4, 5.5) and its forms count them."""

    NT2 = "nt2"
    LITERACY = "literacy"
    KNM = "knm"
    ONA = "ona"
    PARTICIPATION = "participation"


class LessonPlace(StrEnum):
    """Where a lesson is given: hours at school and hours at a distance are counted apart."""

    SCHOOL = "school"
    DISTANCE = "distance"


USUAL_KINDS: Mapping[CourseKind, LessonKind] = {
    CourseKind.LITERACY: LessonKind.LITERACY,
    CourseKind.INTEGRATION: LessonKind.NT2,
    CourseKind.NT2: LessonKind.NT2,
    CourseKind.ONA: LessonKind.ONA,
    CourseKind.KNM: LessonKind.KNM,
    CourseKind.OTHER: LessonKind.PARTICIPATION,
}
"""The kind that a lesson of a course has unless somebody says otherwise."""


class Course(SchoolOwned):
    """A course that a school gives."""

    __tablename__ = "course"
    __people__ = no_person("what is taught")
    __table_args__ = (UniqueConstraint("school_id", "name", name="uq_course_name"),)

    name: Mapped[str] = mapped_column(String(120), info=not_personal())
    kind: Mapped[CourseKind] = one_of(CourseKind, info=not_personal())
    is_active: Mapped[bool] = mapped_column(default=True, info=not_personal())


class LearnerGroup(HasPeriod, SchoolOwned):
    """A group that follows a course; `capacity` is how many places it has, where the school says so."""

    __tablename__ = "learner_group"
    __people__ = no_person("a group as such; who is in it is an enrolment")
    __table_args__ = (
        UniqueConstraint("school_id", "name", name="uq_learner_group_name"),
        CheckConstraint("ends_on is null or ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint(f"capacity between 1 and {MOST_PLACES}", name="capacity"),
    )

    course_id: Mapped[UUID] = reference("course", ondelete=None)
    name: Mapped[str] = mapped_column(String(120), info=not_personal())
    room: Mapped[str | None] = mapped_column(String(60), info=not_personal())
    capacity: Mapped[int | None] = mapped_column(info=not_personal())
    starts_on: Mapped[date] = mapped_column(info=not_personal())
    ends_on: Mapped[date | None] = mapped_column(info=not_personal())

    course: Mapped[Course] = related("LearnerGroup", "Course", "course_id")


class GroupTeacher(HasPeriod, SchoolOwned):
    """That somebody teaches a group, from a day and perhaps until one: a substitute has both."""

    __tablename__ = "group_teacher"
    __people__ = reaches(learner=None, representative=None, contact_person=None, staff="account_id")
    __table_args__ = (CheckConstraint("ends_on is null or ends_on >= starts_on", name="ends_after_start"),)

    group_id: Mapped[UUID] = reference("learner_group")
    account_id: Mapped[UUID] = reference("account", info=personal("work"))
    starts_on: Mapped[date] = mapped_column(info=personal("work"))
    ends_on: Mapped[date | None] = mapped_column(info=personal("work"))
    is_substitute: Mapped[bool] = mapped_column(default=False, info=personal("work"))

    group: Mapped[LearnerGroup] = related("GroupTeacher", "LearnerGroup", "group_id")
    account: Mapped[Account] = related("GroupTeacher", "Account", "account_id")


def _lasts_until(row: Any, day: Any) -> bool:
    return bool(row.until_on is None or row.until_on >= day)


def _lasts_until_in_sql(table: Any, day: Any) -> ColumnElement[bool]:
    return or_(table.until_on.is_(None), table.until_on >= day)


class TimetableSlot(SchoolOwned):
    """A weekly lesson of a group: weekday 0 is Monday; local times; the break in minutes."""

    __tablename__ = "timetable_slot"
    __people__ = no_person("when a group has lessons")
    __table_args__ = (
        CheckConstraint("weekday between 0 and 6", name="weekday"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint(f"break_minutes between 0 and {MOST_BREAK}", name="break_minutes"),
    )

    group_id: Mapped[UUID] = reference("learner_group")
    weekday: Mapped[int] = mapped_column(info=not_personal())
    starts_at: Mapped[time] = mapped_column(info=not_personal())
    ends_at: Mapped[time] = mapped_column(info=not_personal())
    break_minutes: Mapped[int] = mapped_column(default=0, info=not_personal())
    kind: Mapped[LessonKind] = one_of(LessonKind, info=not_personal(), default=LessonKind.NT2)
    place: Mapped[LessonPlace] = one_of(LessonPlace, info=not_personal(), default=LessonPlace.SCHOOL)
    room: Mapped[str | None] = mapped_column(String(60), info=not_personal())
    from_on: Mapped[date] = mapped_column(info=not_personal())
    until_on: Mapped[date | None] = mapped_column(info=not_personal())

    lasts_until = hybrid_method(_lasts_until, _lasts_until_in_sql)
    """Whether it has not ended before a day."""

    group: Mapped[LearnerGroup] = related("TimetableSlot", "LearnerGroup", "group_id")


class Holiday(SchoolOwned):
    """Days on which the school gives no lessons."""

    __tablename__ = "holiday"
    __people__ = no_person("the school's calendar")
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="ends_after_start"),)

    name: Mapped[str] = mapped_column(String(120), info=not_personal())
    starts_on: Mapped[date] = mapped_column(info=not_personal())
    ends_on: Mapped[date] = mapped_column(info=not_personal())


class SkippedLesson(SchoolOwned):
    """A day on which a weekly lesson is not given, because its lesson was deleted: it isn't made again."""

    __tablename__ = "skipped_lesson"
    __people__ = no_person("when a group has no lesson")
    __table_args__ = (UniqueConstraint("school_id", "slot_id", "slot_on", name="uq_skipped_lesson_slot_on"),)

    slot_id: Mapped[UUID] = reference("timetable_slot")
    slot_on: Mapped[date] = mapped_column(info=not_personal())


def _moment_of(held_on: Any, at: Any) -> ColumnElement[datetime]:
    """Return the moment of a local time in a statement: of an hour that comes twice the first, as Python has it.

    PostgreSQL takes the second. Only hours before three in the night come twice, so no other is looked at again.
    """
    local = held_on + at
    moment = func.timezone(str(AMSTERDAM), local)
    before = moment - timedelta(hours=1)
    comes_first = and_(at < time(3), func.timezone(str(AMSTERDAM), before) == local)
    return case((comes_first, before), else_=moment)


def _counts_by(row: Any, moment: datetime) -> bool:
    return bool(not row.is_cancelled and moment_of(row.held_on, row.starts_at) <= moment)


def _counts_by_in_sql(table: Any, moment: datetime) -> ColumnElement[bool]:
    return and_(not_(table.is_cancelled), _moment_of(table.held_on, table.starts_at) <= moment)


class Lesson(SchoolOwned):
    """A lesson: a date with local times in Europe/Amsterdam and a break in minutes.

    One made from a weekly slot keeps the day that the slot meant in `slot_on`, wherever it is moved to; `changed_at`
    says when somebody last changed it by hand.
    """

    __tablename__ = "lesson"
    __people__ = reaches(learner=None, representative=None, contact_person=None, staff="substitute_id")
    __table_args__ = (
        UniqueConstraint("school_id", "group_id", "held_on", "starts_at", name="uq_lesson_moment"),
        UniqueConstraint("school_id", "slot_id", "slot_on", name="uq_lesson_slot_on"),
        Index("ix_lesson_held_on", "school_id", "held_on"),
        Index("ix_lesson_cancelled", "school_id", "id", postgresql_where=text("cancelled_at is not null")),
        CheckConstraint("slot_id is null or slot_on is not null", name="slot_has_day"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint(
            f"break_minutes between 0 and {MOST_BREAK}"
            " and break_minutes < extract(epoch from ends_at - starts_at) / 60",
            name="break_minutes",
        ),
    )

    group_id: Mapped[UUID] = reference("learner_group")
    slot_id: Mapped[UUID | None] = reference("timetable_slot", nullable=True, ondelete="SET NULL (slot_id)")
    slot_on: Mapped[date | None] = mapped_column(info=not_personal())
    held_on: Mapped[date] = mapped_column(info=not_personal())
    starts_at: Mapped[time] = mapped_column(info=not_personal())
    ends_at: Mapped[time] = mapped_column(info=not_personal())
    break_minutes: Mapped[int] = mapped_column(default=0, info=not_personal())
    kind: Mapped[LessonKind] = one_of(LessonKind, info=not_personal(), default=LessonKind.NT2)
    place: Mapped[LessonPlace] = one_of(LessonPlace, info=not_personal(), default=LessonPlace.SCHOOL)
    room: Mapped[str | None] = mapped_column(String(60), info=not_personal())
    substitute_id: Mapped[UUID | None] = reference(
        "account",
        info=personal("work", of="substitute_id"),
        nullable=True,
        ondelete="SET NULL (substitute_id)",
    )
    cancelled_at: Mapped[datetime | None] = mapped_column(info=not_personal())
    cancelled_because: Mapped[str | None] = mapped_column(Text, info=not_personal())
    changed_at: Mapped[datetime | None] = mapped_column(info=not_personal())
    made_at: Mapped[datetime] = mapped_column(server_default=func.now(), info=not_personal())

    group: Mapped[LearnerGroup] = related("Lesson", "LearnerGroup", "group_id")

    @hybrid_property
    def minutes(self) -> int:
        """The lesson's length less its break, in minutes that really pass."""
        return lesson_minutes(self.held_on, self.starts_at, self.ends_at, self.break_minutes)

    @minutes.inplace.expression
    @classmethod
    def _minutes(cls) -> ColumnElement[int]:
        start, end = (_moment_of(cls.held_on, at) for at in (cls.starts_at, cls.ends_at))
        passed = cast(func.extract("epoch", end - start) / 60, Integer)
        return func.greatest(0, passed - cls.break_minutes, type_=Integer())

    @hybrid_property
    def is_cancelled(self) -> bool:
        """Say whether it is not given after all."""
        return self.cancelled_at is not None

    @is_cancelled.inplace.expression
    @classmethod
    def _is_cancelled(cls) -> ColumnElement[bool]:
        return cls.cancelled_at.is_not(None)

    counts_by = hybrid_method(_counts_by, _counts_by_in_sql)
    """Whether it counts for hours at a moment: begun by then, and not cancelled."""


def moment_of(day: date, at: time) -> datetime:
    """Return the moment of a local time, in UTC: of an hour that comes twice the first."""
    return datetime.combine(day, at, AMSTERDAM).astimezone(UTC)


def lesson_minutes(held_on: date, starts_at: time, ends_at: time, break_minutes: int) -> int:
    """Return how long a lesson is, less its break, in minutes that really pass: right on a night the clock changes."""
    passed = moment_of(held_on, ends_at) - moment_of(held_on, starts_at)
    return max(0, int(passed.total_seconds()) // 60 - break_minutes)


def is_on_clock(day: date, at: time) -> bool:
    """Say whether a local time comes by on a day: not in the hour that is skipped in spring."""
    return moment_of(day, at).astimezone(AMSTERDAM).time() == at
