"""What is said beforehand is stored once, is hers alone, and goes along where two records become one."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.attendance.notices.models import AbsenceNotice, AbsenceReason
from portal.attendance.notices.services import report_absence, take_back
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.errors import Invalid, NotAllowed, NotFound
from portal.courses.models import LearnerGroup, Lesson
from portal.learners.merges.services import merge_learners
from portal.learners.record.models import Learner
from portal.schools.queries import SchoolView
from tests.factories.attendance import make_notice
from tests.factories.consent import as_learner
from tests.factories.courses import make_enrolled_learner, make_group, make_lesson

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
