"""Reads of figures that were counted: their sums by subject and month, what subjects are called, and who is in several.

They hold no person's data; they are of the whole school, so whoever asks must reach all of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Date, Select, String, Text, Uuid, and_, bindparam, cast, func, select

from portal.core.db.scope import current_school_id
from portal.core.db.session import read
from portal.core.http.scope import Scope
from portal.courses.models import Course, LearnerGroup
from portal.hours.figures.models import FigureKind, SchoolFigure
from portal.hours.figures.months import months_on
from portal.learners.enrolments.models import Enrolment
from portal.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted, of a month or of several: as `SchoolFigure` has it. In sums who is in several counts again."""

    lessons: int = 0
    lessons_open: int = 0
    lessons_cancelled: int = 0
    present: int = 0
    late: int = 0
    absent: int = 0
    excused: int = 0
    minutes_attended: int = 0
    minutes_offered: int = 0
    levels_up: int = 0
    exams: int = 0
    exams_passed: int = 0
    corrections: int = 0
    corrections_answered: int = 0
    correction_minutes: int = 0
    withdrawals: int = 0
    withdrawals_done: int = 0
    withdrawal_minutes: int = 0
    places: int = 0
    places_taken: int = 0
    waiting: int = 0
    waiting_days: int = 0
    levels_people: int = 0
    exams_people: int = 0
    corrections_people: int = 0
    withdrawals_people: int = 0

    @property
    def marks(self) -> int:
        """How many rows of registers are filled in."""
        return self.present + self.absent + self.excused

    @property
    def percent(self) -> int | None:
        """Share attended of the minutes offered in what is filled in, rounded; None where nothing is."""
        return round(100 * self.minutes_attended / self.minutes_offered) if self.minutes_offered else None


_NAMES = tuple(field.name for field in fields(Figures))


class MonthOfFigures(NamedTuple):
    """The figures of one subject in one month, how many learners it had, and how many people stand behind them."""

    kind: FigureKind
    subject: str
    month: date
    learners: int
    people: int
    counted_at: datetime
    figures: Figures


_COUNTS = attrgetter(*_NAMES)


def total_of(rows: Collection[MonthOfFigures]) -> Figures:
    """Return the sum of these figures."""
    if not rows:
        return Figures()
    if len(rows) == 1:
        return next(iter(rows)).figures
    return Figures(*map(sum, zip(*(_COUNTS(row.figures) for row in rows), strict=True)))


@lru_cache(maxsize=1)
def _figures() -> Select[Any]:
    row = SchoolFigure
    return select(
        cast(row.kind, Text).label("kind"), row.subject, row.month, row.learners, row.people, row.counted_at,
        *(getattr(row, name) for name in _NAMES),
    ).where(
        row.school_id == bindparam("school", type_=Uuid()),
        cast(row.kind, Text) == func.any(bindparam("kinds", type_=ARRAY(Text()))),
        row.month >= bindparam("first", type_=Date()),
        row.month <= bindparam("last", type_=Date()),
    )  # fmt: skip


def list_figures(kinds: Collection[FigureKind], first: date, last: date, scope: Scope) -> list[MonthOfFigures]:
    """Return the figures of these kinds from one month to another; one statement."""
    scope.must_reach_school("school")
    values = {
        "school": current_school_id(), "kinds": [kind.value for kind in kinds], "first": first, "last": last,
    }  # fmt: skip
    return [
        MonthOfFigures(
            FigureKind(row.kind), row.subject, row.month, row.learners, row.people, row.counted_at, Figures(*row[6:])
        )
        for row in read(_figures(), values)
    ]


class GroupName(NamedTuple):
    """What a group is called, and its course."""

    name: str
    course_id: str
    course_name: str


def list_group_names() -> dict[str, GroupName]:
    """Return what the school's groups and their courses are called, by the group's id."""
    rows = read(
        select(LearnerGroup.id, LearnerGroup.name, Course.id.label("course_id"), Course.name.label("course_name"))
        .join(Course, and_(Course.school_id == LearnerGroup.school_id, Course.id == LearnerGroup.course_id))
        .where(LearnerGroup.school_id == current_school_id())
    )
    return {str(row.id): GroupName(row.name, str(row.course_id), row.course_name) for row in rows}


def list_client_names() -> dict[str, str]:
    """Return what the organisations are called, by id."""
    rows = read(select(Organisation.id, Organisation.name).where(Organisation.school_id == current_school_id()))
    return {str(row.id): row.name for row in rows}


def list_shared(group_ids: Collection[UUID], first: date, last: date, scope: Scope) -> list[frozenset[str]]:
    """Return, for each learner who was in several of these groups in these months, which: nobody's name or id."""
    scope.must_reach_school("school")
    groups = func.array_agg(cast(Enrolment.group_id, String()).distinct())
    rows = read(
        select(groups.label("groups"))
        .where(
            Enrolment.school_id == current_school_id(),
            Enrolment.group_id == func.any(bindparam("groups", type_=ARRAY(Uuid()))),
            Enrolment.starts_on < months_on(last, 1),
            Enrolment.lasts_until(first),
        )
        .group_by(Enrolment.learner_id)
        .having(func.count(Enrolment.group_id.distinct()) > 1),
        {"groups": list(group_ids)},
    )
    return [frozenset(row.groups) for row in rows]


def by_subject(rows: Sequence[MonthOfFigures], kind: FigureKind) -> Mapping[str, list[MonthOfFigures]]:
    """Return the figures of a kind by subject."""
    found: dict[str, list[MonthOfFigures]] = {}
    for row in rows:
        if row.kind is kind:
            found.setdefault(row.subject, []).append(row)
    return found
