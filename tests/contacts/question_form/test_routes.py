"""Asking the school something without a sign-in, where it switched that on (LL-08, LL-12)."""

from itertools import count
from random import randrange
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.contacts.messages.models import ContactMessage, MessageWay
from portal.contacts.messages.queries import read_messages
from portal.contacts.messages.services import close_question
from portal.core.audit.models import AuditEvent
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.notifications.models import NotificationKind
from portal.organisations.models import ContactOrigin, ContactPerson, Relation
from portal.policy.privacy_notices.models import PrivacyNotice
from portal.purposes.privacy_notices.queries import count_untold
from portal.schools.services import change_visitor_forms
from tests.conftest import school_id
from tests.factories.accounts import make_account
from tests.factories.notifications import told_of
from tests.page_client import PageClient
from tests.signing_in import SignIn

_MANAGEMENT = actor_of(new_id(), "Bas de Boer", frozenset({"management"}))
_OFFICE = actor_of(new_id(), "Kees Bos", frozenset({"administration"}))
HERE = school_id("leren-leren")
TYPED = {
    "name": "Noor Visser",
    "email": "Noor@Example.org",
    "phone": "",
    "company_name": "Bakkerij Het Anker",
    "language": "en",
    "body": "Wat kost een cursus?\nEn wanneer begint die?",
    "age": "ja",
}
_addresses = count(randrange(2**22))


@pytest.fixture
def visitor(client_at: Any, switched_on: None) -> PageClient:
    browser: PageClient = client_at("leren-leren")
    return browser


@pytest.fixture
def switched_on(database: Any) -> None:
    with in_school(HERE):
        change_visitor_forms(takes={"takes_questions": True}, by=_MANAGEMENT)


def new_address() -> str:
    """A network address from which nothing was sent yet: the limits of the run before may stand."""
    number = next(_addresses)
    return f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"


def send(visitor: PageClient, *, address: str | None = None, **typed: Any) -> Any:
    address = address or new_address()
    return visitor.post("/vraag", form_of(visitor, **typed), environ_overrides={"REMOTE_ADDR": address})


def form_of(visitor: PageClient, **typed: Any) -> dict[str, Any]:
    """Open the page, and return what is sent from it."""
    page = visitor.get("/vraag")
    version = page.get_data(as_text=True).split('name="statement_version" value="')[1].split('"')[0]
    return {**TYPED, "statement_version": version, **typed}


def _stored(model: Any) -> Any:
    with in_school(HERE):
        return session.scalars(select(model)).all()


@pytest.mark.promise("LL-08")
def test_a_question_makes_a_contact_that_was_told(visitor: PageClient) -> None:
    done = send(visitor)

    assert (done.status_code, done.location) == (303, "/vraag/gelukt")
    assert visitor.get("/vraag/gelukt").status_code == 200
    with in_school(HERE):
        person = session.scalars(select(ContactPerson)).one()
        message = read_messages(session.scalars(select(ContactMessage)).all())[0]
        notice = session.scalars(select(PrivacyNotice)).one()
        assert count_untold(PORTAL.scope).all == 0
    assert (person.name, person.email, person.company_name) == ("Noor Visser", "noor@example.org", "Bakkerij Het Anker")
    assert (person.relation, person.origin, person.language) == (Relation.ENQUIRER, ContactOrigin.HERSELF, "en")
    assert (message.body, message.row.way) == (TYPED["body"], MessageWay.WEBSITE)
    assert (notice.contact_person_id, notice.form) == (person.id, "contacts.ask_question")


def test_sent_twice_it_is_stored_once(visitor: PageClient) -> None:
    address, form = new_address(), form_of(visitor)
    for _ in range(2):
        visitor.post("/vraag", form, environ_overrides={"REMOTE_ADDR": address})
    assert len(_stored(ContactMessage)) == 1


@pytest.mark.promise("LL-12")
def test_who_is_too_young_leaves_no_trace(visitor: PageClient) -> None:
    with in_school(HERE):
        before = len(session.scalars(select(AuditEvent.id)).all())
    refused = send(visitor, age="nee")

    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "Vraag uw vader, moeder of voogd" in page
    assert "Noor Visser" in page
    assert _stored(ContactPerson) == _stored(ContactMessage) == _stored(PrivacyNotice) == []
    with in_school(HERE):
        assert len(session.scalars(select(AuditEvent.id)).all()) == before


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"email": ""}, {"email": "noor@"}, {"body": ""}, {"age": ""}, {"body": "x" * 6_000}]
)
def test_what_lacks_is_said_and_nothing_stored(visitor: PageClient, wrong: dict[str, str]) -> None:
    assert send(visitor, **wrong).status_code == 422
    assert _stored(ContactPerson) == []


def test_a_flood_from_one_address_waits(visitor: PageClient) -> None:
    address = new_address()
    for number in range(20):
        assert send(visitor, address=address, body=f"Vraag {number}").status_code == 303
    slowed = send(visitor, address=address, body="Nog een")
    assert slowed.status_code == 429
    assert int(slowed.headers["Retry-After"]) > 0


def test_where_it_is_off_there_is_nothing(client: PageClient) -> None:
    assert client.get("/vraag").status_code == 404
    assert client.post("/vraag", TYPED).status_code == 404
    assert client.get("/vraag/gelukt").status_code == 404


@pytest.mark.promise("LL-08")
def test_the_office_closes_it_on_a_page(visitor: PageClient, client_at: Any, sign_in: SignIn) -> None:
    send(visitor)
    office = client_at("leren-leren")
    sign_in(office, "administration")
    person, message = _stored(ContactPerson)[0], _stored(ContactMessage)[0]
    assert "Noor Visser" in office.get("/vragen").get_data(as_text=True)
    path = f"/contacten/{person.id}/berichten/{message.id}/klaar"
    assert "Wat kost een cursus?" in office.get(path).get_data(as_text=True)
    assert office.post(path, {"is_archived": "y", "archive_reason": ""}).status_code == 422
    assert office.post(path, {"reply": "300 euro."}).location == "/vragen"
    assert _stored(ContactPerson) == []


def test_management_switches_it_on_and_off(client: PageClient, sign_in: SignIn) -> None:
    sign_in(client, "management")
    assert client.post("/instellingen/formulieren", {"takes_questions": "y"}).status_code == 303
    assert "/vraag" in client.get("/instellingen").get_data(as_text=True)
    assert client.get("/vraag").status_code == 200
    client.post("/instellingen/formulieren", {})
    assert client.get("/vraag").status_code == 404


def test_who_handles_questions_is_told_until_somebody_answers(visitor: PageClient) -> None:
    with in_school(HERE):
        office = make_account("Olga Smit", "administration")
        office_id = office.id
    send(visitor)
    with in_school(HERE):
        asked = NotificationKind.QUESTION_ASKED
        message = session.scalars(select(ContactMessage).order_by(ContactMessage.id.desc()).limit(1)).one()
        assert (asked, message.id, None) in told_of(office_id)
        close_question(message.contact_person_id, message.id, reply="Op maandag.", archive_reason=None, by=_OFFICE)
        assert (asked, message.id, None) not in told_of(office_id)
