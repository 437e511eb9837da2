"""A no to mail to many is kept for who said it: at her own address, from when she said it, and not past a newer yes."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.contacts.mailings.queries import find_readers
from portal.contacts.subscriptions.links import Target
from portal.contacts.subscriptions.models import NEWSLETTER, SERVICE_NEWS
from portal.contacts.subscriptions.queries import list_subscriptions, refusals
from portal.contacts.subscriptions.services import Said, confirm, keep_no, offer_no, stop
from portal.core import mail
from portal.core.clock import now, today
from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.organisations.models import ContactPerson, Relation
from portal.requests.answers.services import decide_request
from portal.requests.askers.services import Person, name_person
from portal.requests.data_requests.models import DataRequest, RequestChannel, RequestKind
from tests.conftest import school_id
from tests.factories.contacts import subscribe
from tests.factories.learners import make_contact_person, make_learner, make_representative
from tests.factories.requests import as_staff, ask_from_outside, enter

HERE = school_id("leren-leren")
KINDS = {RequestKind.OBJECTION: SERVICE_NEWS, RequestKind.CONSENT_WITHDRAWAL: NEWSLETTER}


@pytest.fixture
def address() -> str:
    return f"{uuid4().hex[:9]}@example.org"


def kim(email: str, *purposes: str) -> ContactPerson:
    """Somebody who gets mail to many for these purposes."""
    person = make_contact_person(None, "Kim de Boer", email=email, relation=Relation.CUSTOMER)
    for each in purposes:
        subscribe(person, each, bought_on=today() if each == SERVICE_NEWS else None)
    return person


def readers(purpose: str) -> list[str]:
    return [each.email for each in find_readers(purpose, SYSTEM).readers]


def decide(request: DataRequest) -> None:
    if request.is_undecided:
        decide_request(request.id, {}, reply="Goed.", is_nobody_found=not request.is_of_known_person, by=as_staff())


@pytest.mark.parametrize("kind", KINDS)
def test_who_asks_for_somebody_else_keeps_her_own_mail(database: object, kind: RequestKind, address: str) -> None:
    with in_school(HERE):
        purpose, hers = KINDS[kind], f"{uuid4().hex[:9]}@example.org"
        kim(address, purpose)
        omar = kim(hers, purpose)
        request = ask_from_outside(kind, purposes=(purpose,), asker_contact=address, asked_for="Omar Haddad")
        assert set(readers(purpose)) == {address, hers}
        name_person(request.id, Person(contact_person_id=omar.id), by=as_staff())
        decide(request)
        assert readers(purpose) == [address]
        assert set(refusals(purpose, [address, hers])) == {hers}


@pytest.mark.parametrize("kind", KINDS)
def test_so_where_nobody_is_found_and_of_whom_the_school_has_no_address(
    database: object, kind: RequestKind, address: str
) -> None:
    with in_school(HERE):
        purpose, given = KINDS[kind], {"asker_contact": address, "asked_for": "Omar Haddad"}
        decide(ask_from_outside(kind, purposes=(purpose,), **given))
        represents = make_representative(make_learner(), email=None)
        named = ask_from_outside(kind, purposes=(purpose,), **given)
        name_person(named.id, Person(representative_id=represents.id), by=as_staff())
        assert refusals(purpose, [address]) == {}


@pytest.mark.parametrize("typed", ["{} / 06-12345678", "06-12345678, {}", "{}, an@example.org", "{} (werk)", "@"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_one_address_keeps_no_no(database: object, kind: RequestKind, typed: str, address: str) -> None:
    with in_school(HERE):
        purpose, contact = KINDS[kind], typed.format(address)
        decide(enter(kind, purposes=(purpose,), asker_contact=contact, channel=RequestChannel.PHONE))
        assert refusals(purpose, [address, contact]) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_one_address_does_however_the_desk_types_it(database: object, kind: RequestKind, address: str) -> None:
    with in_school(HERE):
        purpose = KINDS[kind]
        decide(enter(kind, purposes=(purpose,), asker_contact=f" {address.upper()} ", channel=RequestChannel.PHONE))
        assert set(refusals(purpose, [address])) == {address}


def test_the_moment_of_a_no_stays_when_it_is_decided(database: object, address: str) -> None:
    with in_school(HERE):
        request = ask_from_outside(
            RequestKind.OBJECTION, purposes=(SERVICE_NEWS, "security"), asker_contact=address, body="Nee."
        )
        said = refusals(SERVICE_NEWS, [address])
        assert said == {address: request.filed_at}
        decide(request)
        assert refusals(SERVICE_NEWS, [address]) == said


@pytest.mark.promise("LL-07")
@pytest.mark.parametrize("kind", KINDS)
def test_it_stops_at_the_address_when_it_is_filed(database: object, kind: RequestKind, address: str) -> None:
    with in_school(HERE):
        kim(address, KINDS[kind])
        ask_from_outside(kind, purposes=(KINDS[kind],), asker_contact=address)
        assert readers(KINDS[kind]) == []


@pytest.mark.parametrize("is_named", [True, False])
def test_a_newer_yes_from_her_mailbox_stays_when_the_desk_decides(
    database: object, address: str, is_named: bool
) -> None:
    with in_school(HERE):
        person = kim(address, NEWSLETTER)
        request = ask_from_outside(RequestKind.CONSENT_WITHDRAWAL, purposes=(NEWSLETTER,), asker_contact=address)
        yes_from_mailbox(person, request.filed_at)
        if is_named:
            name_person(request.id, Person(contact_person_id=person.id), by=as_staff())
        decide(request)
        assert readers(NEWSLETTER) == [address]
        assert refusals(NEWSLETTER, [address]) == {}


def test_so_a_yes_to_news_of_services_from_her_mailbox(database: object, address: str) -> None:
    with in_school(HERE):
        person = kim(address, SERVICE_NEWS)
        request = ask_from_outside(
            RequestKind.OBJECTION, purposes=(SERVICE_NEWS, "security"), asker_contact=address, body="Nee."
        )
        assert readers(SERVICE_NEWS) == []
        offer_no(person.id, bought_on=today(), said=Said.YES_AGAIN, by=as_staff("administration"))
        assert confirm(Target(person.id, SERVICE_NEWS), shown="Wilt u dit?", language="nl")
        assert readers(SERVICE_NEWS) == [address]
        decide(request)
        assert readers(SERVICE_NEWS) == [address]
        assert refusals(SERVICE_NEWS, [address]) == {}
        stop(Target(person.id, SERVICE_NEWS))
        assert readers(SERVICE_NEWS) == []


@pytest.mark.parametrize("kind", KINDS)
def test_mail_that_waits_for_the_address_does_not_leave(database: object, kind: RequestKind, address: str) -> None:
    with in_school(HERE):
        purpose, hers = KINDS[kind], f"{uuid4().hex[:9]}@example.org"
        people = kim(address, purpose), kim(hers, purpose)
        waiting = {
            mail.send(
                str(each.email), "contacts/newsletter", purpose=purpose, contact_person_id=each.id, subject="Nieuws",
                lines=[], school="", is_news=False, stop="",
            ): each.id
            for each in people
        }  # fmt: skip
        ask_from_outside(kind, purposes=(purpose,), asker_contact=address)
        left = session.scalars(select(mail.Mail.id).where(mail.Mail.id.in_(waiting))).all()
        assert [waiting[each] for each in left] == [people[1].id]


def test_a_yes_between_the_day_of_a_letter_and_its_entry_is_newer(database: object, address: str) -> None:
    with in_school(HERE):
        person = kim(address)
        came_on = today() - timedelta(days=9)
        subscribe(person, NEWSLETTER, confirmed_at=now() - timedelta(days=5))
        decide(
            enter(
                RequestKind.CONSENT_WITHDRAWAL, purposes=(NEWSLETTER,), contact_person_id=person.id,
                channel=RequestChannel.LETTER, received_on=came_on,
            )
        )  # fmt: skip
        assert readers(NEWSLETTER) == [address]


def yes_from_mailbox(person: ContactPerson, after: datetime) -> None:
    """Let somebody whose yes ended at this moment ask anew, and open the link that she is mailed."""
    keep_no(NEWSLETTER, person.email, said_at=after)
    for row in list_subscriptions(person.id, SYSTEM):
        row.ended_at = after
    session.flush()
    subscribe(person, NEWSLETTER, asked_at=now(), confirmed_at=None)
    assert confirm(Target(person.id, NEWSLETTER), shown="Wilt u dit?", language="nl")
    assert refusals(NEWSLETTER, [person.email or ""]) == {}


def test_who_waits_for_the_link_that_she_asked_for_later_can_still_open_it(database: object, address: str) -> None:
    with in_school(HERE):
        person = kim(address)
        request = ask_from_outside(RequestKind.CONSENT_WITHDRAWAL, purposes=(NEWSLETTER,), asker_contact=address)
        subscribe(person, NEWSLETTER, asked_at=now(), confirmed_at=None)
        name_person(request.id, Person(contact_person_id=person.id), by=as_staff())
        decide(request)
        assert readers(NEWSLETTER) == []
        assert confirm(Target(person.id, NEWSLETTER), shown="Wilt u dit?", language="nl")
        assert readers(NEWSLETTER) == [address]


def test_an_older_yes_ends_and_of_news_of_services_no_yes_is_newer(database: object, address: str) -> None:
    with in_school(HERE):
        person = kim(address, NEWSLETTER)
        decide(enter(RequestKind.CONSENT_WITHDRAWAL, purposes=(NEWSLETTER,), contact_person_id=person.id))
        assert readers(NEWSLETTER) == []
        request = ask_from_outside(RequestKind.OBJECTION, purposes=(SERVICE_NEWS,), asked_for="Kim de Boer")
        subscribe(person, SERVICE_NEWS, bought_on=today())
        name_person(request.id, Person(contact_person_id=person.id), by=as_staff())
        assert readers(SERVICE_NEWS) == []
        assert set(refusals(SERVICE_NEWS, [address])) == {address}


def test_a_later_no_of_the_same_address_is_not_moved_back(database: object, address: str) -> None:
    with in_school(HERE):
        earlier = now()
        keep_no(NEWSLETTER, address)
        kept = refusals(NEWSLETTER, [address])
        keep_no(NEWSLETTER, address, said_at=earlier)
        assert refusals(NEWSLETTER, [address]) == kept
