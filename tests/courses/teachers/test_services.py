"""What a teacher has goes to another: groups and single lessons from a day on."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.accounts.models import Account
from portal.core.db.session import session
from portal.core.errors import Invalid, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.courses.models import GroupTeacher, LearnerGroup, Lesson
from portal.courses.teachers.services import Taken, check_taken, hand_over_group, hand_over_lessons
from portal.notifications.models import NotificationKind
from portal.schools.queries import SchoolView
from tests.factories.accounts import make_account
from tests.factories.courses import make_group, make_lesson, make_teacher_of
from tests.factories.notifications import told_of

ON = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))


def make_teachers() -> tuple[Account, Account]:
    tess, noor = (make_account(name, "teacher", email=f"{name}@example.org") for name in ("tess", "noor"))
    return tess, noor


def teachers_of(group: LearnerGroup) -> list[tuple[UUID, date, date | None, bool]]:
    session.expire_all()
    rows = session.scalars(
        select(GroupTeacher).where(GroupTeacher.group_id == group.id).order_by(GroupTeacher.starts_on, GroupTeacher.id)
    )
    return [(row.account_id, row.starts_on, row.ends_on, row.is_substitute) for row in rows]


def test_another_teaches_the_group_from_the_day_on(school: SchoolView, office: Actor) -> None:
    (tess, noor), group = make_teachers(), make_group()
    row = make_teacher_of(group, tess, starts_on=date(2026, 9, 1))

    taken = hand_over_group(row.id, tess.id, noor.id, on=ON, by=office)

    assert taken == Taken(noor.id, group_id=group.id)
    assert teachers_of(group) == [
        (tess.id, date(2026, 9, 1), date(2026, 11, 30), False), (noor.id, ON, None, False),
    ]  # fmt: skip
    assert told_of(noor.id) == [(NotificationKind.GROUP_TAUGHT, group.id, None)]


def test_a_substitutes_place_goes_along_with_its_days(school: SchoolView, office: Actor) -> None:
    (tess, noor), group = make_teachers(), make_group()
    first, last = date(2026, 12, 7), date(2026, 12, 18)
    row = make_teacher_of(group, tess, starts_on=first, ends_on=last, is_substitute=True)

    hand_over_group(row.id, tess.id, noor.id, on=ON, by=office)

    assert teachers_of(group) == [(noor.id, first, last, True)]


def test_a_group_may_be_left_to_who_teaches_it_beside_her(school: SchoolView, office: Actor) -> None:
    (tess, noor), group = make_teachers(), make_group()
    row = make_teacher_of(group, tess, starts_on=date(2026, 9, 1))
    make_teacher_of(group, noor, starts_on=date(2026, 9, 1))

    assert hand_over_group(row.id, tess.id, None, on=ON, by=office) is None
    assert {(who, last) for who, _first, last, _is in teachers_of(group)} == {
        (tess.id, date(2026, 11, 30)), (noor.id, None),
    }  # fmt: skip


def test_single_lessons_go_to_another_or_back(school: SchoolView, office: Actor) -> None:
    (tess, noor), group = make_teachers(), make_group()
    early = make_lesson(group, held_on=date(2026, 11, 27), substitute_id=tess.id)
    late = make_lesson(group, held_on=date(2026, 12, 4), substitute_id=tess.id)

    assert hand_over_lessons(tess.id, noor.id, on=ON, by=office) == (1, Taken(noor.id, lesson_ids=(late.id,)))
    assert (early.substitute_id, late.substitute_id) == (tess.id, noor.id)
    assert told_of(noor.id) == [(NotificationKind.LESSON_TAKEN_OVER, late.id, None)]
    assert hand_over_lessons(noor.id, None, on=ON, by=office) == (1, None)
    assert session.scalar(select(Lesson.substitute_id).where(Lesson.id == late.id)) is None
    assert hand_over_lessons(noor.id, None, on=ON, by=office) == (0, None)


def test_every_clash_of_who_takes_over_is_said_and_can_be_meant(school: SchoolView, office: Actor) -> None:
    (tess, noor), groups = make_teachers(), [make_group("A1"), make_group("A2")]
    rows = [make_teacher_of(group, tess, starts_on=date(2026, 9, 1)) for group in groups]
    for group in groups:
        make_lesson(group, held_on=date(2026, 12, 4), starts_at=time(9), ends_at=time(12))
    taken = [hand_over_group(row.id, tess.id, noor.id, on=ON, by=office) for row in rows]
    came = [each for each in taken if each is not None]

    with pytest.raises(Invalid, match="at_once") as refusal:
        check_taken(came, despite=False)

    assert sorted(clash.group for clash in refusal.value.facts["clashes"]) == ["A1", "A2"]
    check_taken(came, despite=True)
    check_taken([], despite=False)


def test_what_cannot_be_is_refused(school: SchoolView, office: Actor) -> None:
    (tess, noor), group = make_teachers(), make_group()
    over = make_teacher_of(group, tess, starts_on=date(2026, 9, 1), ends_on=date(2026, 11, 27))
    own = make_teacher_of(make_group(), tess, starts_on=date(2026, 9, 1))
    desk = make_account("Anouk", "administration", email="anouk@example.org")

    with pytest.raises(Invalid, match="over_by_then"):
        hand_over_group(over.id, tess.id, noor.id, on=ON, by=office)
    with pytest.raises(Invalid, match="in_the_past"):
        hand_over_group(own.id, tess.id, noor.id, on=date(2026, 11, 19), by=office)
    with pytest.raises(Invalid, match="no_teacher"):
        hand_over_group(own.id, tess.id, desk.id, on=ON, by=office)
    with pytest.raises(NotFound):
        hand_over_group(own.id, noor.id, tess.id, on=ON, by=office)
    with pytest.raises(Invalid, match="in_the_past"):
        hand_over_lessons(tess.id, noor.id, on=date(2026, 11, 19), by=office)


def test_a_teacher_hands_over_nothing(school: SchoolView, coach: Actor) -> None:
    (tess, noor), group = make_teachers(), make_group()
    row = make_teacher_of(group, tess)
    with pytest.raises(NotAllowed):
        hand_over_group(row.id, tess.id, noor.id, on=ON, by=coach)
    with pytest.raises(NotAllowed):
        hand_over_lessons(tess.id, noor.id, on=ON, by=coach)
