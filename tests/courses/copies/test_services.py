"""Copying groups: what comes along, what doesn't, and what is refused."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.clock import now, today
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.errors import Invalid, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.courses.copies.services import GroupCopy, copy_groups
from portal.courses.models import GroupTeacher, LearnerGroup, Lesson, LessonKind, LessonPlace, TimetableSlot
from portal.courses.timetable.services import make_lessons
from portal.learners.enrolments.models import Enrolment
from portal.schools.queries import SchoolView
from tests.factories.courses import make_enrolled_learner, make_group, make_slot, make_teacher_of
from tests.signing_in import make_account

FIRST, LAST = date(2027, 1, 11), date(2027, 7, 9)


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))


@pytest.fixture
def group(school: SchoolView) -> LearnerGroup:
    made = make_group("A2 ochtend", room="12")
    make_slot(made, 0, room="3", kind=LessonKind.KNM, place=LessonPlace.DISTANCE)
    make_slot(made, 3, starts_at=time(13), ends_at=time(15, 30), break_minutes=0)
    make_slot(made, 4, until_on=today() - timedelta(days=1))
    make_enrolled_learner(made)
    return made


def copied(group: LearnerGroup, by: Actor, *, name: str = "A2 voorjaar", with_teachers: bool = True) -> LearnerGroup:
    copies = [GroupCopy(group.id, name)]
    [made] = copy_groups(copies, starts_on=FIRST, ends_on=LAST, with_teachers=with_teachers, despite=True, by=by)
    return made


def slots_of(group: LearnerGroup) -> list[tuple[int, time, time, int, LessonKind, LessonPlace, str | None]]:
    rows = session.scalars(
        select(TimetableSlot).where(TimetableSlot.group_id == group.id).order_by(TimetableSlot.weekday)
    )
    return [(row.weekday, row.starts_at, row.ends_at, row.break_minutes, row.kind, row.place, row.room) for row in rows]


def test_a_new_group_has_the_course_the_room_and_the_weekly_lessons(group: LearnerGroup, office: Actor) -> None:
    made = copied(group, office)

    assert (made.name, made.course_id, made.room) == ("A2 voorjaar", group.course_id, "12")
    assert (made.starts_on, made.ends_on) == (FIRST, LAST)
    assert slots_of(made) == slots_of(group)[:2]
    assert not session.scalars(select(Enrolment).where(Enrolment.group_id == made.id)).all()
    days = session.scalars(select(Lesson.held_on).where(Lesson.group_id == made.id).order_by(Lesson.held_on)).all()
    assert days[0] == FIRST
    assert {day.weekday() for day in days} == {0, 3}


def test_what_was_made_is_written_down(group: LearnerGroup, office: Actor) -> None:
    made = copied(group, office)
    event = session.scalars(select(AuditEvent).where(AuditEvent.event == "courses.group_copied")).one()
    assert (event.subject_id, event.facts["from"], event.facts["slots"]) == (made.id, str(group.id), 2)


def test_a_group_that_is_over_has_the_lessons_that_it_had_last(group: LearnerGroup, office: Actor) -> None:
    group.ends_on = today() - timedelta(days=30)
    for slot in session.scalars(select(TimetableSlot).where(TimetableSlot.group_id == group.id)):
        slot.until_on = group.ends_on
    session.flush()

    assert len(slots_of(copied(group, office))) == 3


def teachers_of(group: LearnerGroup) -> list[tuple[UUID, date, date | None, bool]]:
    rows = session.scalars(select(GroupTeacher).where(GroupTeacher.group_id == group.id))
    return [(row.account_id, row.starts_on, row.ends_on, row.is_substitute) for row in rows]


def test_teachers_come_along_and_substitutes_do_not(group: LearnerGroup, office: Actor) -> None:
    tess, piet, ria, sam = (make_account(name, "teacher") for name in ("Tess", "Piet", "Ria", "Sam"))
    make_teacher_of(group, tess)
    make_teacher_of(group, piet, ends_on=today() - timedelta(days=1))
    make_teacher_of(group, ria, ends_on=today() + timedelta(days=9), is_substitute=True)
    make_teacher_of(group, sam)
    sam.ended_at = now()
    session.flush()

    assert teachers_of(copied(group, office)) == [(tess.id, FIRST, None, False)]
    assert teachers_of(copied(group, office, name="Zonder", with_teachers=False)) == []


def test_a_name_that_is_taken_is_refused_and_nothing_is_made(group: LearnerGroup, office: Actor) -> None:
    other = make_group("B1 avond")
    copies = [GroupCopy(group.id, "A2 voorjaar"), GroupCopy(other.id, "A2 voorjaar")]
    for wanted in (copies, [copies[0], GroupCopy(other.id, "A2 ochtend")]):
        with pytest.raises(Invalid) as refused:
            copy_groups(wanted, starts_on=FIRST, ends_on=LAST, with_teachers=True, by=office)
        assert (refused.value.code, refused.value.facts["group_id"]) == ("name_taken", other.id)
    assert len(session.scalars(select(LearnerGroup)).all()) == 2


@pytest.mark.parametrize(
    ("count", "last", "code"), [(0, LAST, "no_group"), (1, FIRST - timedelta(days=1), "ends_before_start")]
)
def test_what_cannot_be_is_refused(group: LearnerGroup, office: Actor, count: int, last: date, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        copy_groups([GroupCopy(group.id, "X")][:count], starts_on=FIRST, ends_on=last, with_teachers=True, by=office)
    assert refused.value.code == code


def test_lessons_at_the_time_of_others_are_asked_about(group: LearnerGroup, office: Actor) -> None:
    make_lessons()
    copies = [GroupCopy(group.id, "A2 nog een")]
    with pytest.raises(Invalid) as refused:
        copy_groups(copies, starts_on=group.starts_on, ends_on=None, with_teachers=False, by=office)
    assert refused.value.code == "at_once"
    [made] = copy_groups(
        [GroupCopy(group.id, "A2 en nog een")], starts_on=group.starts_on, ends_on=None, with_teachers=False,
        despite=True, by=office,
    )  # fmt: skip
    assert made.starts_on == group.starts_on


def test_who_may_not_plan_copies_nothing(group: LearnerGroup, coach: Actor, office: Actor) -> None:
    with pytest.raises(NotAllowed):
        copied(group, coach)
    with pytest.raises(NotFound):
        copy_groups([GroupCopy(new_id(), "X")], starts_on=FIRST, ends_on=LAST, with_teachers=True, by=office)


def test_a_group_without_a_last_day_can_end_the_day_before_its_copy_begins(group: LearnerGroup, office: Actor) -> None:
    make_teacher_of(group, make_account("Docent", "teacher"))
    make_lessons()
    copies = [GroupCopy(group.id, "A2 voorjaar")]
    with pytest.raises(Invalid) as refused, session.begin_nested():
        copy_groups(copies, starts_on=FIRST, ends_on=LAST, with_teachers=True, by=office)
    assert {clash.group for clash in refused.value.facts["clashes"]} == {"A2 ochtend"}

    [made] = copy_groups(copies, starts_on=FIRST, ends_on=LAST, with_teachers=True, ends_old=True, by=office)
    session.refresh(group)
    assert group.ends_on == FIRST - timedelta(days=1)
    days = select(Lesson.held_on).where(Lesson.group_id == group.id, Lesson.held_on >= FIRST)
    assert session.scalars(days).all() == []
    assert len(slots_of(made)) == 2


def test_a_group_that_begins_later_or_ended_before_keeps_its_days(group: LearnerGroup, office: Actor) -> None:
    group.ends_on = FIRST - timedelta(days=10)
    later = make_group("Later", starts_on=FIRST + timedelta(days=7))
    copies = [GroupCopy(group.id, "A2 voorjaar"), GroupCopy(later.id, "Later, vroeger")]
    copy_groups(copies, starts_on=FIRST, ends_on=LAST, with_teachers=True, ends_old=True, by=office)
    assert (group.ends_on, later.ends_on) == (FIRST - timedelta(days=10), None)
