"""A group that is changed: another room or other days at the time of others are asked about, what stood so isn't."""

from datetime import date, time
from typing import Any

import pytest

from portal.core.clock import today
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.courses.clashes.queries import ClashKind
from portal.courses.groups.services import add_teacher, save_group
from portal.courses.models import LearnerGroup
from portal.courses.timetable.services import make_lessons
from portal.notifications.models import NotificationKind
from portal.schools.queries import SchoolView
from tests.factories.courses import make_group, make_slot
from tests.factories.notifications import told_of
from tests.signing_in import make_account


@pytest.fixture
def group(school: SchoolView) -> LearnerGroup:
    """A group with weekly lessons in room 1, beside another in room 2 at the same time."""
    other = make_group("A2 avond", room="2")
    group = make_group("A2 ochtend", room="1", ends_on=date(today().year + 2, 1, 1))
    make_slot(other, weekday=0, starts_at=time(10), ends_at=time(13))
    make_slot(group, weekday=0)
    make_lessons()
    return group


def save(group: LearnerGroup, by: Actor, **values: Any) -> LearnerGroup:
    names = ("name", "course_id", "room", "starts_on", "ends_on", "capacity")
    return save_group(group.id, **{**{name: getattr(group, name) for name in names}, **values}, by=by)


def test_a_room_that_another_group_has_is_asked_about(group: LearnerGroup, office: Actor) -> None:
    with pytest.raises(Invalid) as refusal:
        save(group, office, room="2")
    [clash] = refusal.value.facts["clashes"]
    assert (refusal.value.code, clash.kind, clash.shared, clash.group) == ("at_once", ClashKind.ROOM, "2", "A2 avond")


def test_it_stands_where_it_is_meant_and_is_not_asked_again(group: LearnerGroup, office: Actor) -> None:
    save(group, office, room="2", despite=True)
    assert save(group, office, name="A2 vroeg").room == "2"
    assert save(group, office, room="3").room == "3"


def test_lessons_on_days_that_are_new_are_asked_about(group: LearnerGroup, office: Actor) -> None:
    save(group, office, room="2", despite=True)
    save(group, office, ends_on=today())
    with pytest.raises(Invalid, match="at_once"):
        save(group, office, ends_on=None)


def test_who_is_to_teach_a_group_is_told(school: SchoolView, office: Actor) -> None:
    other, tess = make_group(), make_account("Tess Jansen", "teacher")

    add_teacher(other.id, tess.id, starts_on=today(), ends_on=None, is_substitute=False, by=office)

    assert told_of(tess.id) == [(NotificationKind.GROUP_TAUGHT, other.id, None)]
