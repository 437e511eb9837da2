"""Closing a question: archived for a reason or gone, each by its own term (LL-08)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.accounts.actors import actor_of
from portal.contacts.messages.models import ContactMessage
from portal.contacts.messages.queries import list_messages
from portal.contacts.messages.services import close_question, erase_questions_over
from portal.core.clock import AMSTERDAM, now, today
from portal.core.crypto import key_store, keys
from portal.core.crypto.ledger import EndingsSince
from portal.core.crypto.outbox import push_waiting
from portal.core.db.base import new_id
from portal.core.db.scope import checkpoint
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import Actor
from portal.core.mail import Mail
from portal.intakes.applications.models import IntakeApplication
from portal.intakes.applications.services import erase_applications_over
from portal.organisations.models import ContactPerson, Relation
from portal.requests.data_requests.models import RequestChannel
from portal.retention.erasures.restored import erase_correspondence_again
from tests.factories.contacts import make_application, make_message
from tests.factories.copies import identified
from tests.factories.learners import make_contact_person
from tests.retention.people import run_tonight


@pytest.fixture
def office(enter: Callable[[str], Any]) -> Any:
    with enter("leren-leren"):
        yield actor_of(new_id(), "Anouk Bos", frozenset({"administration"}))


def _asker() -> ContactPerson:
    return make_contact_person(None, "Noor Visser", email="noor@example.org", relation=Relation.ENQUIRER)


def _left() -> tuple[int, int]:
    people, messages = session.scalars(select(ContactPerson)).all(), session.scalars(select(ContactMessage)).all()
    return len(people), len(messages)


@pytest.mark.promise("LL-08")
def test_one_that_is_not_archived_goes_at_once_with_who_only_asked(office: Actor) -> None:
    person = _asker()
    row = make_message(person)

    assert close_question(person.id, row.id, reply="Op 1 december.\nTot dan!", archive_reason=None, by=office) is False

    assert _left() == (0, 0)
    sent = session.scalars(select(Mail).where(Mail.template == "contacts/answer")).one()
    assert "Op 1 december." in keys.unseal_for_school(sent.sealed or b"", "mail")


def test_one_stays_while_who_asked_waits_for_an_answer_to_a_request(office: Actor) -> None:
    """Her copy must have it (AVG art. 15)."""
    person = _asker()
    row = make_message(person)
    identified("access", channel=RequestChannel.LETTER, contact_person_id=person.id)

    assert close_question(person.id, row.id, reply="Op 1 december.", archive_reason=None, by=office) is True

    assert _left() == (1, 1)


def test_a_question_that_went_by_its_term_stays_gone_in_a_database_put_back(office: Actor) -> None:
    since, person = now(), make_contact_person(None, "Noor Visser", relation=Relation.CUSTOMER)
    row_id, other_id = make_message(person).id, make_message(person).id
    make_application(received_on=today() - timedelta(days=4000))
    close_question(person.id, row_id, reply="Op 1 december.", archive_reason=None, by=office)
    sign_up = session.scalars(select(IntakeApplication)).one()
    sign_up_id, hers = sign_up.id, sign_up.contact_person_id
    assert erase_applications_over([hers], day=today(), by=office) == {hers}
    checkpoint()
    while push_waiting():
        pass
    session.execute(update(ContactMessage).where(ContactMessage.id == make_message(person).id).values(id=row_id))
    make_application(id=sign_up_id)  # as the backup has them
    ended = EndingsSince(since)

    assert erase_correspondence_again(ended) == 2
    assert erase_correspondence_again(ended) == 0
    assert session.scalars(select(ContactMessage.id)).all() == [other_id]
    assert session.scalars(select(IntakeApplication.id)).all() == []


def test_one_is_archived_where_the_key_of_who_asked_must_be_fetched_first(office: Actor) -> None:
    person = _asker()
    row = make_message(person)
    checkpoint()
    key_store.forget()

    assert close_question(person.id, row.id, reply=None, archive_reason="Afspraak over de prijs.", by=office)


@pytest.mark.promise("LL-08")
def test_one_that_is_archived_stays_five_years_with_its_reason(
    office: Actor, clock: Callable[[datetime], None]
) -> None:
    person = _asker()
    person_id, row = person.id, make_message(person)
    with pytest.raises(Invalid):
        close_question(person.id, row.id, reply=None, archive_reason="\u200b ", by=office)

    assert close_question(person.id, row.id, reply=None, archive_reason="Afspraak over de prijs.", by=office)
    assert [each.archive_reason for each in list_messages(person.id, office.scope)] == ["Afspraak over de prijs."]
    with pytest.raises(Conflict):
        close_question(person.id, row.id, reply=None, archive_reason=None, by=office)

    last = datetime(today().year + 5, today().month, min(today().day, 28), 12, tzinfo=AMSTERDAM)
    clock(last - timedelta(days=2))
    assert run_tonight().erased == 0
    assert _left() == (1, 1)
    clock(last + timedelta(days=4))
    assert run_tonight().erased == 1
    assert erase_questions_over([person_id], day=today(), by=office) == set()
    assert _left() == (0, 0)


def test_who_is_a_relation_stays_when_her_question_goes(office: Actor) -> None:
    person = make_contact_person(None, relation=Relation.PARTNER)
    row = make_message(person)

    assert close_question(person.id, row.id, reply=None, archive_reason=None, by=office)

    assert _left() == (1, 0)
