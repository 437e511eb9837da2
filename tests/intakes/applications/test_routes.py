"""Signing up for an intake by a public form, and what becomes of it (ST-01, LL-12)."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from random import randrange
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.accounts.actors import actor_of
from portal.core.audit.models import AuditEvent
from portal.core.clock import now, today
from portal.core.crypto import keys
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.intakes.applications.models import IntakeApplication
from portal.intakes.models import Intake
from portal.learners.origins.queries import list_origins
from portal.learners.record.models import Learner
from portal.organisations.models import ContactPerson
from portal.organisations.queries import find_contact_people
from portal.policy.privacy_notices.models import PrivacyNotice
from portal.purposes.privacy_notices.queries import count_untold
from portal.schools.services import change_visitor_forms
from tests.conftest import school_id
from tests.factories.contacts import make_application
from tests.factories.learners import make_learner
from tests.page_client import PageClient
from tests.retention.people import run_tonight
from tests.signing_in import SignIn

MANAGEMENT = actor_of(new_id(), "Bas de Boer", frozenset({"management"}))
HERE = school_id("step-inburgering")
FORM = "/aanmelden-voor-les"
TYPED = {
    "given_name": "Noor",
    "family_name": "Visser",
    "birth_date": "1990-05-04",
    "email": "noor@example.org",
    "phone": "0612345678",
    "language": "ar",
    "wish": "Ik wil beter leren spreken.",
}
_addresses = count(randrange(2**22))


@pytest.fixture
def visitor(client_at: Any, database: Any) -> PageClient:
    with in_school(HERE):
        change_visitor_forms(takes={"takes_enquiries": True}, by=MANAGEMENT)
    browser: PageClient = client_at("step-inburgering")
    return browser


def send(visitor: PageClient, *, address: str | None = None, **typed: Any) -> Any:
    number = next(_addresses)
    address = address or f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"
    return visitor.post(FORM, form_of(visitor, **typed), environ_overrides={"REMOTE_ADDR": address})


def form_of(visitor: PageClient, **typed: Any) -> dict[str, Any]:
    """Open the page, and return what is sent from it."""
    page = visitor.get(FORM).get_data(as_text=True)
    version = page.split('name="statement_version" value="')[1].split('"')[0]
    return {**TYPED, "statement_version": version, **typed}


def _counts() -> list[int]:
    with in_school(HERE):
        models = (ContactPerson, IntakeApplication, PrivacyNotice, AuditEvent, Learner)
        return [session.scalar(select(func.count()).select_from(model)) or 0 for model in models]


@pytest.mark.promise("ST-01", part="intake form")
def test_signing_up_makes_an_application_with_its_channel(visitor: PageClient) -> None:
    done = send(visitor)

    assert (done.status_code, done.location) == (303, f"{FORM}/gelukt")
    assert visitor.get(f"{FORM}/gelukt").status_code == 200
    with in_school(HERE):
        row = session.scalars(select(IntakeApplication)).one()
        person = session.scalars(select(ContactPerson)).one()
        wish = keys.unseal_values([(person.id, "intake_application.wish", row.wish)])
        assert count_untold(PORTAL.scope).all == 0
        assert [each.id for each in find_contact_people("visser")] == [person.id]
    assert (row.channel, row.birth_date, row.received_on) == ("website", date(1990, 5, 4), today())
    assert row.statement_version_id is not None
    assert (person.name, person.language, wish) == ("Noor Visser", "ar", [TYPED["wish"]])


def test_sent_twice_it_is_stored_once(visitor: PageClient) -> None:
    number, form = next(_addresses), form_of(visitor)
    address = f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"
    for _ in range(2):
        visitor.post(FORM, form, environ_overrides={"REMOTE_ADDR": address})
    assert _counts()[:2] == [1, 1]


@pytest.mark.promise("LL-12")
def test_a_birth_date_under_sixteen_stops_and_leaves_no_trace(visitor: PageClient) -> None:
    before = _counts()
    child = (today() - timedelta(days=15 * 365)).isoformat()

    refused = send(visitor, birth_date=child)

    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "Vraag uw vader, moeder of voogd" in page
    assert "Noor" in page
    assert _counts() == before


@pytest.mark.parametrize(
    "wrong",
    [{"given_name": " "}, {"birth_date": ""}, {"birth_date": "1990-02-31"}, {"email": "", "phone": ""}, {"email": "x@"},
     {"wish": "x" * 6_000}, {"birth_date": "2999-01-01"}],
)  # fmt: skip
def test_what_lacks_is_said_and_leaves_no_trace(visitor: PageClient, wrong: dict[str, str]) -> None:
    before = _counts()
    assert send(visitor, **wrong).status_code == 422
    assert _counts() == before


def test_where_it_is_off_there_is_nothing(client_at: Any, database: Any) -> None:
    closed = client_at("step-inburgering")
    for path in (FORM, f"{FORM}/gelukt"):
        assert closed.get(path).status_code == 404
    assert closed.post(FORM, TYPED).status_code == 404


@pytest.mark.promise("ST-01", part="intake form")
def test_the_office_makes_her_a_learner_with_an_intake(visitor: PageClient, client_at: Any, sign_in: SignIn) -> None:
    send(visitor)
    office = client_at("step-inburgering")
    sign_in(office, "administration")
    with in_school(HERE):
        row = session.scalars(select(IntakeApplication)).one()
    assert "Noor Visser" in office.get("/aanmeldingen").get_data(as_text=True)
    assert TYPED["wish"] in office.get(f"/aanmeldingen/{row.id}").get_data(as_text=True)

    taken = office.post(f"/aanmeldingen/{row.id}", {"given_name": "Noor", "family_name": "Visser"})

    assert taken.status_code == 303
    with in_school(HERE):
        learner = session.scalars(select(Learner).where(Learner.family_name == "Visser")).one()
        intake = session.scalars(select(Intake)).one()
        assert (learner.birth_date, learner.email, learner.phone) == (
            date(1990, 5, 4), "noor@example.org", "+31612345678",
        )  # fmt: skip
        assert {origin.channel for origin in list_origins(learner).values()} == {"website"}
        assert (intake.learner_id, intake.channel, intake.held_on) == (learner.id, "website", today())
        assert intake.statement_version_id == row.statement_version_id
        assert session.scalars(select(ContactPerson)).all() == []
        assert session.scalars(select(IntakeApplication)).all() == []
    assert office.post(f"/aanmeldingen/{row.id}", {"given_name": "Noor", "family_name": "Visser"}).status_code == 404


def test_one_who_is_there_already_is_looked_at_first(client_at: Any, sign_in: SignIn, database: Any) -> None:
    with in_school(HERE):
        make_learner("Noor", "Visser", birth_date=date(1990, 5, 4))
        row = make_application()
    office = client_at("step-inburgering")
    sign_in(office, "administration")
    names = {"given_name": "Noor", "family_name": "Visser"}
    first = office.post(f"/aanmeldingen/{row.id}", names)
    assert first.status_code == 422
    assert "Er is al iemand met deze naam" in first.get_data(as_text=True)
    assert office.post(f"/aanmeldingen/{row.id}", {**names, "anyway": "y"}).status_code == 303


def test_who_only_looks_makes_no_learner(client_at: Any, sign_in: SignIn, database: Any) -> None:
    with in_school(HERE):
        row = make_application()
    officer = client_at("step-inburgering")
    sign_in(officer, "privacy_officer")
    assert officer.get(f"/aanmeldingen/{row.id}").status_code == 200
    assert officer.post(f"/aanmeldingen/{row.id}", {"given_name": "N", "family_name": "V"}).status_code == 403
    elsewhere = client_at("lest-best")
    sign_in(elsewhere, "administration")
    assert elsewhere.get(f"/aanmeldingen/{row.id}").status_code == 404


@pytest.mark.promise("ST-01", part="intake form")
def test_whom_nobody_takes_on_goes_after_a_year(enter: Callable[[str], Any], clock: Any) -> None:
    with enter("step-inburgering"):
        make_application()
        clock(now() + timedelta(days=364))
        assert run_tonight().erased == 0
        clock(now() + timedelta(days=4))
        assert run_tonight().erased == 1
        assert session.scalars(select(ContactPerson)).all() == []
