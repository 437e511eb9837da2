"""Figures of a month, by group, course, client and route: counts without anybody's name, counted anew each night."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of
from portal.core.personal_data import no_person, not_personal

LEAST_PEOPLE = 5
"""Figures of fewer people are never shown by themselves to who sees nobody's attendance."""


class FigureKind(StrEnum):
    """Of what a row of figures is: of the whole school, or of one group, course, client or route."""

    SCHOOL = "school"
    GROUP = "group"
    COURSE = "course"
    CLIENT = "client"
    ROUTE = "route"


def _count() -> Mapped[int]:
    return mapped_column(default=0, info=not_personal())


def _minutes() -> Mapped[int]:
    return mapped_column(BigInteger, default=0, info=not_personal())


class SchoolFigure(SchoolOwned):
    """What was counted of one month: for the school, or for one group, course, client or route.

    `subject` is the id or the route, empty for the school and for learners who have none. `learners` were in its
    groups that month. Behind each figure stand `people`: those of whom a register says something, or else its learners;
    behind what is of no group everybody who was in none. Minutes offered are those of marks. How long answers took, in
    minutes, is of what came in that month. Places and who waits are as they were at the month's end, or are
    today; those who wait stand behind a row where there is nobody else. Of steps up, exams, changes and withdrawals it
    is counted apart of how many people they are.
    """

    __tablename__ = "school_figure"
    __people__ = no_person("counts by month, made anew each night from what there is")
    __table_args__ = (
        UniqueConstraint("school_id", "kind", "month", "subject", name="uq_school_figure_subject"),
        CheckConstraint("extract(day from month) = 1", name="first_day"),
    )

    kind: Mapped[FigureKind] = one_of(FigureKind, info=not_personal())
    month: Mapped[date] = mapped_column(info=not_personal())
    subject: Mapped[str] = mapped_column(String(36), default="", info=not_personal())
    learners: Mapped[int] = _count()
    people: Mapped[int] = _count()
    lessons: Mapped[int] = _count()
    lessons_open: Mapped[int] = _count()
    lessons_cancelled: Mapped[int] = _count()
    present: Mapped[int] = _count()
    late: Mapped[int] = _count()
    absent: Mapped[int] = _count()
    excused: Mapped[int] = _count()
    minutes_attended: Mapped[int] = _minutes()
    minutes_offered: Mapped[int] = _minutes()
    levels_up: Mapped[int] = _count()
    exams: Mapped[int] = _count()
    exams_passed: Mapped[int] = _count()
    corrections: Mapped[int] = _count()
    corrections_answered: Mapped[int] = _count()
    correction_minutes: Mapped[int] = _minutes()
    withdrawals: Mapped[int] = _count()
    withdrawals_done: Mapped[int] = _count()
    withdrawal_minutes: Mapped[int] = _minutes()
    places: Mapped[int] = _count()
    places_taken: Mapped[int] = _count()
    waiting: Mapped[int] = _count()
    waiting_days: Mapped[int] = _minutes()
    levels_people: Mapped[int] = _count()
    exams_people: Mapped[int] = _count()
    corrections_people: Mapped[int] = _count()
    withdrawals_people: Mapped[int] = _count()
    counted_at: Mapped[datetime] = mapped_column(info=not_personal())
