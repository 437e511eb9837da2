"""Filling in a register: what is stored, what is refused, and that nobody overwrites another unseen."""

from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.attendance.models import AttendanceMark, MarkChange, Status
from portal.attendance.registers.queries import Mark, list_register
from portal.attendance.registers.services import mark_everyone_present, record_attendance
from portal.attendance.registers.undo import undo_step
from portal.core.audit import AuditEvent
from portal.core.clock import today
from portal.core.crypto import keys
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid
from portal.core.http.scope import SYSTEM
from portal.courses.lessons.queries import LessonView, get_lesson
from portal.courses.models import LearnerGroup, Lesson
from portal.hours.queries import hours_of_learner
from portal.schools.queries import SchoolView
from tests.factories.attendance import make_mark
from tests.factories.courses import enrol, make_enrolled_learner, make_group, make_lesson, make_person, make_teacher_of
from tests.signing_in import make_account

NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
PRESENT, ABSENT = Status.PRESENT, Status.ABSENT


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(NOON)


@pytest.fixture
def group(school: SchoolView) -> LearnerGroup:
    return make_group()


@pytest.fixture
def teacher(group: LearnerGroup) -> Any:
    account = make_account("Sam de Vries", "teacher")
    make_teacher_of(group, account)
    return actor_of(account.id, account.name, frozenset({"teacher"}))


@pytest.fixture
def colleague(group: LearnerGroup) -> Any:
    account = make_account("Noor Bakker", "teacher")
    make_teacher_of(group, account)
    return actor_of(account.id, account.name, frozenset({"teacher"}))


def view(lesson: Lesson, actor: Any) -> LessonView:
    return get_lesson(lesson.id, actor)


def mark_of(lesson: Lesson, learner: Any) -> AttendanceMark | None:
    return session.scalar(
        select(AttendanceMark)
        .where(AttendanceMark.lesson_id == lesson.id, AttendanceMark.learner_id == learner.id)
        .execution_options(populate_existing=True)
    )


def test_everyone_starts_without_a_mark(group: LearnerGroup, teacher: Any) -> None:
    make_enrolled_learner(group)
    lesson = make_lesson(group)

    [row] = list_register(view(lesson, teacher))

    assert row.mark.is_open
    assert row.mark.version == 0


def test_only_who_was_enrolled_that_day_stands_in_it(group: LearnerGroup, teacher: Any) -> None:
    lesson = make_lesson(group)
    day = timedelta(days=1)
    make_enrolled_learner(group, "Vandaag", "Eerste", starts_on=today())
    make_enrolled_learner(group, "Vandaag", "Laatste", ends_on=today())
    make_enrolled_learner(group, "Morgen", "Pas", starts_on=today() + day)
    make_enrolled_learner(group, "Gisteren", "Weg", ends_on=today() - day)

    assert [row.name for row in list_register(view(lesson, teacher))] == ["Vandaag Eerste", "Vandaag Laatste"]


def test_who_has_a_mark_stays_in_it_after_leaving(group: LearnerGroup, teacher: Any) -> None:
    lesson, learner = make_lesson(group), make_person()
    make_mark(lesson, learner)

    assert [row.learner_id for row in list_register(view(lesson, teacher))] == [learner.id]


@pytest.mark.promise("MN-06")
def test_a_mark_holds_status_and_minutes(group: LearnerGroup, teacher: Any) -> None:
    learner, lesson = make_enrolled_learner(group), make_lesson(group)

    asked = Mark(learner_id=learner.id, status=PRESENT, late_minutes=20, early_minutes=10)
    recorded = record_attendance(view(lesson, teacher), [asked], by=teacher)

    mark = mark_of(lesson, learner)
    assert mark is not None
    assert (mark.status, mark.late_minutes, mark.early_minutes, mark.minutes) == (Status.PRESENT, 20, 10, 135)
    assert (mark.marked_by, mark.marked_by_name) == (teacher.account_id, "Sam de Vries")
    assert recorded.rows[0].mark.version == mark.version
    entry = session.scalars(select(AuditEvent).where(AuditEvent.event == "attendance.recorded")).one()
    assert (entry.learner_ids, entry.subject_id, entry.sealed) == ([learner.id], lesson.id, None)


def test_a_change_keeps_what_stood_there_sealed_in_the_audit(group: LearnerGroup, teacher: Any) -> None:
    learner, lesson = make_enrolled_learner(group), make_lesson(group)
    mark = make_mark(lesson, learner, Status.ABSENT)

    record_attendance(
        view(lesson, teacher), [Mark(learner_id=learner.id, status=PRESENT, version=mark.version)], by=teacher
    )

    entry = session.scalars(select(AuditEvent).where(AuditEvent.event == "attendance.recorded")).one()
    assert entry.sealed is not None
    assert list(entry.sealed[str(learner.id)]) == ["attendance"]
    assert "absent" not in str(entry.sealed)
    change = session.scalars(select(MarkChange)).one()
    assert (change.old_status, change.new_status) == (Status.ABSENT, Status.PRESENT)


