"""A trajectory in a line: what it is, who pays, until when, as far as whoever asks sees it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from portal.core.clock import today
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.learners.trajectories.models import Act, Route, Trajectory
from portal.learners.trajectories.presenters import trajectory_fact
from portal.organisations.models import Organisation, OrganisationKind
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("ends_in", "told"),
    [
        (None, "vanaf 20 november 2025"),
        (200, "tot en met 8 juni 2027"),
        (60, "tot en met 19 januari 2027 (nog 60 dagen)"),
        (1, "tot en met 21 november 2026 (nog 1 dag)"),
        (-1, "geëindigd op 19 november 2026"),
    ],
)
def test_the_latest_trajectory_is_told(
    app: Flask, school: SchoolView, office: Actor, ends_in: int | None, told: str
) -> None:
    learner = make_learner()
    client = Organisation(name="Gemeente Zuid", kind=OrganisationKind.MUNICIPALITY)
    session.add(client)
    session.flush()
    first = today() - timedelta(days=365)
    last = today() + timedelta(days=ends_in) if ends_in is not None else None
    session.add(Trajectory(learner_id=learner.id, act=Act.VOLUNTARY, starts_on=first - timedelta(days=400)))
    session.add(
        Trajectory(
            learner_id=learner.id, act=Act.WI2021, route=Route.B1, client_id=client.id, starts_on=first, ends_on=last
        )
    )
    session.flush()
    with app.test_request_context("/"):
        fact = trajectory_fact(learner.id, office)
    assert fact is not None
    assert (fact.text, fact.about, fact.name) == ("B1-route", told, "Gemeente Zuid")


def test_who_does_not_see_trajectories_is_told_nothing(app: Flask, school: SchoolView, office: Actor) -> None:
    learner_id = make_learner().id
    blind = replace(office, scope=replace(office.scope, sees=office.sees - {"trajectory"}))
    with app.test_request_context("/"):
        fact = trajectory_fact(learner_id, office)
        assert fact is not None
        assert (fact.text, fact.about) == ("nog geen traject", "")
        assert trajectory_fact(learner_id, blind) is None
