"""Asking for the newsletter, confirming it from the mailbox, stopping by one click, being erased after (LL-07)."""

from datetime import timedelta
from functools import partial
from itertools import count
from random import randrange
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.accounts.actors import actor_of
from portal.contacts.mailings.queries import find_readers
from portal.contacts.subscriptions.links import make_news_token
from portal.contacts.subscriptions.models import NEWSLETTER, SERVICE_NEWS, NewsRefusal, Subscription
from portal.contacts.subscriptions.queries import refusals
from portal.contacts.subscriptions.services import ask_newsletter, keep_no
from portal.core.clock import now
from portal.core.crypto import keys
from portal.core.db.base import new_id
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.core.mail import Mail
from portal.organisations.models import ContactPerson, Relation
from portal.organisations.services import ContactFacts
from portal.purposes.models import Consent
from portal.schools.services import change_visitor_forms
from tests.conftest import school_id
from tests.factories.consent import agree
from tests.factories.contacts import make_message, subscribe
from tests.factories.learners import make_contact_person, make_learner
from tests.page_client import PageClient
from tests.racing import Race
from tests.signing_in import SignIn

MANAGEMENT = actor_of(new_id(), "Bas de Boer", frozenset({"management"}))
HERE = school_id("leren-leren")
TYPED = {"name": "Noor Visser", "language": "nl", "age": "ja"}
_addresses = count(randrange(2**22))


@pytest.fixture
def visitor(client_at: Any, database: Any) -> PageClient:
    with in_school(HERE):
        change_visitor_forms(takes={"takes_subscribers": True}, by=MANAGEMENT)
    browser: PageClient = client_at("leren-leren")
    return browser


def ask(visitor: PageClient, email: str, **typed: str) -> Any:
    number = next(_addresses)
    address = f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"
    page = visitor.get("/nieuwsbrief").get_data(as_text=True)
    version = page.split('name="statement_version" value="')[1].split('"')[0]
    form = {**TYPED, "email": email, "statement_version": version, **typed}
    return visitor.post("/nieuwsbrief", form, environ_overrides={"REMOTE_ADDR": address})


def _address() -> str:
    return f"{uuid4().hex[:12]}@example.org"


def _readers(purpose: str = NEWSLETTER) -> list[str]:
    with in_school(HERE):
        return sorted(each.email for each in find_readers(purpose, SYSTEM).readers)


def _mails(template: str) -> list[str]:
    with in_school(HERE):
        rows = session.scalars(select(Mail).where(Mail.template == template).order_by(Mail.asked_at)).all()
        return [keys.unseal_for_school(row.sealed or b"", "mail") for row in rows]


def _confirm_path(mail: str) -> str:
    return "/nieuwsbrief/bevestig/" + mail.split("/nieuwsbrief/bevestig/")[1].split('"', maxsplit=1)[0]


def _subscriber(**values: Any) -> tuple[Any, str, str]:
    """Somebody who is here for the newsletter alone, her address, and the path of her link."""
    email = _address()
    with in_school(HERE):
        person = make_contact_person(None, "Noor Visser", email=email, relation=Relation.ENQUIRER)
        subscribe(person, **values)
        return person.id, email, f"/nieuwsbrief/stop/{make_news_token(person.id, NEWSLETTER)}"


@pytest.mark.promise("OP-05")
@pytest.mark.promise("LL-07")
def test_only_a_click_in_ones_own_mailbox_begins_it(visitor: PageClient) -> None:
    email = _address()
    done = ask(visitor, email)
    assert (done.status_code, done.location) == (303, "/nieuwsbrief/kijk")
    assert _readers() == []

    path = _confirm_path(_mails("contacts/confirm")[0])
    assert visitor.get(path).status_code == 200
    assert _readers() == []
    assert visitor.post(path).status_code == 200
    assert _readers() == [email]
    with in_school(HERE):
        row = session.scalars(select(Subscription)).one()
    assert (row.language, row.statement_version_id is None) == ("nl", False)
    assert row.text_shown


