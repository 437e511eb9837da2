"""Writing down what a contact wrote or said, and closing a question: archived for a reason, or gone with its term."""

from collections.abc import Callable, Collection
from datetime import date
from uuid import UUID

from sqlalchemy import exists, select

from portal.contacts.messages.models import ContactMessage, MessageWay
from portal.contacts.messages.queries import get_message
from portal.contacts.models import CorrespondenceKind
from portal.contacts.subscriptions.queries import is_subscribed
from portal.core import audit, mail
from portal.core.clock import today
from portal.core.crypto import keys
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.db.bulk import among_ids
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM, Scope
from portal.core.ports import Port
from portal.core.values import tidy_lines
from portal.notifications.models import NotificationKind
from portal.notifications.services import forget
from portal.organisations.models import ContactPerson, Relation
from portal.organisations.queries import get_contact_person, list_under_hold, still_asks
from portal.organisations.services import erase_contact_person, heard_of
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.schools.queries import current_school

MOST_TEXT = 5_000
HELD_FOR: Port[Callable[[UUID, Scope], bool]] = Port("contacts.held_for")
"""Called with somebody who is no learner, and a scope: says whether a feature holds her for a reason of its own."""
TERM_OVER = "term_over"
"""Why something of a contact is erased: its term is over."""


def add_message(
    person_id: UUID, *, kind: CorrespondenceKind, way: MessageWay, received_on: date, body: str, by: Actor
) -> ContactMessage:
    """Write down what a contact wrote or said. Raises Invalid and NotFound."""
    by.must(Permission.CONTACT_KEEP)
    person = get_contact_person(person_id, by.scope, lock=True)
    return store_message(person, kind=kind, way=way, received_on=received_on, body=body, by=by)


def store_message(
    person: ContactPerson, *, kind: CorrespondenceKind, way: MessageWay, received_on: date, body: str, by: Actor
) -> ContactMessage:
    """Store a message of somebody who is there; raises Invalid."""
    if received_on > today():
        raise Invalid("received_on", "date_in_future")
    row = ContactMessage(
        contact_person_id=person.id,
        kind=kind,
        way=way,
        received_on=received_on,
        body=_sealed(person.id, "body", _text("body", body)),
    )
    session.add(row)
    heard_of(person, received_on)
    session.flush()
    audit.record("contacts.message_added", subject=("contact_person", person.id), by=by)
    return row


def close_question(
    person_id: UUID, message_id: UUID, *, reply: str | None, archive_reason: str | None, by: Actor
) -> bool:
    """Close a question, and mail the answer where there is one and she has an address (LL-08).

    With a reason it goes into the archive, and is kept by the term of that. Without, it goes when its term says so: at
    once where that is nothing after the answer, and she with it where she only asked; not while a hold or a request of
    hers keeps it. Returns whether she is still there. Raises Invalid, NotFound, and Conflict("closed") for one that was
    closed already.
    """
    by.must(Permission.CONTACT_KEEP)
    person = get_contact_person(person_id, by.scope, lock=True)
    row = get_message(person_id, message_id, by.scope, lock=True)
    if not row.is_open:
        raise Conflict("closed")
    answer = _text("reply", reply) if reply else None
    reason = _text("archive_reason", archive_reason) if archive_reason else None
    row.handled_on, row.handled_by, row.handled_by_name = today(), by.account_id, by.name
    row.is_archived = reason is not None
    row.reply = _sealed(person_id, "reply", answer) if answer else None
    row.archive_reason = _sealed(person_id, "archive_reason", reason) if reason else None
    session.flush()
    forget(NotificationKind.QUESTION_ASKED, [row])
    if answer and person.email:
        name, school = person.name, current_school().name
        lines = answer.split("\n")
        mail.send(person.email, "contacts/answer", language=person.language, name=name, school=school, lines=lines)
    event = "contacts.question_archived" if row.is_archived else "contacts.question_closed"
    audit.record(event, subject=("contact_person", person_id), by=by)
    stays = row.is_archived or list_under_hold([person_id], by.scope) or still_asks(person_id, by.scope)
    if not stays and is_over(row, today(), is_last_day=True):
        return not _erase_messages([row], by)
    return True


def is_over(row: ContactMessage, day: date, *, is_last_day: bool = False) -> bool:
    """Say whether the term of a handled question is over on this day; with `is_last_day`, also on its last."""
    end = current_policy().keep_contact_until(
        "question", {"archived" if row.is_archived else "handled": row.handled_on}
    )
    return end is not None and (end <= day if is_last_day else end < day)


def erase_questions_over(people: Collection[UUID], *, day: date, by: Actor) -> set[UUID]:
    """Erase the handled questions of these people whose term is over on this day; return whose they were.

    Whoever only asked them goes too. How many go at once is for the caller to say.
    """
    statement = select(ContactMessage).where(
        ContactMessage.school_id == current_school_id(),
        ContactMessage.kind == CorrespondenceKind.QUESTION,
        ContactMessage.handled_on.is_not(None),
        among_ids(ContactMessage.contact_person_id, people),
    )
    rows = [row for row in session.scalars(statement.order_by(ContactMessage.id)) if is_over(row, day)]
    _erase_messages(rows, by)
    return {row.contact_person_id for row in rows}


def _erase_messages(rows: list[ContactMessage], by: Actor) -> bool:
    """Erase messages, and return whether everybody whose they were went too: who only asked, and has nothing left."""
    people = {row.contact_person_id for row in rows}
    forget(NotificationKind.QUESTION_ASKED, rows)
    for row in rows:
        session.delete(row)
        record_ending(Ending.CORRESPONDENCE, row.id)
    session.flush()
    for person_id in people:
        audit.record("contacts.message_erased", subject=("contact_person", person_id), by=by)
    gone = [each for each in people if only_asked(each, SYSTEM)]
    for person_id in gone:
        erase_contact_person(person_id, why=TERM_OVER, by=by)
    return len(gone) == len(people)


def only_asked(person_id: UUID, scope: Scope, *, besides_news: bool = False) -> bool:
    """Say whether somebody asked something herself, and nothing else of her is held for a reason.

    `besides_news`: nothing but that she gets the newsletter.
    """
    person = get_contact_person(person_id, scope)
    left = exists().where(
        ContactMessage.school_id == current_school_id(), ContactMessage.contact_person_id == person_id
    )
    if person.relation is not Relation.ENQUIRER or session.scalar(select(left)):
        return False
    if not besides_news and is_subscribed(person_id, scope):
        return False
    if list_under_hold([person_id], scope):
        return False
    return not any(held(person_id, scope) for held in HELD_FOR.all)


def _text(field: str, text: str) -> str:
    body = tidy_lines(text)
    if not body:
        raise Invalid(field, "required")
    if len(body) > MOST_TEXT:
        raise Invalid(field, "too_long", most=MOST_TEXT)
    return body


def _sealed(person_id: UUID, column: str, text: str) -> bytes:
    return keys.seal(person_id, f"contact_message.{column}", text)
