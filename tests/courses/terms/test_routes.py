"""Terms: who keeps them, and what is refused."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.courses.terms.models import Term
from tests.conftest import school_id
from tests.factories.courses import make_term
from tests.page_client import PageClient
from tests.signing_in import SignIn

LEST_BEST = school_id("lest-best")
SPRING = {"name": "Voorjaar 2027", "starts_on": "2027-02-01", "ends_on": "2027-07-09"}


@pytest.fixture(autouse=True)
def at_noon(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))


def stored() -> list[tuple[str, date, date]]:
    with in_school(LEST_BEST):
        return [(each.name, each.starts_on, each.ends_on) for each in session.scalars(select(Term))]


def test_a_term_is_added_and_taken_away(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "administration")
    assert client.get("/perioden").text.count("Nog geen perioden") == 1
    assert client.post("/perioden", SPRING).status_code == 303
    assert stored() == [("Voorjaar 2027", date(2027, 2, 1), date(2027, 7, 9))]
    page = client.get("/perioden").text
    assert "1 februari 2027 tot en met 9 juli 2027" in page
    with in_school(LEST_BEST):
        term_id = session.scalars(select(Term.id)).one()
    assert client.post(f"/perioden/{term_id}/verwijderen").status_code == 303
    assert stored() == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "Vul dit in."),
        ({"name": "Najaar 2026"}, "Deze naam bestaat al."),
        ({"ends_on": "2027-01-31"}, "Het einde ligt vóór het begin."),
        ({"starts_on": "2027-02-31"}, "datum"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    client: PageClient, sign_in: SignIn, changed: dict[str, str], said: str
) -> None:
    with in_school(LEST_BEST):
        make_term("Najaar 2026", date(2026, 8, 31), date(2027, 1, 29))
    sign_in(client, "administration")
    sent = SPRING | changed
    refused = client.post("/perioden", sent)
    assert refused.status_code == 422
    assert said in refused.text
    assert all(value in refused.text for value in sent.values())
    assert len(stored()) == 1


@pytest.mark.parametrize("role", ["teacher", "coach"])
def test_who_plans_nothing_sees_them_and_changes_none(client: PageClient, sign_in: SignIn, role: str) -> None:
    with in_school(LEST_BEST):
        term = make_term("Najaar 2026", date(2026, 8, 31), date(2027, 1, 29))
    sign_in(client, role)
    page = client.get("/perioden").text
    assert "Najaar 2026" in page
    assert "Periode toevoegen" not in page
    assert client.post("/perioden", SPRING).status_code == 403
    assert client.post(f"/perioden/{term.id}/verwijderen").status_code == 403


def test_another_school_has_terms_of_its_own(client_at: Callable[[str], PageClient], sign_in: Any) -> None:
    with in_school(LEST_BEST):
        term = make_term("Najaar 2026", date(2026, 8, 31), date(2027, 1, 29))
    other = client_at("meester-in-nt2")
    sign_in(other, "administration")
    assert "Najaar 2026" not in other.get("/perioden").text
    assert other.post(f"/perioden/{term.id}/verwijderen").status_code == 404
    assert other.get(f"/groepen/kopieren?periode={term.id}").status_code == 404
    assert len(stored()) == 1