def test_who_asks_again_is_answered_alike_and_stands_there_once(visitor: PageClient) -> None:
    email = _address()
    first, second = ask(visitor, email), ask(visitor, email, name="Iemand Anders")
    assert (first.status_code, first.location) == (second.status_code, second.location)
    with in_school(HERE):
        assert len(session.scalars(select(ContactPerson)).all()) == 1


@pytest.mark.promise("LL-12")
def test_who_is_too_young_leaves_no_trace(visitor: PageClient) -> None:
    assert ask(visitor, _address(), age="nee").status_code == 422
    with in_school(HERE):
        assert session.scalars(select(ContactPerson)).all() == []
    assert _mails("contacts/confirm") == []


@pytest.mark.parametrize("wrong", [{"email": ""}, {"email": "noor@"}, {"name": " "}, {"age": ""}])
def test_what_lacks_is_said(visitor: PageClient, wrong: dict[str, str]) -> None:
    email = wrong.pop("email", _address())
    assert ask(visitor, email, **wrong).status_code == 422
    assert _mails("contacts/confirm") == []


@pytest.mark.promise("OP-05")
@pytest.mark.promise("LL-07")
def test_one_click_stops_it_signed_out_and_erasing_is_a_step_of_its_own(visitor: PageClient) -> None:
    person_id, email, path = _subscriber()
    assert visitor.get(path).status_code == 200
    assert _readers() == [email]

    page = visitor.post(path, {"List-Unsubscribe": "One-Click"}).get_data(as_text=True)

    assert "Wilt u ook dat wij uw gegevens wissen?" in page
    assert _readers() == []
    assert visitor.post(path).status_code == 200
    with in_school(HERE):
        assert session.get(ContactPerson, (HERE, person_id)) is not None

    erased = visitor.post(path.replace("/stop/", "/wis/"))
    assert "Wij houden alleen een code over" in erased.get_data(as_text=True)
    with in_school(HERE):
        assert session.scalars(select(ContactPerson)).all() == []
        assert session.scalars(select(Subscription)).all() == []
        assert set(refusals(NEWSLETTER, {email})) == {email}
        assert email.encode() not in session.scalars(select(NewsRefusal.digest)).one()
    assert "keeps_no" in _mails("contacts/erased")[0]
    assert visitor.post(path).status_code == 200


@pytest.mark.promise("LL-09")
def test_what_is_held_beside_the_newsletter_is_told_and_stays(visitor: PageClient) -> None:
    _, email, path = _subscriber()
    with in_school(HERE):
        asker = make_contact_person(None, "N. Visser", email=email.upper(), relation=Relation.ENQUIRER)
        make_message(asker, "Wanneer begint de cursus?")
        twin = make_contact_person(None, "Noor V.", email=email, relation=Relation.ENQUIRER)
        subscribe(twin, confirmed_at=None)
    visitor.post(path)

    said = visitor.post(path.replace("/stop/", "/wis/")).get_data(as_text=True)

    assert "Uw gegevens zijn gewist" not in said
    assert "Wij hebben nog meer bij dit e-mailadres" in said
    with in_school(HERE):
        assert [each.id for each in session.scalars(select(ContactPerson))] == [asker.id]
    assert ['"has_more": true' in each for each in _mails("contacts/erased")] == [True]


def test_three_who_ask_with_one_address_at_once_are_one_contact(race: Race) -> None:
    race.school_id, email = HERE, _address()
    facts = ContactFacts("Noor Visser", relation=Relation.ENQUIRER, email=email, language="nl")
    with in_school(race.school_id):
        change_visitor_forms(takes={"takes_subscribers": True}, by=MANAGEMENT)

    def ask_once(address: str) -> None:
        ask_newsletter(facts, version="", is_old_enough=True, address=address)

    for done in [race.start(partial(ask_once, f"192.0.2.{each}")) for each in range(1, 4)]:
        done.result(timeout=20)

    with in_school(race.school_id):
        assert len(session.scalars(select(ContactPerson).where(ContactPerson.email == email)).all()) == 1


