"""The pages on which a mail to many is written, looked at, counted and sent (OP-05)."""

from typing import Any

import pytest
from sqlalchemy import select

from portal.contacts.mailings.models import Mailing
from portal.contacts.subscriptions.models import SERVICE_NEWS
from portal.core.clock import today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.mail import Mail
from portal.organisations.models import Relation
from tests.conftest import school_id
from tests.factories.contacts import make_mailing, subscribe
from tests.factories.learners import make_contact_person
from tests.signing_in import SignIn

HERE = school_id("leren-leren")
TYPED = {"purpose": "newsletter", "subject": "Nieuws", "body": "Er is een nieuwe cursus.\nTot snel!"}


@pytest.fixture
def office(client_at: Any, sign_in: SignIn) -> Any:
    browser = client_at("leren-leren")
    sign_in(browser, "administration")
    return browser


def _mailing() -> Mailing:
    with in_school(HERE):
        return session.scalars(select(Mailing)).one()


@pytest.mark.promise("OP-05")
def test_it_is_written_counted_proofed_and_sent(office: Any) -> None:
    with in_school(HERE):
        subscribe(make_contact_person(None, "Noor", email="noor@example.org", relation=Relation.ENQUIRER))
        make_contact_person(None, "Niemand", email="nee@example.org")
    assert "Nog geen mails" in office.get("/nieuwsbrieven").get_data(as_text=True)
    wrong = office.post("/nieuwsbrieven/nieuw", {**TYPED, "subject": " "})
    assert wrong.status_code == 422
    assert "Tot snel!" in wrong.get_data(as_text=True)
    assert office.post("/nieuwsbrieven/nieuw", TYPED).status_code == 303
    path = f"/nieuwsbrieven/{_mailing().id}"
    page = office.get(path).get_data(as_text=True)
    assert "Verstuur naar 1 persoon" in page
    assert office.post(f"{path}/wijzig", {**TYPED, "subject": "Beter nieuws"}).status_code == 303
    assert office.post(f"{path}/proef").status_code == 303
    assert office.post(f"{path}/verstuur").status_code == 303
    assert office.post(f"{path}/verstuur").status_code == 303
    assert _mailing().started_at is not None
    with in_school(HERE):
        assert len(session.scalars(select(Mail).where(Mail.template == "contacts/newsletter")).all()) == 1


def test_news_of_services_asks_that_they_are_alike(office: Any) -> None:
    with in_school(HERE):
        person = make_contact_person(None, "Kim", email="kim@example.org", relation=Relation.CUSTOMER)
        subscribe(person, SERVICE_NEWS, bought_on=today())
        row = make_mailing(purpose=SERVICE_NEWS)
    refused = office.post(f"/nieuwsbrieven/{row.id}/verstuur")
    assert refused.status_code == 422
    assert office.post(f"/nieuwsbrieven/{row.id}/verstuur", {"is_similar": "y"}).status_code == 303


@pytest.mark.parametrize("role", ["teacher", "coach", "management", "privacy_officer"])
def test_who_may_not_send_is_refused(client_at: Any, sign_in: SignIn, role: str) -> None:
    with in_school(HERE):
        row = make_mailing()
    browser = client_at("leren-leren")
    sign_in(browser, role)
    assert browser.get("/nieuwsbrieven").status_code == 403
    assert browser.post(f"/nieuwsbrieven/{row.id}/verstuur").status_code == 403


def test_another_schools_is_not_there(client_at: Any, sign_in: SignIn) -> None:
    with in_school(HERE):
        row = make_mailing()
    other = client_at("onderwijs-pro")
    sign_in(other, "administration")
    for path in ("", "/wijzig"):
        assert other.get(f"/nieuwsbrieven/{row.id}{path}").status_code == 404
    for path in ("/wijzig", "/proef", "/verstuur"):
        assert other.post(f"/nieuwsbrieven/{row.id}{path}", TYPED).status_code == 404


def test_a_school_whose_statement_names_none_writes_none(client_at: Any, sign_in: SignIn) -> None:
    browser = client_at("lest-best")
    sign_in(browser, "administration")
    assert "Uw school heeft geen nieuwsbrief" in browser.get("/nieuwsbrieven").get_data(as_text=True)
    assert browser.get("/nieuwsbrieven/nieuw").status_code == 404
    assert browser.post("/nieuwsbrieven/nieuw", TYPED).status_code == 404
