"""Attendance in a line: as far as the school keeps it and whoever asks sees it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Flask

from portal.core.http.access import Actor
from portal.hours.presenters import attendance_fact
from portal.schools.queries import SchoolView
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
