"""Correcting an earlier register, *iedereen aanwezig*, and taking back what was just stored."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.accounts.actors import actor_of
from portal.attendance.models import AttendanceMark, MarkChange, Status
from portal.attendance.registers.queries import Mark, list_changes, list_register
from portal.attendance.registers.services import mark_everyone_present, record_attendance
from portal.attendance.registers.undo import undo_step
from portal.core.audit import AuditEvent
from portal.core.clock import now, today
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid
from portal.courses.lessons.queries import LessonView, get_lesson
from portal.courses.models import LearnerGroup, Lesson
from portal.schools.queries import SchoolView
from tests.factories.attendance import make_mark, make_notice
from tests.factories.courses import fill_group, make_enrolled_learner, make_group, make_lesson, make_teacher_of
from tests.signing_in import make_account

NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
PRESENT, ABSENT = Status.PRESENT, Status.ABSENT
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(NOON)


@pytest.fixture
def group(school: SchoolView) -> LearnerGroup:
    return make_group()


def teacher_of(group: LearnerGroup, name: str) -> Any:
    account = make_account(name, "teacher")
    make_teacher_of(group, account)
    return actor_of(account.id, account.name, frozenset({"teacher"}))


@pytest.fixture
def teacher(group: LearnerGroup) -> Any:
    return teacher_of(group, "Sam de Vries")


def view(lesson: Lesson, actor: Any) -> LessonView:
    return get_lesson(lesson.id, actor)


def statuses(lesson: LessonView) -> list[Status | None]:
    session.expire_all()
    return [row.mark.status for row in list_register(lesson)]


def test_correcting_an_earlier_lesson_asks_why(group: LearnerGroup, teacher: Any) -> None:
    learner, lesson = make_enrolled_learner(group), make_lesson(group, held_on=today() - DAY)
    mark = make_mark(lesson, learner, Status.ABSENT, marked_at=now() - DAY)

    with pytest.raises(Invalid) as refusal:
        record_attendance(
            view(lesson, teacher), [Mark(learner_id=learner.id, status=PRESENT, version=mark.version)], by=teacher
        )

    assert (refusal.value.field, refusal.value.code) == ("reason", "reason_needed")


def test_a_correction_keeps_what_stood_there_with_who_and_why(group: LearnerGroup, teacher: Any) -> None:
    learner, lesson = make_enrolled_learner(group), make_lesson(group, held_on=today() - DAY)
    mark = make_mark(lesson, learner, Status.PRESENT, late_minutes=5, marked_at=now() - DAY)

    corrected = Mark(
        learner_id=learner.id, status=PRESENT, late_minutes=25, version=mark.version, reason="De trein stond stil."
    )
    record_attendance(view(lesson, teacher), [corrected], by=teacher)

    [line] = list_changes(view(lesson, teacher))
    assert (line.old, line.new) == (Mark(learner_id=learner.id, status=PRESENT, late_minutes=5), corrected)
    assert (line.reason, line.changed_by_name, line.changed_at) == ("De trein stond stil.", teacher.name, now())
    assert session.scalar(select(func.count()).where(AuditEvent.event == "attendance.corrected")) == 1


def test_filling_in_an_earlier_lesson_late_asks_nothing(group: LearnerGroup, teacher: Any) -> None:
    learner, lesson = make_enrolled_learner(group), make_lesson(group, held_on=today() - DAY)
    lesson_view = view(lesson, teacher)

    [row] = record_attendance(lesson_view, [Mark(learner_id=learner.id, status=PRESENT)], by=teacher).rows
    record_attendance(lesson_view, [Mark(learner_id=learner.id, status=ABSENT, version=row.mark.version)], by=teacher)

    assert statuses(lesson_view) == [ABSENT]
    assert [line.old.status for line in list_changes(lesson_view)] == [PRESENT]


def test_what_a_colleague_filled_in_today_for_an_earlier_lesson_asks_why(group: LearnerGroup, teacher: Any) -> None:
    learner, lesson = make_enrolled_learner(group), make_lesson(group, held_on=today() - DAY)
    colleague = teacher_of(group, "Noor Bakker")
    [row] = record_attendance(view(lesson, colleague), [Mark(learner_id=learner.id, status=PRESENT)], by=colleague).rows

    with pytest.raises(Invalid):
        record_attendance(
            view(lesson, teacher), [Mark(learner_id=learner.id, status=ABSENT, version=row.mark.version)], by=teacher
        )


def test_whether_an_absence_was_authorised_is_said_later_without_a_reason(group: LearnerGroup, teacher: Any) -> None:
    learner, lesson = make_enrolled_learner(group), make_lesson(group, held_on=today() - DAY)
    mark = make_mark(lesson, learner, Status.ABSENT, marked_at=now() - DAY)
    said = Mark(learner_id=learner.id, status=ABSENT, is_authorised=True, version=mark.version)

    record_attendance(view(lesson, teacher), [said], by=teacher)

    [line] = list_changes(view(lesson, teacher))
    assert (line.old.is_authorised, line.new.is_authorised, line.reason) == (None, True, None)


def test_taking_it_back_that_an_absence_was_authorised_asks_why(group: LearnerGroup, teacher: Any) -> None:
    learner, lesson = make_enrolled_learner(group), make_lesson(group, held_on=today() - DAY)
    mark = make_mark(lesson, learner, Status.ABSENT, is_authorised=True, marked_at=now() - DAY)
    other = Mark(learner_id=learner.id, status=ABSENT, is_authorised=False, version=mark.version)

    with pytest.raises(Invalid) as refusal:
        record_attendance(view(lesson, teacher), [other], by=teacher)

    assert refusal.value.code == "reason_needed"


def test_a_reason_has_an_end(group: LearnerGroup, teacher: Any) -> None:
    learner, lesson = make_enrolled_learner(group), make_lesson(group, held_on=today() - DAY)
    mark = make_mark(lesson, learner, marked_at=now() - DAY)
    wordy = Mark(learner_id=learner.id, status=ABSENT, version=mark.version, reason="x" * 301)

    with pytest.raises(Invalid) as refusal:
        record_attendance(view(lesson, teacher), [wordy], by=teacher)

    assert refusal.value.code == "too_long"


def test_a_reason_tells_nothing_of_anybodys_health(group: LearnerGroup, teacher: Any) -> None:
    learner, lesson = make_enrolled_learner(group), make_lesson(group, held_on=today() - DAY)
    mark = make_mark(lesson, learner, marked_at=now() - DAY)
    telling = Mark(learner_id=learner.id, status=ABSENT, version=mark.version, reason="bleek toch ziek te zijn")

    with pytest.raises(Invalid) as refusal:
        record_attendance(view(lesson, teacher), [telling], by=teacher)

    assert refusal.value.facts == {"word": "ziek", "learner_ids": [learner.id]}


def test_everyone_present_fills_only_what_is_open(group: LearnerGroup, teacher: Any) -> None:
    first, second, third, reported = fill_group(group, 4)
    lesson = make_lesson(group)
    make_mark(lesson, first, Status.EXCUSED)
    make_notice(lesson, reported)

    recorded = mark_everyone_present(view(lesson, teacher), by=teacher, but={third.id})

    assert [row.learner_id for row in recorded.rows] == [second.id]
    assert statuses(view(lesson, teacher)) == [Status.EXCUSED, PRESENT, None, None]


def test_everyone_present_is_taken_back_as_a_whole(group: LearnerGroup, teacher: Any) -> None:
    first, *_ = fill_group(group, 4)
    lesson = make_lesson(group)
    make_mark(lesson, first, Status.EXCUSED)
    lesson_view = view(lesson, teacher)
    step = mark_everyone_present(lesson_view, by=teacher).step_id
    assert step is not None

    undo_step(lesson_view, step, by=teacher)

    assert statuses(lesson_view) == [Status.EXCUSED, None, None, None]
    assert session.scalar(select(func.count()).select_from(MarkChange)) == 0


def test_taking_back_leaves_what_was_changed_since(group: LearnerGroup, teacher: Any) -> None:
    fill_group(group, 2)
    lesson_view = view(make_lesson(group), teacher)
    recorded = mark_everyone_present(lesson_view, by=teacher)
    changed = recorded.rows[0]
    record_attendance(lesson_view, [replace(changed.mark, status=ABSENT)], by=teacher)
    assert recorded.step_id is not None

    undo_step(lesson_view, recorded.step_id, by=teacher)

    assert statuses(lesson_view) == [ABSENT, None]


def test_each_change_goes_back_to_what_it_was(group: LearnerGroup, teacher: Any) -> None:
    learner, lesson = make_enrolled_learner(group), make_lesson(group)
    before = Mark(learner_id=learner.id, status=PRESENT, late_minutes=15, early_minutes=5)
    lesson_view = view(lesson, teacher)
    [row] = record_attendance(lesson_view, [before], by=teacher).rows
    step = record_attendance(
        lesson_view, [Mark(learner_id=learner.id, status=ABSENT, version=row.mark.version)], by=teacher
    ).step_id
    assert step is not None

    undo_step(lesson_view, step, by=teacher)

    session.expire_all()
    assert [row.mark for row in list_register(lesson_view)] == [before]
    assert session.scalars(select(AttendanceMark.minutes)).one() == 145


def test_an_emptied_row_comes_back(group: LearnerGroup, teacher: Any) -> None:
    learner, lesson = make_enrolled_learner(group), make_lesson(group)
    lesson_view = view(lesson, teacher)
    [row] = record_attendance(lesson_view, [Mark(learner_id=learner.id, status=ABSENT)], by=teacher).rows
    step = record_attendance(lesson_view, [Mark(learner_id=learner.id, version=row.mark.version)], by=teacher).step_id
    assert step is not None

    undo_step(lesson_view, step, by=teacher)

    assert statuses(lesson_view) == [ABSENT]


def test_on_a_later_day_taking_back_is_kept_too(group: LearnerGroup, teacher: Any) -> None:
    learner, lesson = make_enrolled_learner(group), make_lesson(group, held_on=today() - DAY)
    mark = make_mark(lesson, learner, Status.ABSENT, marked_at=now() - DAY)
    lesson_view = view(lesson, teacher)
    wrong = Mark(learner_id=learner.id, status=PRESENT, version=mark.version, reason="Fout")
    step = record_attendance(lesson_view, [wrong], by=teacher).step_id
    assert step is not None

    undo_step(lesson_view, step, by=teacher)

    assert statuses(lesson_view) == [ABSENT]
    changes = [(line.old.status, line.new.status) for line in list_changes(lesson_view)]
    assert changes == [(PRESENT, ABSENT), (ABSENT, PRESENT)]


def test_only_who_stored_it_takes_it_back_and_only_that_day(
    group: LearnerGroup, teacher: Any, clock: Callable[[datetime], None]
) -> None:
    fill_group(group, 2)
    lesson_view = view(make_lesson(group), teacher)
    step = mark_everyone_present(lesson_view, by=teacher).step_id
    assert step is not None

    with pytest.raises(Conflict):
        undo_step(lesson_view, step, by=teacher_of(group, "Noor Bakker"))
    clock(NOON + DAY)
    with pytest.raises(Conflict):
        undo_step(lesson_view, step, by=teacher)
    assert statuses(lesson_view) == [PRESENT, PRESENT]
