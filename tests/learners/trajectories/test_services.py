"""A municipality asks how a learner is doing: who may have asked, of whom, and that day and words go together."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from portal.core.audit.queries import list_of_learner
from portal.core.clock import today
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.learners.entries.services import add_entry, change_entry
from portal.learners.trajectories.entries import TRAJECTORY
from portal.learners.trajectories.models import Act, TargetGroup, Trajectory
from portal.organisations.models import Organisation, OrganisationKind
from portal.schools.queries import SchoolView
from tests.factories.learners import make_learner, make_organisation, make_trajectory

DAY = timedelta(days=1)
ASKED = {"municipality_asked_on": today(), "municipality_request": "Brief G-7"}


def of(**values: Any) -> dict[str, Any]:
    """Return values by the key of their field."""
    return {f"trajectory.{name}": value for name, value in values.items()}


@pytest.fixture
def hers(school: SchoolView) -> Trajectory:
    """A trajectory of somebody who came for family, with a municipality as its client."""
    return make_trajectory(make_learner(), target_group=TargetGroup.FAMILY, client_id=make_organisation().id)


def change(trajectory: Trajectory, by: Actor, **values: Any) -> None:
    """Change a trajectory as a form does."""
    change_entry(TRAJECTORY, trajectory.learner_id, trajectory.id, of(**values), by=by)


@pytest.mark.parametrize("group", [TargetGroup.FAMILY, TargetGroup.OTHER])
def test_that_a_municipality_asked_is_stored_and_stands_in_the_log(
    hers: Trajectory, office: Actor, group: TargetGroup
) -> None:
    change(hers, office, target_group=group, **ASKED)

    assert (hers.municipality_asked_on, hers.municipality_request) == (today(), "Brief G-7")
    entry = list_of_learner(hers.learner_id)[0]
    assert entry.event == "learners.trajectory_changed"
    assert {"trajectory.municipality_asked_on", "trajectory.municipality_request"} <= set(entry.facts["fields"])

    change(hers, office, municipality_request_ended_on=today())
    assert list_of_learner(hers.learner_id)[0].facts["fields"] == ["trajectory.municipality_request_ended_on"]


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"municipality_asked_on": today()}, "municipality_request", "request_incomplete"),
        ({"municipality_request": "Brief"}, "municipality_asked_on", "request_incomplete"),
        ({"municipality_request_ended_on": today()}, "municipality_asked_on", "request_incomplete"),
        ({**ASKED, "municipality_asked_on": today() + DAY}, "municipality_asked_on", "date_in_future"),
        ({**ASKED, "municipality_request_ended_on": today() + DAY}, "municipality_request_ended_on", "date_in_future"),
        (
            {**ASKED, "municipality_request_ended_on": today() - DAY},
            "municipality_request_ended_on",
            "ends_before_start",
        ),
        ({**ASKED, "target_group": TargetGroup.ASYLUM}, "municipality_asked_on", "request_of_others"),
        ({**ASKED, "target_group": None}, "municipality_asked_on", "request_of_others"),
        ({**ASKED, "act": Act.WI2013}, "municipality_asked_on", "request_of_others"),
        ({**ASKED, "act": Act.VOLUNTARY}, "municipality_asked_on", "request_of_others"),
        ({**ASKED, "client_id": None}, "municipality_asked_on", "not_a_municipality"),
    ],
)
def test_what_no_municipality_can_have_asked_is_refused_beside_its_field(
    hers: Trajectory, office: Actor, values: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(Invalid, match=code) as refused:
        change(hers, office, **values)
    assert refused.value.field == f"trajectory.{field}"


@pytest.mark.parametrize("kind", [kind for kind in OrganisationKind if kind is not OrganisationKind.MUNICIPALITY])
def test_a_client_that_is_no_municipality_asks_nothing(hers: Trajectory, office: Actor, kind: OrganisationKind) -> None:
    other = make_organisation("Bakkerij Het Anker", kind=kind)
    with pytest.raises(Invalid, match="not_a_municipality"):
        change(hers, office, client_id=other.id, **ASKED)
    new = of(act=Act.WI2021, target_group=TargetGroup.FAMILY, starts_on=today(), client_id=other.id, **ASKED)
    with pytest.raises(Invalid, match="not_a_municipality"):
        add_entry(TRAJECTORY, hers.learner_id, new, by=office)


def test_what_one_municipality_asked_does_not_go_over_to_the_next(hers: Trajectory, office: Actor) -> None:
    change(hers, office, **ASKED)
    next_one = make_organisation("Gemeente Zeist")

    with pytest.raises(Invalid, match="request_of_other_client"):
        change(hers, office, client_id=next_one.id)
    change(hers, office, client_id=next_one.id, municipality_request="Mail van Zeist")
    assert hers.client_id == next_one.id


def test_what_is_not_about_it_can_change_after_the_client_became_something_else(
    hers: Trajectory, office: Actor
) -> None:
    change(hers, office, **ASKED)
    session.get_one(Organisation, (hers.school_id, hers.client_id)).kind = OrganisationKind.CLIENT
    session.flush()

    change(hers, office, agreement="Twee lessen per week")
    assert hers.agreement == "Twee lessen per week"


@pytest.mark.parametrize(
    "values",
    [
        {"municipality_request": None},
        {"municipality_asked_on": None},
        {"act": Act.WI2013},
        {"target_group": TargetGroup.ASYLUM},
        {"target_group": None},
        {"client_id": None},
        {"municipality_request_ended_on": date(2020, 1, 1)},
    ],
)
def test_the_database_keeps_out_what_no_municipality_can_have_asked(hers: Trajectory, values: dict[str, Any]) -> None:
    stored = update(Trajectory).where(Trajectory.id == hers.id).values({**ASKED, **values})
    with pytest.raises(IntegrityError, match="ck_trajectory_request"), session.begin_nested():
        session.execute(stored)