@pytest.mark.promise("LL-07")
def test_a_no_outlasts_the_erasure_until_she_says_yes_herself(visitor: PageClient) -> None:
    _, email, path = _subscriber()
    visitor.post(path)
    visitor.post(path.replace("/stop/", "/wis/"))
    with in_school(HERE):
        again = make_contact_person(None, "Noor Visser", email=email, relation=Relation.CUSTOMER)
        with_older_yes = subscribe(again, confirmed_at=now() - timedelta(days=400))
    assert _readers() == []
    with in_school(HERE):
        session.delete(session.get_one(Subscription, (HERE, with_older_yes.id)))
        session.flush()
    ask(visitor, email)
    visitor.post(_confirm_path(_mails("contacts/confirm")[-1]))
    assert _readers() == [email]


def test_who_is_here_for_more_asks_the_desk(visitor: PageClient) -> None:
    person_id, _, path = _subscriber()
    with in_school(HERE):
        make_message(session.get_one(ContactPerson, (HERE, person_id)))
    assert "Vraag om wissen" in visitor.post(path).get_data(as_text=True)
    visitor.post(path.replace("/stop/", "/wis/"))
    with in_school(HERE):
        assert session.get(ContactPerson, (HERE, person_id)) is not None


@pytest.mark.promise("OP-05")
def test_a_learner_stops_by_the_same_click(visitor: PageClient) -> None:
    email = _address()
    with in_school(HERE):
        learner = make_learner("Amina", "Yilmaz", email=email)
        agree(learner, NEWSLETTER)
        token = make_news_token(learner.id, NEWSLETTER)
    assert _readers() == [email]
    assert visitor.post(f"/nieuwsbrief/stop/{token}").status_code == 200
    assert _readers() == []
    with in_school(HERE):
        assert session.scalars(select(Consent)).one().ended_at is not None


@pytest.mark.promise("LL-07")
def test_a_no_to_news_of_services_works_the_same_way(visitor: PageClient, client_at: Any, sign_in: SignIn) -> None:
    email = _address()
    with in_school(HERE):
        person = make_contact_person(None, "Kim Klant", email=email, relation=Relation.CUSTOMER)
    office = client_at("leren-leren")
    sign_in(office, "administration")
    form = {"bought_on": "2026-01-05", "answer": "not_no"}
    assert office.post(f"/contacten/{person.id}/nieuws", {**form, "answer": ""}).status_code == 422
    assert office.post(f"/contacten/{person.id}/nieuws", form).status_code == 303
    assert _readers(SERVICE_NEWS) == [email]
    assert _readers() == []

    visitor.post(f"/nieuwsbrief/stop/{make_token(person.id)}")

    assert _readers(SERVICE_NEWS) == []
    with in_school(HERE):
        assert set(refusals(SERVICE_NEWS, {email})) == {email}


