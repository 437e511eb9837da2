"""Which lessons and groups a teacher reaches: her own in her period, and one that she takes over."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from portal.accounts.actors import actor_of
from portal.attendance.open_registers.queries import get_teachers_day
from portal.core.clock import today
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.courses.groups.queries import get_group, list_groups
from portal.courses.lessons.queries import get_lesson
from portal.courses.models import LearnerGroup
from portal.learners.scope.queries import is_in_reach
from portal.schools.queries import SchoolView
from tests.factories.courses import make_enrolled_learner, make_group, make_lesson, make_teacher_of
from tests.signing_in import make_account

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))


@pytest.fixture
def group(school: SchoolView) -> LearnerGroup:
    return make_group()


@pytest.fixture
def teacher(school: SchoolView) -> Any:
    account = make_account("Sam de Vries", "teacher")
    return actor_of(account.id, account.name, frozenset({"teacher"}))


def reaches(teacher: Any, lesson: Any) -> bool:
    try:
        return get_lesson(lesson.id, teacher).id == lesson.id
    except NotFound:
        return False


@pytest.mark.promise("LB-06")
def test_a_teacher_reaches_her_own_lessons_alone(group: LearnerGroup, teacher: Any) -> None:
    make_teacher_of(group, teacher)

    assert reaches(teacher, make_lesson(group))
    assert reaches(teacher, make_lesson(group, held_on=today() - 200 * DAY))
    assert not reaches(teacher, make_lesson())


def test_a_substitute_reaches_what_is_held_in_her_period_and_has_a_week_to_finish(
    group: LearnerGroup, teacher: Any
) -> None:
    make_teacher_of(group, teacher, starts_on=today() - 9 * DAY, ends_on=today() - 3 * DAY, is_substitute=True)

    assert reaches(teacher, make_lesson(group, held_on=today() - 3 * DAY))
    assert not reaches(teacher, make_lesson(group, held_on=today() - 2 * DAY))
    assert not reaches(teacher, make_lesson(group, held_on=today() - 10 * DAY))


@pytest.mark.promise("LB-06")
def test_before_her_first_day_she_reaches_nothing(
    group: LearnerGroup, teacher: Any, clock: Callable[[datetime], None]
) -> None:
    make_teacher_of(group, teacher, starts_on=today() + DAY, ends_on=today() + 5 * DAY, is_substitute=True)
    lesson = make_lesson(group, held_on=today() + 2 * DAY)

    assert not reaches(teacher, lesson)
    assert get_teachers_day(teacher, since=today(), limit=5).next_lesson is None
    clock(datetime(2026, 11, 21, 11, 0, tzinfo=UTC))
    assert reaches(teacher, lesson)
    assert get_teachers_day(teacher, since=today(), limit=5).next_lesson is not None


def test_after_that_week_she_reaches_nothing(group: LearnerGroup, teacher: Any) -> None:
    make_teacher_of(group, teacher, starts_on=date(2026, 10, 1), ends_on=today() - 8 * DAY)

    assert not reaches(teacher, make_lesson(group, held_on=today() - 8 * DAY))


def test_one_lesson_that_she_takes_over(group: LearnerGroup, teacher: Any) -> None:
    account_id = teacher.account_id

    assert reaches(teacher, make_lesson(group, held_on=today() - 7 * DAY, substitute_id=account_id))
    assert not reaches(teacher, make_lesson(group, held_on=today() - 8 * DAY, substitute_id=account_id))
    assert not reaches(teacher, make_lesson(group))
    with pytest.raises(NotFound):
        get_group(group.id, teacher)


def test_groups_are_her_own_of_today(group: LearnerGroup, teacher: Any) -> None:
    make_teacher_of(group, teacher)
    make_teacher_of(make_group(), teacher, ends_on=today() - DAY)
    make_teacher_of(make_group(), teacher, starts_on=today() + DAY)

    assert [found.id for found in list_groups(teacher)] == [group.id]


def test_the_office_reaches_all_and_a_learner_nothing(group: LearnerGroup) -> None:
    lesson = make_lesson(group)
    account = make_account("Kim", "administration")

    assert reaches(actor_of(account.id, account.name, frozenset({"administration"})), lesson)
    assert not reaches(actor_of(account.id, account.name, frozenset({"learner"})), lesson)


@pytest.mark.promise("LB-06")
def test_a_week_after_its_end_a_group_is_out_of_reach(
    clock: Callable[[datetime], None], group: LearnerGroup, teacher: Any
) -> None:
    make_teacher_of(group, teacher)
    learner = make_enrolled_learner(group)
    lesson = make_lesson(group)
    group.ends_on = today()
    session.flush()

    clock(datetime(2026, 11, 27, 11, 0, tzinfo=UTC))
    assert get_group(group.id, teacher)
    assert reaches(teacher, lesson)
    assert is_in_reach(learner.id, teacher.scope)

    clock(datetime(2026, 11, 28, 11, 0, tzinfo=UTC))
    with pytest.raises(NotFound):
        get_group(group.id, teacher)
    assert not reaches(teacher, lesson)
    assert not is_in_reach(learner.id, teacher.scope)


@pytest.mark.promise("LB-06")
@pytest.mark.parametrize(("days", "expected"), [(7, True), (8, False)])
def test_a_week_after_a_learner_left_she_is_out_of_reach(
    group: LearnerGroup, teacher: Any, days: int, expected: bool
) -> None:
    make_teacher_of(group, teacher)
    left = make_enrolled_learner(group, ends_on=today() - days * DAY)

    assert is_in_reach(left.id, teacher.scope) is expected


@pytest.mark.promise("LB-06")
def test_whom_a_teacher_leaves_in_the_group_she_reaches_no_more(group: LearnerGroup, teacher: Any) -> None:
    make_teacher_of(group, teacher, ends_on=today() - DAY)

    assert not is_in_reach(make_enrolled_learner(group).id, teacher.scope)


def test_a_period_as_long_as_the_group_leaves_that_week_too(teacher: Any) -> None:
    group = make_group(ends_on=today() - 7 * DAY)
    make_teacher_of(group, teacher, ends_on=group.ends_on)

    assert get_group(group.id, teacher)
    assert is_in_reach(make_enrolled_learner(group, ends_on=group.ends_on).id, teacher.scope)


def test_who_left_before_a_teacher_came_is_out_of_reach(group: LearnerGroup, teacher: Any) -> None:
    left = make_enrolled_learner(group, ends_on=today() - 2 * DAY)
    make_teacher_of(group, teacher, starts_on=today() - DAY)

    assert not is_in_reach(left.id, teacher.scope)
