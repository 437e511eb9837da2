"""Writing a mail to many, sending it to oneself first, and to all by the worker, in parts and once to each."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from portal.accounts.invitations.links import address_of
from portal.accounts.models import Account
from portal.contacts.mailings.models import Mailing, MailingCopy
from portal.contacts.mailings.queries import (
    Reader,
    find_readers,
    get_mailing,
    purposes_of_news,
    reader_digest,
    without_noes,
)
from portal.contacts.subscriptions.links import make_news_token
from portal.core import audit, jobs, mail
from portal.core.clock import now
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.core.values import tidy, tidy_lines
from portal.permissions import Permission
from portal.schools.queries import current_school

SEND = "contacts.send_mailing"
MOST_BODY = 20_000
_PART = 50


def write_mailing(mailing_id: UUID | None, *, purpose: str, subject: str, body: str, by: Actor) -> Mailing:
    """Write a mail to many, or change the one with this id as long as it wasn't sent.

    Raises Invalid, NotFound, and Conflict("sent").
    """
    by.must(Permission.NEWS_SEND)
    if purpose not in purposes_of_news():
        raise Invalid("purpose", "choice_unknown")
    row = get_mailing(mailing_id, by.scope, lock=True) if mailing_id is not None else Mailing()
    if row.started_at is not None:
        raise Conflict("sent")
    row.purpose, row.subject, row.body = purpose, _needed("subject", tidy(subject)), _needed("body", tidy_lines(body))
    row.written_at, row.written_by, row.written_by_name = now(), by.account_id, by.name
    session.add(row)
    session.flush()
    audit.record("contacts.mailing_written", subject=("mailing", row.id), by=by)
    return row


def preview_mailing(mailing_id: UUID, *, by: Actor) -> None:
    """Mail it to who wrote it alone, as all will get it. Raises NotFound, and Conflict("no_address")."""
    by.must(Permission.NEWS_SEND)
    row = get_mailing(mailing_id, by.scope)
    account = session.get(Account, (current_school_id(), by.account_id)) if by.account_id is not None else None
    if account is None or account.email is None:
        raise Conflict("no_address")
    _mail(row, account.email, account.language, account.id, account_id=account.id)
    audit.record("contacts.mailing_previewed", subject=("mailing", row.id), by=by)


def begin_mailing(mailing_id: UUID, *, by: Actor) -> Mailing:
    """Let the worker send it to all who may get it when it goes. Raises NotFound, and Conflict("sent")."""
    by.must(Permission.NEWS_SEND)
    row = get_mailing(mailing_id, by.scope, lock=True)
    if row.started_at is not None:
        raise Conflict("sent")
    row.started_at = now()
    row.job_id = jobs.ask(SEND, {"mailing_id": str(row.id)}, unique=str(row.id)).id
    session.flush()
    audit.record("contacts.mailing_sent", subject=("mailing", row.id), by=by)
    return row


def send_mailing(mailing_id: UUID, scope: Scope, *, part_done: Callable[[], None]) -> int:
    """Send a mail to whoever may get it and hasn't yet, and return to how many; each part is committed when it is done.

    Who said no since it began gets none. Done twice, it goes once to each.
    """
    row = get_mailing(mailing_id, scope)
    if row.started_at is None or row.finished_at is not None:
        return 0
    sent = 0
    readers = find_readers(row.purpose, scope).readers
    for start in range(0, len(readers), _PART):
        for reader in without_noes(row.purpose, readers[start : start + _PART]):
            if _note_copy(row, reader):
                about = {"learner_id" if reader.is_learner else "contact_person_id": reader.person_id}
                _mail(row, reader.email, reader.language, reader.person_id, **about)
                sent += 1
        session.flush()
        part_done()
    row = get_mailing(mailing_id, scope, lock=True)
    row.finished_at = now()
    session.flush()
    return sent


def _note_copy(row: Mailing, reader: Reader) -> bool:
    """Write down that somebody is sent a mail, and say whether she wasn't before."""
    values = {
        "id": new_id(),
        "school_id": current_school_id(),
        "mailing_id": row.id,
        "reader": reader_digest(str(reader.person_id)),
        "sent_at": now(),
    }
    made = insert(MailingCopy).values(values).on_conflict_do_nothing().returning(MailingCopy.id)
    return session.scalar(made) is not None


def _mail(row: Mailing, to: str, language: str | None, person_id: UUID, **about: Any) -> None:
    stop = address_of(f"/nieuwsbrief/stop/{make_news_token(person_id, row.purpose)}")
    mail.send(
        to,
        "contacts/newsletter",
        language=language,
        purpose=row.purpose,
        unsubscribe=stop,
        subject=row.subject,
        lines=row.body.split("\n"),
        school=current_school().name,
        is_news=row.purpose != "newsletter",
        stop=stop,
        **about,
    )


def _needed(field: str, text: str) -> str:
    most = {"subject": 150}.get(field, MOST_BODY)
    if not text:
        raise Invalid(field, "required")
    if len(text) > most:
        raise Invalid(field, "too_long", most=most)
    return text
