"""What a whole school has of people who are no learners, for the addresses of their pages."""

from typing import Any
from uuid import uuid4

from portal.contacts.subscriptions.links import make_news_token
from portal.contacts.subscriptions.models import NEWSLETTER
from portal.organisations.models import Organisation
from portal.schools.queries import get_school
from tests.factories.contacts import make_application, make_mailing, make_message, subscribe
from tests.factories.learners import make_contact_person

NEWS_LINKS = {"contacts.ask_confirmation": "confirm", "contacts.ask_stop": "stop"}
"""The addresses that stand in mails to many, each with what its link is for."""


def given_of_contacts(client: Organisation) -> dict[str, Any]:
    """Make contacts with what they wrote, switch on the forms for visitors, and say what stands in addresses."""
    school = get_school()
    school.takes_questions = school.takes_enquiries = school.takes_subscribers = True
    person = make_contact_person(client, email=f"{uuid4().hex[:12]}@voorbeeld.nl")
    subscribe(person)
    return {
        "person_id": person.id,
        "message_id": make_message(person).id,
        "application_id": make_application().id,
        "mailing_id": make_mailing().id,
        "confirm_token": make_news_token(person.id, NEWSLETTER, "confirm", address=str(person.email)),
        "stop_token": make_news_token(person.id, NEWSLETTER),
    }
