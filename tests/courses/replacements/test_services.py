"""A teacher who is away is replaced in all her groups at once, and that is taken back."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.errors import Invalid, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.courses.clashes.queries import count_busy
from portal.courses.models import GroupTeacher, LearnerGroup, Lesson
from portal.courses.replacements.queries import (
    StandIn,
    describe_replacement,
    get_replacement,
    list_given,
    list_stand_ins,
)
from portal.courses.replacements.services import free_days, replace_teacher, take_back_replacement
from portal.notifications.models import NotificationKind
from portal.schools.queries import SchoolView
from tests.factories.accounts import make_account
from tests.factories.courses import make_group, make_lesson, make_teacher_of
from tests.factories.notifications import told_of

FIRST, LAST = date(2026, 11, 23), date(2026, 11, 27)


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))


class Away:
    """Tess teaches two groups and takes over a lesson of a third; Noor can replace her."""

    def __init__(self) -> None:
        self.tess, self.noor = (make_account(name, email=f"{name}@example.org") for name in ("tess", "noor"))
        self.groups = [make_group(name) for name in ("A1", "A2", "B1")]
        for group in self.groups[:2]:
            make_teacher_of(group, self.tess)
            make_lesson(group, held_on=FIRST, starts_at=time(9 + self.groups.index(group) * 4), ends_at=time(20))
        make_lesson(self.groups[0], held_on=date(2026, 11, 30))
        self.taken_over = make_lesson(self.groups[2], held_on=LAST, substitute_id=self.tess.id)

    def replace(self, by: Actor, *groups: LearnerGroup, despite: bool = True) -> UUID:
        ids = [group.id for group in groups or self.groups]
        return replace_teacher(
            self.tess.id, self.noor.id, group_ids=ids, first=FIRST, last=LAST, despite=despite, by=by
        )

    def places(self) -> list[tuple[UUID, date, date | None]]:
        session.expire_all()
        rows = session.scalars(select(GroupTeacher).where(GroupTeacher.is_substitute).order_by(GroupTeacher.id))
        return [(row.account_id, row.starts_on, row.ends_on) for row in rows]

    def who_takes_over(self) -> UUID | None:
        return session.scalar(select(Lesson.substitute_id).where(Lesson.id == self.taken_over.id))


@pytest.fixture
def away(school: SchoolView) -> Away:
    return Away()


def test_another_gives_her_lessons_in_all_groups(away: Away, office: Actor) -> None:
    entry_id = away.replace(office)

    assert away.places() == [(away.noor.id, FIRST, LAST)] * 2
    assert away.who_takes_over() == away.noor.id
    kinds = sorted(kind for kind, _target, _learner in told_of(away.noor.id))
    assert kinds == [NotificationKind.GROUP_TAUGHT] * 2 + [NotificationKind.LESSON_TAKEN_OVER]
    said = describe_replacement(get_replacement(entry_id, away.tess.id, office.scope))
    assert (said.substitute, list(said.groups), said.first, said.last) == ("noor", ["A1", "A2", "B1"], FIRST, LAST)


def test_only_ticked_groups_and_her_own_lessons_go(away: Away, office: Actor) -> None:
    away.replace(office, away.groups[0])
    assert len(away.places()) == 1
    assert away.who_takes_over() == away.tess.id


def test_what_she_gives_in_these_days_is_listed(away: Away, office: Actor) -> None:
    given = list_given(away.tess.id, office.scope, first=FIRST, last=LAST)
    assert [(group.name, len(group.lesson_ids), len(group.taken_over)) for group in given] == [
        ("A1", 1, 0), ("A2", 1, 0), ("B1", 1, 1),
    ]  # fmt: skip
    assert list_given(away.noor.id, office.scope, first=FIRST, last=LAST) == []


def test_who_gives_another_lesson_then_is_known(away: Away, office: Actor) -> None:
    busy = make_group("B2")
    make_teacher_of(busy, away.noor)
    make_lesson(busy, held_on=FIRST, starts_at=time(10), ends_at=time(11))
    ids = [
        each for group in list_given(away.tess.id, office.scope, first=FIRST, last=LAST) for each in group.lesson_ids
    ]
    assert count_busy(ids, office.scope)[away.noor.id] == 1
    assert count_busy([], office.scope) == {}


def test_lessons_at_the_same_time_are_asked_about(away: Away, office: Actor) -> None:
    with pytest.raises(Invalid, match="at_once") as refusal:
        away.replace(office, despite=False)
    assert {clash.group for clash in refusal.value.facts["clashes"]} == {"A1", "A2"}


def test_it_is_taken_back_once(away: Away, office: Actor) -> None:
    entry_id = away.replace(office)

    assert take_back_replacement(entry_id, away.tess.id, by=office) == 3

    assert away.places() == []
    assert away.who_takes_over() == away.tess.id
    assert take_back_replacement(entry_id, away.tess.id, by=office) == 0
    events = session.scalars(select(AuditEvent.event).where(AuditEvent.event.like("courses.replacement%"))).all()
    assert list(events) == ["courses.replacement_taken_back"]


def test_what_was_given_stays_the_substitutes(away: Away, office: Actor, clock: Callable[[datetime], None]) -> None:
    entry_id = away.replace(office)
    clock(datetime(2026, 11, 25, 11, 0, tzinfo=UTC))
    take_back_replacement(entry_id, away.tess.id, by=office)
    assert away.places() == [(away.noor.id, FIRST, date(2026, 11, 24))] * 2
    clock(datetime(2026, 12, 25, 11, 0, tzinfo=UTC))
    assert take_back_replacement(entry_id, away.tess.id, by=office) == 0


def test_what_cannot_be_is_refused(away: Away, office: Actor, coach: Actor) -> None:
    def refused(**changed: object) -> str:
        asked: dict[str, Any] = {"group_ids": [away.groups[0].id], "first": FIRST, "last": LAST, "to": away.noor.id}
        with pytest.raises(Invalid) as refusal, session.begin_nested():
            replace_teacher(away.tess.id, despite=True, by=office, **(asked | changed))
        return refusal.value.code

    desk = make_account("Anouk", "administration", email="anouk@example.org")
    assert refused(to=away.tess.id) == "same_person"
    assert refused(to=desk.id) == "no_teacher"
    assert refused(group_ids=[]) == "no_group"
    assert refused(group_ids=[new_id()]) == "no_group"
    assert refused(first=date(2026, 11, 19)) == "in_the_past"
    assert refused(last=date(2026, 11, 22)) == "ends_before_start"
    assert refused(last=date(2028, 11, 22)) == "too_many_days"
    make_teacher_of(away.groups[0], away.noor)
    assert refused() == "teaches_already"
    with pytest.raises(NotAllowed):
        away.replace(coach)
    entry_id = away.replace(office, away.groups[1])
    with pytest.raises(NotFound):
        take_back_replacement(entry_id, away.noor.id, by=office)


def test_days_on_which_another_stands_in_already_are_not_given_again(away: Away, office: Actor) -> None:
    away.replace(office, away.groups[0])
    jan = make_account("jan", email="jan@example.org")
    offered = list_given(away.tess.id, office.scope, first=FIRST, last=date(2026, 12, 4))
    assert [(each.name, len(each.lesson_ids)) for each in offered] == [("A1", 1), ("A2", 1), ("B1", 1)]
    assert [each.name for each in list_given(away.tess.id, office.scope, first=FIRST, last=LAST)] == ["A2", "B1"]
    [told] = list_stand_ins(away.tess.id, office.scope, first=FIRST, last=date(2026, 12, 4))
    assert (told.group, told.substitute, told.first, told.last) == ("A1", "noor", FIRST, LAST)

    group_ids = [away.groups[0].id]
    replace_teacher(
        away.tess.id,
        jan.id,
        group_ids=group_ids,
        first=date(2026, 11, 21),
        last=date(2026, 12, 4),
        despite=True,
        by=office,
    )
    assert away.places() == [
        (away.noor.id, FIRST, LAST),
        (jan.id, date(2026, 11, 21), date(2026, 11, 22)),
        (jan.id, date(2026, 11, 28), date(2026, 12, 4)),
    ]
    assert [each.name for each in list_given(away.tess.id, office.scope, first=FIRST, last=date(2026, 12, 4))] == [
        "A2", "B1",
    ]  # fmt: skip


DAYS = st.dates(date(2026, 1, 1), date(2026, 2, 28))


@given(DAYS, DAYS, st.lists(st.tuples(DAYS, DAYS), max_size=6))
def test_free_days_are_those_of_which_nobody_stands_in(first: date, last: date, pairs: list[tuple[date, date]]) -> None:
    taken = [StandIn(new_id(), "", "", min(pair), max(pair)) for pair in pairs]
    found = [day for begin, end in free_days(first, last, taken) for day in days(begin, end)]
    assert found == [day for day in days(first, last) if not any(each.first <= day <= each.last for each in taken)]


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]
