"""Reads of what contacts wrote or said."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from portal.contacts.messages.models import ContactMessage
from portal.core.crypto import keys
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.lists import PER_PAGE, Paged
from portal.core.http.scope import Scope
from portal.organisations.models import ContactPerson


@dataclass(frozen=True)
class ReadMessage:
    """A message with what is sealed in it opened: None where there is nothing, or no key any more."""

    row: ContactMessage
    body: str | None
    reply: str | None
    archive_reason: str | None


@dataclass(frozen=True)
class QuestionLine:
    """A question in the list: whose it is, and the message."""

    message: ContactMessage
    name: str
    company: str | None


def get_message(person_id: UUID, message_id: UUID, scope: Scope, *, lock: bool = False) -> ContactMessage:
    """Return a message of a contact; raises NotFound."""
    scope.must_reach_school("contact_message")
    found = session.get(ContactMessage, (current_school_id(), message_id), with_for_update=lock or None)
    if found is None or found.contact_person_id != person_id:
        raise NotFound("contact_message")
    return found


def list_messages(person_id: UUID, scope: Scope) -> list[ReadMessage]:
    """Return what a contact wrote or said, newest first."""
    scope.must_reach_school("contact_message")
    statement = select(ContactMessage).where(
        ContactMessage.school_id == current_school_id(), ContactMessage.contact_person_id == person_id
    )
    rows = session.scalars(statement.order_by(ContactMessage.received_on.desc(), ContactMessage.id.desc())).all()
    return read_messages(rows)


def read_messages(rows: Sequence[ContactMessage]) -> list[ReadMessage]:
    """Open what is sealed in messages, in one statement."""
    names = ("body", "reply", "archive_reason")
    opened = iter(
        keys.unseal_values(
            (row.contact_person_id, f"contact_message.{name}", getattr(row, name)) for row in rows for name in names
        )
    )
    return [ReadMessage(row, next(opened), next(opened), next(opened)) for row in rows]


def list_questions(scope: Scope, *, is_open: bool, page: int = 1) -> Paged[QuestionLine]:
    """Return a page of questions: those that wait for an answer, oldest first, or the archive, newest first."""
    scope.must_reach_school("contact_message")
    which = ContactMessage.is_open if is_open else ContactMessage.is_archived
    person = (ContactPerson.school_id == ContactMessage.school_id) & (
        ContactPerson.id == ContactMessage.contact_person_id
    )
    here = ContactMessage.school_id == current_school_id()
    total = session.scalar(select(func.count()).select_from(ContactMessage).where(here, which)) or 0
    at = min(page, max(1, -(-total // PER_PAGE)))
    order = ContactMessage.received_on if is_open else ContactMessage.received_on.desc()
    rows = session.execute(
        select(ContactMessage, ContactPerson.name, ContactPerson.company_name)
        .join(ContactPerson, person)
        .where(here, which)
        .order_by(order, ContactMessage.id)
        .limit(PER_PAGE)
        .offset((at - 1) * PER_PAGE)
    )
    return Paged([QuestionLine(*row) for row in rows], at, total)


def count_open_questions(scope: Scope) -> int:
    """Return how many questions wait for an answer."""
    scope.must_reach_school("contact_message")
    return (
        session.scalar(
            select(func.count())
            .select_from(ContactMessage)
            .where(ContactMessage.school_id == current_school_id(), ContactMessage.is_open)
        )
        or 0
    )