def test_an_absence_is_authorised_or_not_once_somebody_says_so(group: LearnerGroup, teacher: Any) -> None:
    learner, lesson = make_enrolled_learner(group), make_lesson(group)
    [row] = record_attendance(
        view(lesson, teacher), [Mark(learner_id=learner.id, status=Status.EXCUSED)], by=teacher
    ).rows
    assert row.mark.is_authorised is None

    record_attendance(view(lesson, teacher), [replace(row.mark, is_authorised=True)], by=teacher)

    mark = mark_of(lesson, learner)
    assert mark is not None
    assert (mark.status, mark.is_authorised) == (Status.EXCUSED, True)
    change = session.scalars(select(MarkChange)).one()
    assert (change.old_is_authorised, change.new_is_authorised) == (None, True)
    [blob] = [
        b64decode(entry.sealed[str(learner.id)]["attendance"])
        for entry in session.scalars(select(AuditEvent).where(AuditEvent.event == "attendance.recorded"))
        if entry.sealed
    ]
    [told] = keys.unseal_in_category([(learner.id, "attendance", blob)], "audit")
    assert told == '{"attendance_mark.is_authorised": [null, true]}'


def test_the_second_of_two_teachers_is_told(group: LearnerGroup, teacher: Any, colleague: Any) -> None:
    learner, lesson = make_enrolled_learner(group), make_lesson(group)
    record_attendance(view(lesson, teacher), [Mark(learner_id=learner.id, status=PRESENT)], by=teacher)

    with pytest.raises(Conflict) as refusal:
        record_attendance(view(lesson, colleague), [Mark(learner_id=learner.id, status=ABSENT)], by=colleague)

    assert refusal.value.code == "stale"
    assert refusal.value.facts["learner_ids"] == [learner.id]
    mark = mark_of(lesson, learner)
    assert mark is not None
    assert mark.status is Status.PRESENT


def test_the_same_tap_twice_changes_nothing(group: LearnerGroup, teacher: Any) -> None:
    learner, lesson = make_enrolled_learner(group), make_lesson(group)
    first = record_attendance(view(lesson, teacher), [Mark(learner_id=learner.id, status=PRESENT)], by=teacher)

    again = record_attendance(view(lesson, teacher), [Mark(learner_id=learner.id, status=PRESENT)], by=teacher)

    assert again.step_id is None
    assert again.rows[0].mark.version == first.rows[0].mark.version


def test_a_version_never_comes_back(
    group: LearnerGroup, teacher: Any, colleague: Any, clock: Callable[[datetime], None]
) -> None:
    learner, lesson = make_enrolled_learner(group), make_lesson(group)
    first = record_attendance(view(lesson, teacher), [Mark(learner_id=learner.id, status=PRESENT)], by=teacher)
    assert first.step_id is not None
    undo_step(view(lesson, teacher), first.step_id, by=teacher)
    clock(NOON + timedelta(milliseconds=2))
    record_attendance(view(lesson, colleague), [Mark(learner_id=learner.id, status=ABSENT)], by=colleague)

    with pytest.raises(Conflict):
        record_attendance(view(lesson, teacher), [first.rows[0].mark], by=teacher)


def test_a_row_changed_between_reading_and_storing_is_left_alone(
    group: LearnerGroup, teacher: Any, colleague: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.attendance.registers import services as recording

    learner, lesson = make_enrolled_learner(group), make_lesson(group)
    read = recording.list_register

    def read_then_overtaken(*args: Any) -> Any:
        rows = read(*args)
        make_mark(lesson, learner, Status.EXCUSED, version=77)
        return rows

    monkeypatch.setattr(recording, "list_register", read_then_overtaken)

    with pytest.raises(Conflict) as refusal:
        record_attendance(view(lesson, teacher), [Mark(learner_id=learner.id, status=PRESENT)], by=teacher)

    assert refusal.value.code == "stale"


def test_twenty_five_marks_take_one_statement(
    group: LearnerGroup, teacher: Any, count_statements: Callable[[], Any]
) -> None:
    learners = [make_enrolled_learner(group, "Cursist", f"{at:02d}") for at in range(25)]
    lesson = view(make_lesson(group), teacher)
    before = view(make_lesson(group, held_on=lesson.held_on - timedelta(days=1)), teacher)
    record_attendance(before, [Mark(learner_id=learners[0].id, status=PRESENT)], by=teacher)  # reads the policy, once

    with count_statements() as statements:
        record_attendance(lesson, [Mark(learner_id=learner.id, status=PRESENT) for learner in learners], by=teacher)

    assert len([each for each in statements if "insert into attendance_mark" in each]) == 1
    others = [each for each in statements if "INSERT INTO job" not in each]
    assert len(others) == 2, others  # what is read, and what is stored; the rest asks for work later


def test_an_emptied_row_has_no_mark(group: LearnerGroup, teacher: Any) -> None:
    learner, lesson = make_enrolled_learner(group), make_lesson(group)
    mark = make_mark(lesson, learner)

    recorded = record_attendance(view(lesson, teacher), [Mark(learner_id=learner.id, version=mark.version)], by=teacher)

    assert mark_of(lesson, learner) is None
    assert recorded.rows[0].mark.version == 0


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"status": Status.PRESENT, "late_minutes": -1}, "negative"),
        ({"status": Status.PRESENT, "late_minutes": 180}, "longer_than_lesson"),
        ({"status": Status.PRESENT, "late_minutes": 90, "early_minutes": 90}, "longer_than_lesson"),
        ({"status": Status.ABSENT, "late_minutes": 5}, "only_when_present"),
        ({"status": Status.PRESENT, "is_authorised": True}, "only_when_absent"),
        ({"is_authorised": False}, "only_when_absent"),
    ],
)
def test_impossible_minutes_are_refused(group: LearnerGroup, teacher: Any, asked: dict[str, Any], code: str) -> None:
    learner, lesson = make_enrolled_learner(group), make_lesson(group)

    with pytest.raises(Invalid) as refusal:
        record_attendance(view(lesson, teacher), [Mark(learner_id=learner.id, **asked)], by=teacher)

    assert refusal.value.code == code


