"""Levels in a line: as far as the school keeps them and whoever asks sees them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Flask

from portal.core.http.access import Actor
from portal.progress.presenters import levels_fact
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner


def test_who_does_not_see_levels_is_told_nothing(app: Flask, school: SchoolView, office: Actor) -> None:
    blind = replace(office, scope=replace(office.scope, sees=office.sees - {"level"}))
    learner_id = make_learner().id
    with app.test_request_context("/"):
        fact = levels_fact(learner_id, office)
        assert fact is not None
        assert (fact.text, fact.about) == ("nog geen niveau", "")
        assert levels_fact(learner_id, blind) is None


def test_a_school_that_keeps_no_levels_says_nothing_of_them(
    app: Flask, enter: Callable[[str], Any], office: Actor
) -> None:
    with enter("leren-leren"):
        learner_id = make_learner().id
        with app.test_request_context("/"):
            assert levels_fact(learner_id, office) is None
