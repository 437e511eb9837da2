"""Storing what somebody asks without a sign-in: she becomes a contact, her question waits for the office (LL-08).

Nothing is stored, and nothing written down, of who doesn't finish the form or is too young for it (LL-12).
"""

from portal.accounts.queries import select_holders
from portal.accounts.sign_in.attempts import take_visitors_turn
from portal.contacts.messages.models import MessageWay
from portal.contacts.messages.services import store_message
from portal.contacts.models import CorrespondenceKind
from portal.core.clock import today
from portal.core.db.session import session
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import PORTAL
from portal.notifications.models import NotificationKind
from portal.notifications.services import Told, notify
from portal.organisations.models import ContactPerson
from portal.organisations.services import ContactFacts, add_own_contact
from portal.permissions import Permission, roles_with
from portal.policy.queries import current_policy
from portal.schools.queries import get_school


def must_take_questions() -> None:
    """Raise NotFound where the school has no such form: it switched it off, or its policy has no such contacts."""
    if not get_school().takes_questions or current_policy().contact_use("question") is None:
        raise NotFound("question_form")


def ask_school(facts: ContactFacts, question: str, *, is_old_enough: bool, address: str | None) -> ContactPerson:
    """Store what somebody asks from this network address, and tell who handles questions.

    Raises NotFound, Invalid, and Conflict("too_many", minutes=…) after too many questions from there within an hour.
    """
    must_take_questions()
    if not is_old_enough:
        raise Invalid("age", "parent_must_ask")
    if not (facts.email or facts.phone):
        raise Invalid("email", "one_of_both")
    take_visitors_turn("question", address)
    person = add_own_contact(facts)
    message = store_message(
        person,
        kind=CorrespondenceKind.QUESTION,
        way=MessageWay.WEBSITE,
        received_on=today(),
        body=question,
        by=PORTAL,
    )
    handlers = session.scalars(select_holders(roles_with(Permission.CONTACT_KEEP))).all()
    notify(NotificationKind.QUESTION_ASKED, [Told(each.id, message.id) for each in handlers], by=PORTAL)
    return person