def test_minutes_are_held_against_the_lesson_without_its_break(group: LearnerGroup, teacher: Any) -> None:
    learner, other = make_enrolled_learner(group), make_enrolled_learner(group)
    lesson = view(make_lesson(group, starts_at=time(9), ends_at=time(16, 30), break_minutes=90), teacher)

    with pytest.raises(Invalid) as refusal:
        record_attendance(lesson, [Mark(learner_id=learner.id, status=PRESENT, late_minutes=360)], by=teacher)
    stored = record_attendance(lesson, [Mark(learner_id=other.id, status=PRESENT, late_minutes=359)], by=teacher)

    assert refusal.value.facts["longest"] == 360
    assert mark_of(lesson, learner) is None
    assert [row.mark.contact_minutes(lesson.minutes) for row in stored.rows] == [1]


def test_somebody_outside_the_group_is_refused(group: LearnerGroup, teacher: Any) -> None:
    stranger, lesson = make_person(), make_lesson(group)
    enrol(stranger, make_group())

    with pytest.raises(Invalid) as refusal:
        record_attendance(view(lesson, teacher), [Mark(learner_id=stranger.id, status=PRESENT)], by=teacher)

    assert refusal.value.code == "not_in_group"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"cancelled_at": datetime(2026, 11, 19, tzinfo=UTC)}, "lesson_cancelled"),
        ({"days": 1}, "lesson_in_future"),
        ({"starts_at": time(12, 31), "ends_at": time(15)}, "lesson_in_future"),
    ],
)
def test_a_cancelled_or_future_lesson_is_not_filled_in(
    group: LearnerGroup, teacher: Any, facts: dict[str, Any], code: str
) -> None:
    learner = make_enrolled_learner(group)
    lesson = make_lesson(group, held_on=today() + timedelta(days=facts.pop("days", 0)), **facts)

    for attempt in (
        lambda: record_attendance(view(lesson, teacher), [Mark(learner_id=learner.id, status=PRESENT)], by=teacher),
        lambda: mark_everyone_present(view(lesson, teacher), by=teacher),
    ):
        with pytest.raises(Conflict) as refusal:
            attempt()
        assert refusal.value.code == code


def test_a_register_opens_half_an_hour_before_its_lesson(group: LearnerGroup, teacher: Any) -> None:
    learner, lesson = make_enrolled_learner(group), make_lesson(group, starts_at=time(12, 30), ends_at=time(15))

    record_attendance(view(lesson, teacher), [Mark(learner_id=learner.id, status=PRESENT)], by=teacher)

    assert mark_of(lesson, learner) is not None
    assert hours_of_learner(learner.id, SYSTEM).minutes_attended == 0


def test_being_present_is_contact_with_the_school(group: LearnerGroup, teacher: Any) -> None:
    there = make_enrolled_learner(group, last_contact_on=today() - timedelta(days=40))
    away = make_enrolled_learner(group, "Bilal", last_contact_on=today() - timedelta(days=40))
    lesson = make_lesson(group, held_on=today() - timedelta(days=1))

    record_attendance(
        view(lesson, teacher),
        [Mark(learner_id=there.id, status=PRESENT), Mark(learner_id=away.id, status=ABSENT)],
        by=teacher,
    )

    session.expire_all()
    assert there.last_contact_on == lesson.held_on
    assert away.last_contact_on == today() - timedelta(days=40)
