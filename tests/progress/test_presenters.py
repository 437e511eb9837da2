"""Levels in a line: as far as the school keeps them and whoever asks sees them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from portal.accounts.actors import actor_of
from portal.core.clock import now, today
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.progress.appointments.models import Appointment
from portal.progress.goals.models import Goal
from portal.progress.models import Level, LevelSource, Rung, Skill
from portal.progress.notes.services import write_note
from portal.progress.presenters import dealings_fact, levels_fact
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


def give_level(learner_id: UUID, level: Rung, *, days_ago: int, skill: Skill = Skill.READING) -> None:
    session.add(
        Level(
            learner_id=learner_id, skill=skill, level=level, source=LevelSource.TEST, entered_at=now(),
            found_on=today() - timedelta(days=days_ago), entered_by_name="Daan Smit",
        )
    )  # fmt: skip
    session.flush()


def set_goal(learner_id: UUID, level: Rung, *, skill: Skill | None = None) -> None:
    month = today().replace(day=1)
    session.add(Goal(learner_id=learner_id, skill=skill, level=level, by_month=month, set_at=now()))
    session.flush()


def test_each_skill_is_drawn_with_the_goal_that_is_meant_for_it(app: Flask, school: SchoolView, office: Actor) -> None:
    learner_id = make_learner().id
    give_level(learner_id, Rung.A1, days_ago=200)
    give_level(learner_id, Rung.A2, days_ago=20)
    give_level(learner_id, Rung.ALFA_B, days_ago=100, skill=Skill.WRITING)
    set_goal(learner_id, Rung.C1, skill=Skill.READING)
    with app.test_request_context("/"):
        fact = levels_fact(learner_id, office)
    assert fact is not None
    reading, writing = fact.figures
    assert [point["level"] for point in reading.points] == ["A1", "A2"]
    assert (reading.goal, reading.ladder) == ("C1", ["A0", "A1", "A2", "B1", "B2", "C1"])
    assert reading.said.endswith("; doel C1")
    assert (writing.goal, writing.ladder) == (None, ["Alfa A", "Alfa B", "Alfa C"])


@pytest.mark.parametrize(("goal", "drawn"), [(Rung.ALFA_C, None), (Rung.B1, "B1")])
def test_a_goal_of_another_ladder_is_not_drawn(
    app: Flask, school: SchoolView, office: Actor, goal: Rung, drawn: str | None
) -> None:
    learner_id = make_learner().id
    give_level(learner_id, Rung.A1, days_ago=20)
    set_goal(learner_id, goal)
    with app.test_request_context("/"):
        fact = levels_fact(learner_id, office)
    assert fact is not None
    assert [chart.goal for chart in fact.figures] == [drawn]


def test_the_next_appointment_and_the_last_note_are_told_without_its_text(
    app: Flask, enter: Callable[[str], Any], office: Actor, clock: Callable[[datetime], None]
) -> None:
    clock(datetime.fromisoformat("2026-11-20T12:00:00+00:00"))
    with enter("step-inburgering"):
        learner_id = make_learner().id
        with app.test_request_context("/"):
            fact = dealings_fact(learner_id, office)
        assert fact is not None
        assert (fact.text, fact.about) == ("geen afspraak gepland", "nog geen notitie")
        for days in (-3, 5, 12):
            at = now() + timedelta(days=days)
            session.add(Appointment(learner_id=learner_id, starts_at=at, subject="Voortgang"))
        coach = actor_of(new_id(), "Daan Smit", frozenset({"coach"}))
        write_note(learner_id, "Leest graag thuis.", hidden_because=None, by=coach)
        with app.test_request_context("/"):
            fact = dealings_fact(learner_id, office)
        assert fact is not None
        assert fact.text == "25 november 2026 13:00"
        assert (fact.about, fact.name) == ("laatste notitie 20 november 2026", "Daan Smit")


def test_who_does_not_see_appointments_or_notes_is_not_told_of_them(
    app: Flask, enter: Callable[[str], Any], office: Actor
) -> None:
    def without(*categories: str) -> Actor:
        return replace(office, scope=replace(office.scope, sees=office.sees - set(categories)))

    with enter("step-inburgering"):
        learner_id = make_learner().id
        with app.test_request_context("/"):
            notes = dealings_fact(learner_id, without("appointment"))
            meetings = dealings_fact(learner_id, without("progress"))
            neither = dealings_fact(learner_id, without("progress", "appointment"))
    assert notes is not None
    assert meetings is not None
    assert (notes.label, notes.text) == ("Notities", "nog geen notitie")
    assert (meetings.label, meetings.text, meetings.about) == ("Afspraak", "geen afspraak gepland", "")
    assert neither is None
