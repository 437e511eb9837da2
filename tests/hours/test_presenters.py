"""Attendance in a line: as far as the school keeps it and whoever asks sees it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

from portal.attendance.models import Status
from portal.core.clock import today
from portal.core.http.access import Actor
from portal.hours.presenters import attendance_fact
from portal.schools.queries import SchoolView
from tests.factories.attendance import make_mark
from tests.factories.courses import make_enrolled_learner, make_group, make_lesson
from tests.factories.learners import make_learner


def without(by: Actor, category: str) -> Actor:
    """The same person, who doesn't see one category."""
    return replace(by, scope=replace(by.scope, sees=by.sees - {category}))


def test_a_learner_without_lessons_has_none_filled_in(app: Flask, school: SchoolView, office: Actor) -> None:
    learner_id = make_learner().id
    with app.test_request_context("/"):
        fact = attendance_fact(learner_id, office)
    assert fact is not None
    assert (fact.text, fact.about) == ("nog geen les ingevuld", "")


def test_the_last_twelve_weeks_are_drawn_each_as_it_was(
    app: Flask, school: SchoolView, office: Actor, clock: Callable[[datetime], None]
) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    group = make_group("A2 ochtend")
    learner = make_enrolled_learner(group)
    for days, status in ((1, Status.ABSENT), (3, Status.PRESENT), (10, Status.PRESENT), (90, Status.PRESENT)):
        make_mark(make_lesson(group, held_on=today() - timedelta(days=days)), learner, status)
    make_lesson(group, held_on=today() - timedelta(days=17))
    with app.test_request_context("/"):
        fact = attendance_fact(learner.id, office)
    assert fact is not None
    weeks = fact.figures
    assert (fact.picture, len(weeks)) == ("hours/_weeks.html", 12)
    assert [(week.percent, week.is_held, week.said) for week in weeks[-4:]] == [
        (None, False, "geen les"),
        (None, True, "nog niet ingevuld"),
        (100, True, "100 %"),
        (50, True, "50 %"),
    ]
    assert weeks[-1].label == "week van 16 nov"
    assert not any(week.is_held for week in weeks[:-3])


def test_nothing_is_drawn_of_a_learner_without_lessons(app: Flask, school: SchoolView, office: Actor) -> None:
    learner_id = make_learner().id
    with app.test_request_context("/"):
        fact = attendance_fact(learner_id, office)
    assert fact is not None
    assert fact.picture == ""


def test_who_does_not_see_attendance_is_told_nothing(app: Flask, school: SchoolView, office: Actor) -> None:
    learner_id = make_learner().id
    with app.test_request_context("/"):
        assert attendance_fact(learner_id, without(office, "attendance")) is None
        assert attendance_fact(learner_id, replace(office, permissions=frozenset())) is None


def test_a_school_that_keeps_no_attendance_says_nothing_of_it(
    app: Flask, enter: Callable[[str], Any], office: Actor
) -> None:
    with enter("leren-leren"):
        learner_id = make_learner().id
        with app.test_request_context("/"):
            assert attendance_fact(learner_id, office) is None