@pytest.mark.promise("LL-07")
def test_a_no_to_news_of_services_is_taken_back_in_ones_own_mailbox_alone(
    visitor: PageClient, client_at: Any, sign_in: SignIn
) -> None:
    email, office, template = _address(), client_at("leren-leren"), "contacts/confirm_service_news"
    with in_school(HERE):
        person = make_contact_person(None, "Kim Klant", email=email, relation=Relation.CUSTOMER)
        without = make_contact_person(None, "Zonder", relation=Relation.CUSTOMER)
        keep_no(SERVICE_NEWS, email)
    sign_in(office, "administration")
    form = {"bought_on": "2026-01-05", "answer": "not_no"}
    refused = office.post(f"/contacten/{person.id}/nieuws", form)
    assert refused.status_code == 422
    assert "Of vraagt deze persoon er nu zelf om?" in refused.get_data(as_text=True)
    again = {**form, "answer": "yes_again"}
    nowhere = office.post(f"/contacten/{without.id}/nieuws", again)
    assert (nowhere.status_code, "geen e-mailadres" in nowhere.get_data(as_text=True)) == (422, True)
    for _ in range(2):
        assert office.post(f"/contacten/{person.id}/nieuws", again).status_code == 303
    assert _readers(SERVICE_NEWS) == []

    path = _confirm_path(_mails(template)[0])
    assert "Wilt u toch nieuws over diensten?" in visitor.get(path).get_data(as_text=True)
    assert _readers(SERVICE_NEWS) == []
    assert "U krijgt nieuws over diensten" in visitor.post(path).get_data(as_text=True)

    assert _readers(SERVICE_NEWS) == [email]
    visitor.post(f"/nieuwsbrief/stop/{make_token(person.id)}")
    assert "Deze link werkt niet meer" in visitor.post(path).get_data(as_text=True)
    assert _readers(SERVICE_NEWS) == []


def test_who_said_no_from_outside_asks_the_newsletter_again_and_gets_a_link(visitor: PageClient) -> None:
    _, email, _ = _subscriber()
    with in_school(HERE):
        keep_no(NEWSLETTER, email)
    assert _readers() == []

    ask(visitor, email)

    assert _readers() == []
    visitor.post(_confirm_path(_mails("contacts/confirm")[-1]))
    assert _readers() == [email]
    with in_school(HERE):
        assert len(session.scalars(select(ContactPerson)).all()) == 1


def test_a_link_to_confirm_is_good_for_the_address_to_which_it_went(visitor: PageClient) -> None:
    email, other = _address(), _address()
    ask(visitor, email)
    path = _confirm_path(_mails("contacts/confirm")[0])
    with in_school(HERE):
        keep_no(NEWSLETTER, other)
        session.scalars(select(ContactPerson)).one().email = other
        session.flush()

    assert (visitor.get(path).status_code, visitor.post(path).status_code) == (404, 404)

    assert _readers() == []
    with in_school(HERE):
        assert set(refusals(NEWSLETTER, {other})) == {other}


def test_who_is_said_to_ask_for_news_of_services_confirms_it_whatever_is_known(
    client_at: Any, sign_in: SignIn, visitor: PageClient
) -> None:
    email, office = _address(), client_at("leren-leren")
    with in_school(HERE):
        person = make_contact_person(None, "Kim Klant", email=email, relation=Relation.CUSTOMER)
    sign_in(office, "administration")
    office.post(f"/contacten/{person.id}/nieuws", {"bought_on": "2026-01-05", "answer": "yes_again"})
    assert _readers(SERVICE_NEWS) == []
    visitor.post(_confirm_path(_mails("contacts/confirm_service_news")[0]))
    assert _readers(SERVICE_NEWS) == [email]


def make_token(person_id: Any) -> str:
    """Return the link of somebody to stop news of services."""
    with in_school(HERE):
        return make_news_token(person_id, SERVICE_NEWS)


def test_a_link_that_this_school_did_not_make_is_nobodys(visitor: PageClient, client_at: Any) -> None:
    person_id, _, path = _subscriber()
    wrong = path[:-6] + "AAAAA="
    for address in (wrong, path.replace("/stop/", "/bevestig/"), "/nieuwsbrief/stop/x"):
        assert visitor.get(address).status_code == 404
        assert visitor.post(address).status_code == 404
    assert client_at("onderwijs-pro").post(path).status_code == 404
    assert _readers() != []
    assert person_id


def test_where_it_is_off_there_is_nothing(client: PageClient) -> None:
    assert client.get("/nieuwsbrief").status_code == 404
    assert client.post("/nieuwsbrief", TYPED).status_code == 404
