"""What is said beforehand is stored once, is hers alone, and goes along where two records become one."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.attendance.models import Status
from portal.attendance.notices.models import AbsenceNotice, AbsenceReason
from portal.attendance.notices.services import report_absence, take_back, tell_of_answers
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.errors import Invalid, NotAllowed, NotFound
from portal.core.http.access import PORTAL
from portal.core.jobs import ask
from portal.courses.models import LearnerGroup, Lesson
from portal.learners.merges.services import merge_learners
from portal.learners.record.models import Learner
from portal.notifications.models import NotificationKind
from portal.schools.queries import SchoolView
from tests.factories.attendance import make_mark, make_notice
from tests.factories.consent import as_learner
from tests.factories.courses import make_enrolled_learner, make_group, make_lesson, make_teacher_of
from tests.factories.notifications import told_of
from tests.jobs import do_jobs
from tests.signing_in import make_account

TOMORROW = timedelta(days=1)
OFFICE = actor_of(new_id(), "Anouk Bos", frozenset({"administration"}))


@pytest.fixture
def group(school: SchoolView) -> LearnerGroup:
    return make_group()


@pytest.fixture
def lesson(group: LearnerGroup) -> Lesson:
    return make_lesson(group, held_on=today() + TOMORROW)


@pytest.fixture
def amina(group: LearnerGroup) -> Learner:
    return make_enrolled_learner(group, "Amina", "Yilmaz")


def said() -> list[tuple[AbsenceReason | None, str | None]]:
    session.expire_all()
    return [(each.reason, each.note) for each in session.scalars(select(AbsenceNotice))]


def test_said_twice_the_last_counts(lesson: Lesson, amina: Learner) -> None:
    by = as_learner(amina)

    report_absence(lesson.id, reason=AbsenceReason.WORK, note="", by=by)
    report_absence(lesson.id, reason=None, note=" Tot morgen ", by=by)

    assert said() == [(None, "Tot morgen")]
    take_back(lesson.id, by=by)
    take_back(lesson.id, by=by)
    assert said() == []


def test_a_note_about_health_is_named_and_not_stored(lesson: Lesson, amina: Learner) -> None:
    with pytest.raises(Invalid) as refusal:
        report_absence(lesson.id, reason=None, note="Ik heb Griep", by=as_learner(amina))

    assert (refusal.value.field, refusal.value.code, refusal.value.facts) == ("note", "health_word", {"word": "Griep"})
    assert said() == []


def test_nobody_says_it_for_another(lesson: Lesson, amina: Learner) -> None:
    make_notice(lesson, amina)
    other = as_learner(make_enrolled_learner(make_group(), "Dilan"))

    with pytest.raises(NotFound):
        take_back(lesson.id, by=other)
    with pytest.raises(NotAllowed):
        report_absence(lesson.id, reason=None, note=None, by=OFFICE)

    assert len(said()) == 1


def test_of_two_records_that_become_one_she_said_it_once(lesson: Lesson, amina: Learner, group: LearnerGroup) -> None:
    other = make_enrolled_learner(group, "Aminah", "Yilmaz")
    make_notice(lesson, amina, reason=AbsenceReason.WORK)
    make_notice(lesson, other, reason=AbsenceReason.CARE)
    make_notice(make_lesson(group, held_on=today() + 2 * TOMORROW), other, note="Tot later")

    merge_learners(amina.id, other.id, take=set(), by=OFFICE)

    assert sorted(said(), key=str) == [(AbsenceReason.WORK, None), (None, "Tot later")]
    assert set(session.scalars(select(AbsenceNotice.learner_id))) == {amina.id}


def test_who_gives_the_lesson_is_told_until_it_is_taken_back(
    group: LearnerGroup, lesson: Lesson, amina: Learner
) -> None:
    teacher, stands_in = make_account("Tess Jansen", "teacher"), make_account("Vera Smit", "teacher")
    make_teacher_of(group, teacher)
    report_absence(lesson.id, reason=None, note=None, by=as_learner(amina))
    notice = session.scalars(select(AbsenceNotice)).one()
    assert told_of(teacher.id) == [(NotificationKind.ABSENCE_REPORTED, notice.id, amina.id)]

    take_back(lesson.id, by=as_learner(amina))
    assert told_of(teacher.id) == []

    lesson.substitute_id = stands_in.id
    report_absence(lesson.id, reason=None, note=None, by=as_learner(amina))
    assert (len(told_of(teacher.id)), len(told_of(stands_in.id))) == (0, 1)


def test_a_learner_is_told_once_of_the_schools_answer(group: LearnerGroup, amina: Learner) -> None:
    amina.account_id = make_account("Amina Yilmaz", "learner").id
    held, waits = (make_lesson(group, held_on=today() - days * TOMORROW) for days in (1, 2))
    notice = make_notice(held, amina)
    make_mark(held, amina, Status.ABSENT, is_authorised=True)
    make_notice(waits, amina)
    make_mark(waits, amina, Status.ABSENT)

    ask("attendance.tell_of_answers", {})
    do_jobs("attendance.tell_of_answers")
    assert tell_of_answers(by=PORTAL) == 0

    assert told_of(amina.account_id) == [(NotificationKind.ABSENCE_ANSWERED, notice.id, amina.id)]
