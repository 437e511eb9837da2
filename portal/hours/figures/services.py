"""Counting a school's figures by month: one month soon after a register is stored, and all of them each night."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text

from portal.core.clock import now, today
from portal.core.db.base import new_id
from portal.core.db.bulk import insert_rows
from portal.core.db.commit_hooks import on_commit
from portal.core.db.scope import current_school_id
from portal.core.db.session import read, session
from portal.core.jobs import ask_later
from portal.courses.lessons.queries import LessonView
from portal.courses.models import Lesson
from portal.hours.figures.counts import columns, count_of_lessons, count_of_months, count_without_group
from portal.hours.figures.models import FigureKind, SchoolFigure
from portal.hours.figures.months import month_of, months_between
from portal.hours.figures.places import count_of_places, count_of_waiting

_SLOT = timedelta(minutes=10)
"""Registers are filled in tap by tap: what was stored in ten minutes is counted once, after them."""
_MARGIN = timedelta(minutes=1)
_MOST_REMEMBERED = 5_000
_asked: set[tuple[UUID, str, datetime]] = set()
_AT_ONCE = 12
_LOCK = text("select pg_advisory_xact_lock(hashtextextended(cast(:school as text), 7404))")

_OF_LESSONS = ("lessons", "lessons_open", "lessons_cancelled")
_OF_PLACES = ("places", "places_taken")
_OF_WAITING = ("waiting", "waiting_days")

Key = tuple[str, date, str]


def count_month(month: date) -> int:
    """Count a month anew; return how many rows of figures it has. Safe to repeat."""
    return _count(month, month)


def count_all() -> int:
    """Count every month anew since the school's first lesson, so that what was changed behind a register is right.

    Months before that have no figures. Safe to repeat.
    """
    first = session.scalar(select(func.min(Lesson.held_on)).where(Lesson.school_id == current_school_id()))
    last = month_of(today())
    first = min(month_of(first), last) if first else last
    session.execute(
        delete(SchoolFigure).where(SchoolFigure.school_id == current_school_id(), SchoolFigure.month < first)
    )
    months = list(months_between(first, last))
    return sum(_count(part[0], part[-1]) for part in _parts(months))


def _parts(months: list[date]) -> Iterator[list[date]]:
    for at in range(0, len(months), _AT_ONCE):
        yield months[at : at + _AT_ONCE]


def _count(first: date, last: date) -> int:
    school = current_school_id()
    session.execute(_LOCK, {"school": str(school)})
    moment = now()
    rows: dict[Key, dict[str, Any]] = {}
    for row in read(count_of_months(first, last, today(), moment)):
        found = row._mapping
        rows[row.kind, row.month, row.subject] = {name: int(found[name]) for name in columns()}
    for key, more in [
        *_lessons(first, last).items(),
        *_without_group(first, last).items(),
        *_places(first, last).items(),
    ]:
        if key in rows:
            rows[key] |= more
    for key, more in _waiting(first, last).items():
        rows.setdefault(key, {**dict.fromkeys(columns(), 0), "people": more["waiting"]}).update(more)
    session.execute(
        delete(SchoolFigure).where(
            SchoolFigure.school_id == school, SchoolFigure.month >= first, SchoolFigure.month <= last
        )
    )
    nothing = dict.fromkeys((*_OF_LESSONS, *_OF_PLACES, *_OF_WAITING), 0)
    insert_rows(
        SchoolFigure.metadata.tables[SchoolFigure.__tablename__],
        [
            {"id": new_id(), "kind": kind, "month": month, "subject": subject, "counted_at": moment, **nothing, **row}
            for (kind, month, subject), row in sorted(rows.items())
        ],
    )
    return len(rows)


def _lessons(first: date, last: date) -> Mapping[Key, dict[str, int]]:
    """Return the lessons of each group, of its course and of the school, by month."""
    found: dict[Key, dict[str, int]] = {}
    for row in read(count_of_lessons(first, last, now())):
        _add(found, row, _subjects_of_group(row), _OF_LESSONS)
    return found


def _places(first: date, last: date) -> Mapping[Key, dict[str, int]]:
    """Return the places of each group that says how many it has, of its course and of the school, by month."""
    found: dict[Key, dict[str, int]] = {}
    for row in read(count_of_places(first, last, today())):
        _add(found, row, _subjects_of_group(row), _OF_PLACES)
    return found


def _waiting(first: date, last: date) -> Mapping[Key, dict[str, int]]:
    """Return who waits for each course, of each client, on each route and at the school, by month."""
    found: dict[Key, dict[str, int]] = {}
    for row in read(count_of_waiting(first, last, today())):
        subjects = {
            FigureKind.COURSE: _subject(row.course_id),
            FigureKind.CLIENT: row.client,
            FigureKind.ROUTE: row.route,
            FigureKind.SCHOOL: "",
        }
        _add(found, row, subjects, _OF_WAITING)
    return found


def _subjects_of_group(row: Any) -> Mapping[FigureKind, str]:
    return {
        FigureKind.GROUP: _subject(row.group_id),
        FigureKind.COURSE: _subject(row.course_id),
        FigureKind.SCHOOL: "",
    }


def _add(
    found: dict[Key, dict[str, int]], row: Any, subjects: Mapping[FigureKind, str], names: tuple[str, ...]
) -> None:
    for kind, subject in subjects.items():
        so_far = found.setdefault((kind.value, row.month, subject), dict.fromkeys(names, 0))
        for name in names:
            so_far[name] += int(getattr(row, name))


def _without_group(first: date, last: date) -> Mapping[Key, dict[str, int]]:
    """Return how many people stand behind what is of no group, and so of no course: everybody who was in none."""
    rows = read(count_without_group(first, last, today(), now()))
    return {
        (kind.value, row.month, ""): {"learners": 0, "people": row.people}
        for row in rows
        for kind in (FigureKind.GROUP, FigureKind.COURSE)
    }


def _subject(row_id: UUID) -> str:
    return str(row_id)


def count_later(lesson: LessonView) -> None:
    """Ask that a lesson's month is counted when these ten minutes are over: once, however many registers change."""
    month, until = month_of(lesson.held_on).isoformat(), _end_of_slot(now())
    key = (current_school_id(), month, until)
    if key in _asked:
        return
    ask_later("hours.count_month", {"month": month}, unique=f"{month} {until.isoformat()}", run_after=until)
    on_commit(partial(_note_asked, key))


def _end_of_slot(moment: datetime) -> datetime:
    seconds = _SLOT.total_seconds()
    return datetime.fromtimestamp((moment.timestamp() // seconds + 1) * seconds, UTC) + _MARGIN


def _note_asked(key: tuple[UUID, str, datetime]) -> None:
    """Remember that this month will be counted after this moment, so that other registers needn't ask again."""
    if len(_asked) > _MOST_REMEMBERED:
        _asked.clear()
    _asked.add(key)
