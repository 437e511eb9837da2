"""Who lacks what a record must have: by law and contract, by what the school keeps, by what whoever looks sees."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.accounts.actors import actor_of
from portal.core.clock import today
from portal.core.db.base import new_id
from portal.core.db.scope import checkpoint
from portal.core.http.access import Actor
from portal.learners.completeness.queries import count_incomplete, list_incomplete
from portal.learners.record.models import Learner
from portal.learners.trajectories.models import Act, Funding, Route, TargetGroup
from portal.schools.queries import SchoolView
from tests.factories.courses import enrol, make_group
from tests.factories.learners import make_learner, make_organisation, make_trajectory
from tests.factories.restrictions import hold

DAY = timedelta(days=1)


def who_is(role: str = "administration") -> Actor:
    return actor_of(new_id(), "Olga Smit", frozenset({role}))


def complete(given_name: str = "Amina", **values: Any) -> Learner:
    return make_learner(given_name, **{"phone": "+31612345678", **values})


def paid(learner: Learner, **values: Any) -> Any:
    """A trajectory that is reported and paid, and lacks nothing but what is said."""
    whole = {
        "act": Act.WI2021, "reports_to_government": True, "route": Route.B1, "target_group": TargetGroup.FAMILY,
        "funding": Funding.MUNICIPALITY, "agreement_on": today() - DAY, "contract_number": "2026-1",
        "hours_bought": 300,
    }  # fmt: skip
    if values.get("funding", whole["funding"]) is Funding.MUNICIPALITY and "client_id" not in values:
        values["client_id"] = make_organisation(f"Gemeente {learner.number}").id
    return make_trajectory(learner, **{**whole, **values})


def lacking(by: Actor | None = None) -> dict[str, list[str]]:
    found = list_incomplete(by or who_is()).rows
    return {each.learner.given_name: [str(one.label) for one in each.missing] for each in found}


@pytest.mark.promise("LB-08")
def test_what_a_record_must_have_and_lacks_is_listed(school: SchoolView) -> None:
    paid(complete("Whole", bsn="111222333"))
    complete("Young", birth_date=None)
    make_learner("Silent")
    amina = complete("Amina")
    trajectory = paid(amina, contract_number=None, agreement_on=None)

    assert lacking() == {
        "Young": ["Geboortedatum"],
        "Silent": ["E-mail of telefoon"],
        "Amina": ["BSN", "Datum afspraken", "Contractnummer"],
    }
    assert count_incomplete(who_is()) == 3
    [row] = [each for each in list_incomplete(who_is()).rows if each.learner.id == amina.id]
    assert row.trajectory_id == trajectory.id


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({"funding": None}, ["Wie betaalt"]),
        ({"client_id": None}, ["Opdrachtgever"]),
        ({"route": None}, ["Leerroute"]),
        ({"route": None, "act": Act.WI2013}, []),
        ({"target_group": None}, ["Doelgroep"]),
        ({"hours_bought": None}, []),
        ({"hours_bought": None, "funding": Funding.DUO_LOAN}, ["Ingekochte uren"]),
        ({"contract_number": None, "ends_on": today() - DAY, "starts_on": today() - 9 * DAY}, []),
    ],
)
def test_a_trajectory_lacks_what_its_act_and_who_pays_ask(
    school: SchoolView, values: dict[str, Any], missing: list[str]
) -> None:
    amina = complete("Amina", bsn="111222333")
    enrol(amina, make_group())
    paid(amina, **values)

    assert lacking().get("Amina", []) == missing


def test_who_pays_herself_has_no_contract_to_have(school: SchoolView) -> None:
    make_trajectory(complete("Amina"), act=Act.VOLUNTARY, funding=Funding.SELF)

    assert not lacking()


def test_who_left_is_not_listed_and_who_was_just_added_is(school: SchoolView) -> None:
    complete("Added", birth_date=None)
    left = complete("Left", birth_date=None)
    enrol(left, make_group(), starts_on=today() - 30 * DAY, ends_on=today() - DAY)

    assert list(lacking()) == ["Added"]


def test_nobody_hears_of_what_she_does_not_see(school: SchoolView) -> None:
    paid(complete("Amina"), contract_number=None)

    assert lacking(who_is("coach")) == {"Amina": ["Contractnummer"]}
    assert not lacking(who_is("management"))
    assert count_incomplete(who_is("teacher")) == 0


@pytest.mark.parametrize("slug", ["onderwijs-pro", "leren-leren"])
def test_a_school_asks_nothing_that_it_does_not_keep(enter: Any, slug: str) -> None:
    with enter(slug):
        complete("Amina", birth_date=None)

        assert lacking() == {"Amina": ["Geboortedatum"]}


def test_it_takes_two_statements_however_many_there_are(
    school: SchoolView, count_statements: Callable[[], Any]
) -> None:
    for number in range(60):
        paid(complete(f"Amina {number}", birth_date=None), contract_number=None)
    by = who_is()

    with count_statements() as statements:
        page = list_incomplete(by, order="-number", page=2)

    assert (len(page.rows), page.total, page.pages) == (10, 60, 2)
    assert len(statements) <= 2, statements


@pytest.mark.promise("ST-08", part="shielded")
def test_of_what_she_restricted_nobody_sees_whether_it_is_there(school: SchoolView) -> None:
    hers, other = make_learner("Amina", birth_date=None), make_learner("Berhane", birth_date=None)
    hold(hers.id, "birth")
    hold(other.id, "birth", "contact")
    checkpoint()

    assert lacking() == {"Amina": ["E-mail of telefoon"]}
    assert count_incomplete(who_is()) == 1
