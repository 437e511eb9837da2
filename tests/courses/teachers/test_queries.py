"""What a teacher has from a day on."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from portal.core.http.access import Actor
from portal.courses.teachers.queries import list_taken_over, list_taught
from portal.schools.queries import SchoolView
from tests.factories.accounts import make_account
from tests.factories.courses import make_group, make_lesson, make_teacher_of


def test_what_she_has_is_listed_with_her_lessons(
    school: SchoolView, office: Actor, clock: Callable[[datetime], None]
) -> None:
    clock(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))
    tess, noor = (make_account(name, email=f"{name}@example.org") for name in ("tess", "noor"))
    group = make_group("A2")
    make_teacher_of(group, tess, starts_on=date(2026, 9, 1))
    make_teacher_of(make_group("Voorbij"), tess, starts_on=date(2026, 9, 1), ends_on=date(2026, 11, 19))
    make_lesson(group, held_on=date(2026, 11, 27))
    make_lesson(group, held_on=date(2026, 11, 28), substitute_id=noor.id)
    make_lesson(group, held_on=date(2026, 11, 19))

    taught = list_taught(tess.id, office.scope, since=date(2026, 11, 20))

    assert [(row.group_name, row.lessons, row.is_substitute) for row in taught] == [("A2", 1, False)]
    assert len(list_taken_over(noor.id, office.scope, since=date(2026, 11, 20))) == 1
