"""People who are no learners, what they wrote or said, who signed up for an intake, and who gets the newsletter."""

from datetime import date
from typing import Any
from uuid import UUID

from portal.contacts.mailings.models import Mailing, MailingCopy
from portal.contacts.mailings.queries import reader_digest
from portal.contacts.messages.models import ContactMessage, MessageWay
from portal.contacts.messages.services import store_message
from portal.contacts.models import CorrespondenceKind
from portal.contacts.subscriptions.models import NEWSLETTER, Subscription
from portal.core.clock import now, today
from portal.core.crypto import keys
from portal.core.db.session import session
from portal.core.http.access import PORTAL
from portal.intakes.applications.models import IntakeApplication
from portal.organisations.models import ContactPerson, Relation
from tests.factories.learners import make_contact_person


def make_message(person: ContactPerson, body: str = "Wanneer begint de cursus?", **values: Any) -> ContactMessage:
    """Make a question of somebody that came by phone today, unless said otherwise."""
    row = {"kind": CorrespondenceKind.QUESTION, "way": MessageWay.PHONE, "received_on": today(), **values}
    return store_message(person, body=body, by=PORTAL, **row)


def make_application(given_name: str = "Noor", family_name: str = "Visser", **values: Any) -> IntakeApplication:
    """Make that somebody signed up for an intake today."""
    name = f"{given_name} {family_name}"
    person = make_contact_person(None, name, email="noor@example.org", relation=Relation.ENQUIRER)
    row = {"birth_date": date(1990, 5, 4), "channel": "website", "received_on": today(), **values}
    wish = keys.seal(person.id, "intake_application.wish", "Ik wil beter leren spreken.")
    application = IntakeApplication(
        contact_person_id=person.id, given_name=given_name, family_name=family_name, wish=wish, **row
    )
    session.add(application)
    session.flush()
    return application


def subscribe(person: ContactPerson, purpose: str = NEWSLETTER, **values: Any) -> Subscription:
    """Make that somebody wants mail to many, confirmed now unless said otherwise."""
    row = {"asked_at": now(), "confirmed_at": now(), "language": "nl", **values}
    subscription = Subscription(contact_person_id=person.id, purpose=purpose, **row)
    session.add(subscription)
    session.flush()
    return subscription


def make_mailing(**values: Any) -> Mailing:
    """Make a newsletter that wasn't sent yet, unless said otherwise."""
    row = {"purpose": NEWSLETTER, "subject": "Nieuws van de school", "body": "Wij hebben een nieuwe cursus.", **values}
    mailing = Mailing(written_at=now(), written_by_name="Anouk Bos", **row)
    session.add(mailing)
    session.flush()
    return mailing


def make_copy(person_id: UUID, mailing: Mailing | None = None) -> MailingCopy:
    """Make that somebody was sent a mail to many: a newsletter that goes out now, unless said otherwise."""
    mailing = mailing or make_mailing(started_at=now())
    copy = MailingCopy(mailing_id=mailing.id, reader=reader_digest(str(person_id)), sent_at=now())
    session.add(copy)
    session.flush()
    return copy
