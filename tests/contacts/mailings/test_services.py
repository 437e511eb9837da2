"""Who gets a mail to many, and sending it in parts, once to each (OP-05, LL-07)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select

from portal.accounts.actors import actor_of
from portal.contacts.mailings.models import MailingCopy
from portal.contacts.mailings.queries import find_readers
from portal.contacts.mailings.services import begin_mailing, send_mailing, write_mailing
from portal.contacts.subscriptions.links import Target
from portal.contacts.subscriptions.models import NEWSLETTER, SERVICE_NEWS, NewsRefusal, Subscription
from portal.contacts.subscriptions.queries import refusals
from portal.contacts.subscriptions.services import (
    Said,
    confirm,
    erase_unconfirmed,
    keep_no,
    offer_no,
    refuse_again,
    stop,
)
from portal.core.clock import now, today
from portal.core.crypto import keys
from portal.core.crypto.ledger import EndingsSince
from portal.core.db.base import new_id
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.core.mail import Mail
from portal.learners.record.models import Learner
from portal.organisations.models import ContactPerson, Relation
from portal.organisations.services import erase_contact_person
from tests.factories.consent import agree
from tests.factories.contacts import make_mailing, subscribe
from tests.factories.learners import make_contact_person, make_learner, make_trajectory
from tests.factories.restrictions import hold


@pytest.fixture
def office(enter: Callable[[str], Any]) -> Any:
    with enter("leren-leren"):
        yield actor_of(new_id(), "Anouk Bos", frozenset({"administration"}))


def _person(name: str, relation: Relation = Relation.ENQUIRER) -> ContactPerson:
    return make_contact_person(None, name, email=f"{name.lower()}@example.org", relation=relation)


def _readers(purpose: str) -> list[str]:
    return sorted(each.email.partition("@")[0] for each in find_readers(purpose, SYSTEM).readers)


def _nothing() -> None:
    """Nothing follows a part."""


@pytest.mark.promise("OP-05")
@pytest.mark.promise("LL-07")
def test_the_list_holds_only_who_consents_now(office: Actor) -> None:
    for name, values in (("Ja", {}), ("Niet", {"confirmed_at": None}), ("Gestopt", {"ended_at": now()})):
        subscribe(_person(name), **values)
    _person("Nooit")
    agree(make_learner("Amina", "A", email="amina@example.org"), NEWSLETTER)
    make_learner("Chen", "C", email="chen@example.org")

    found = find_readers(NEWSLETTER, SYSTEM)

    assert _readers(NEWSLETTER) == ["amina", "ja"]
    assert found.learners == 1
    assert (found.left_out["not_confirmed"], found.left_out["stopped"], found.left_out["no_consent"]) == (1, 1, 1)


@pytest.mark.promise("LL-07")
def test_news_without_consent_goes_only_to_who_bought_and_could_say_no(office: Actor) -> None:
    bought = _person("Koper", Relation.CUSTOMER)
    offer_no(bought.id, bought_on=today(), said=Said.NOT_NO, by=office)
    refused = _person("Nee", Relation.CUSTOMER)
    offer_no(refused.id, bought_on=today(), said=Said.NO, by=office)
    _person("Klant", Relation.CUSTOMER)  # nobody offered her a no
    subscribe(_person("Prospect", Relation.PROSPECT), SERVICE_NEWS)
    placed = make_learner("Bereket", "B", email="bereket@example.org")
    make_trajectory(placed)
    with pytest.raises(Invalid):
        offer_no(_person("Mogelijk", Relation.PROSPECT).id, bought_on=today(), said=Said.NOT_NO, by=office)

    assert _readers(SERVICE_NEWS) == ["koper"]
    bought.relation = Relation.FORMER_CUSTOMER
    session.flush()
    assert _readers(SERVICE_NEWS) == []


@pytest.mark.promise("LL-07")
def test_a_no_to_news_holds_whatever_she_buys_later_and_after_her_erasure(office: Actor) -> None:
    person = _person("Koper", Relation.CUSTOMER)
    offer_no(person.id, bought_on=today() - timedelta(days=100), said=Said.NOT_NO, by=office)
    stop(Target(person.id, SERVICE_NEWS))

    def buys_again(person_id: UUID) -> None:
        with pytest.raises(Invalid) as refused:
            offer_no(person_id, bought_on=today(), said=Said.NOT_NO, by=office)
        assert (refused.value.field, refused.value.code) == ("answer", "said_no_before")

    buys_again(person.id)
    erase_contact_person(person.id, why="asked", by=office)
    again = _person("koper", Relation.CUSTOMER)
    buys_again(again.id)
    row = subscribe(again, SERVICE_NEWS, bought_on=today())  # as a file of the school would bring it in

    assert (row.is_in_force, _readers(SERVICE_NEWS)) == (True, [])
    assert find_readers(SERVICE_NEWS, SYSTEM).left_out["said_no"] == 1


@pytest.mark.promise("OP-05")
def test_it_goes_in_parts_and_once_to_each(office: Actor) -> None:
    for number in range(60):
        subscribe(_person(f"p{number}"))
    row = write_mailing(None, purpose=NEWSLETTER, subject="Nieuws", body="Regel een\nRegel twee", by=office)
    begin_mailing(row.id, by=office)
    with pytest.raises(Conflict):
        begin_mailing(row.id, by=office)
    stopped_meanwhile = session.scalars(select(ContactPerson).where(ContactPerson.name == "p59")).one()

    def killed() -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        send_mailing(row.id, SYSTEM, part_done=killed)
    stop(Target(stopped_meanwhile.id, NEWSLETTER))
    rest = send_mailing(row.id, SYSTEM, part_done=_nothing)

    assert rest == 9
    assert send_mailing(row.id, SYSTEM, part_done=_nothing) == 0
    assert session.scalar(select(func.count()).select_from(MailingCopy)) == 59
    mails = session.scalars(select(Mail).where(Mail.template == "contacts/newsletter")).all()
    assert len(mails) == 59
    assert {each.purpose for each in mails} == {NEWSLETTER}
    assert all("/nieuwsbrief/stop/" in keys.unseal_for_school(each.sealed or b"", "mail") for each in mails)
    with pytest.raises(Conflict):
        write_mailing(row.id, purpose=NEWSLETTER, subject="Anders", body="Anders", by=office)


@pytest.mark.promise("LL-07")
def test_a_restored_database_keeps_each_no(enter: Callable[[str], Any]) -> None:
    since = now()
    with enter("leren-leren"):
        person = _person("Nee")
        subscription = subscribe(person)
        stop(Target(person.id, NEWSLETTER))
    with enter("leren-leren"):
        kept = session.get_one(Subscription, (subscription.school_id, subscription.id))
        kept.ended_at = None  # as a backup of before has it
        for row in session.scalars(select(NewsRefusal)):
            session.delete(row)
        session.flush()

        assert refuse_again(EndingsSince(since)) == 1

        assert _readers(NEWSLETTER) == []
        assert set(refusals(NEWSLETTER, {str(person.email)})) == {person.email}


@pytest.mark.promise("LL-07")
@pytest.mark.parametrize("purpose", [NEWSLETTER, SERVICE_NEWS])
def test_a_restored_database_keeps_the_no_of_whom_nobody_knew(enter: Callable[[str], Any], purpose: str) -> None:
    since = now()
    with enter("leren-leren"):
        keep_no(purpose, "later@example.org")
    with enter("leren-leren"):
        session.execute(delete(NewsRefusal))  # as a backup of before has it

        assert refuse_again(EndingsSince(since)) == 1
        assert refuse_again(EndingsSince(since)) == 1

        assert set(refusals(purpose, {"later@example.org", "ander@example.org"})) == {"later@example.org"}
        person = _person("Later", Relation.CUSTOMER)
        subscribe(person, purpose, confirmed_at=None, bought_on=today() if purpose == SERVICE_NEWS else None)
        assert confirm(Target(person.id, purpose), shown="Wilt u dit?", language="nl")
        assert refusals(purpose, {"later@example.org"}) == {}


def test_who_is_erased_while_she_gets_it_has_said_no(office: Actor) -> None:
    person = _person("Weg")
    subscribe(person)
    erase_contact_person(person.id, why="asked", by=office)
    assert len(session.scalars(select(NewsRefusal)).all()) == 1


def test_who_does_not_click_is_erased_after_a_week(office: Actor, clock: Any) -> None:
    subscribe(_person("Stil"), confirmed_at=None)
    clock(now() + timedelta(days=6))
    assert erase_unconfirmed() == 0
    clock(now() + timedelta(days=2))
    assert erase_unconfirmed() == 1
    assert session.scalars(select(ContactPerson)).all() == []


def test_one_that_waits_in_the_mail_is_not_written_twice(office: Actor) -> None:
    row = make_mailing()
    assert send_mailing(row.id, SYSTEM, part_done=_nothing) == 0


@pytest.mark.promise("ST-08", part="shielded")
@pytest.mark.parametrize("categories", [(), ("contact",)])
def test_the_list_leaves_out_who_restricted_her_address(office: Actor, categories: tuple[str, ...]) -> None:
    for name in ("Amina", "Chen"):
        agree(make_learner(name, email=f"{name.lower()}@example.org"), NEWSLETTER)
    hers = session.scalars(select(Learner).where(Learner.given_name == "Amina")).one()
    hold(hers.id, *categories)
    checkpoint()

    assert _readers(NEWSLETTER) == ["chen"]
