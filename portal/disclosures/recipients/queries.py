"""Reads of what recipients hear of a learner's data: what is still to be told, and what she reads of it (art. 19)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.languages import language
from portal.core.http.scope import Scope
from portal.disclosures.models import Disclosure, NoticeReason, RecipientAddress, RecipientNotice
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.organisations.models import ContactPerson, Organisation
from portal.policy.queries import current_policy


@dataclass(frozen=True)
class NoticeLine:
    """A recipient that is still to hear of a withdrawal, and whom to call or write there.

    `client` is set where the file went to a client; `contacts` are its people: name, phone and e-mail address.
    `email` is the address of a recipient of the policy.
    """

    id: UUID
    learner_id: UUID
    reason: NoticeReason
    categories: Sequence[str]
    recipient: str
    given_at: datetime | None
    number: str
    name: str
    made_at: datetime
    client: str | None
    contacts: Sequence[tuple[str, str | None, str | None]]
    email: str | None


def list_open_notices() -> list[NoticeLine]:
    """Return what the office must still tell recipients by hand, oldest first."""
    person = func.json_build_array(ContactPerson.name, ContactPerson.phone, ContactPerson.email)
    contacts = select(func.json_agg(aggregate_order_by(person, ContactPerson.name))).where(
        ContactPerson.school_id == Disclosure.school_id, ContactPerson.organisation_id == Disclosure.client_id
    )
    rows = session.execute(
        select(
            RecipientNotice.id,
            RecipientNotice.learner_id,
            RecipientNotice.made_at,
            RecipientNotice.reason,
            RecipientNotice.categories,
            Disclosure.recipient,
            Disclosure.first_downloaded_at,
            Learner.number,
            Learner.full_name.label("name"),
            Organisation.name.label("client"),
            contacts.correlate(Disclosure).scalar_subquery().label("contacts"),
            RecipientAddress.email,
        )
        .join(
            Disclosure,
            (Disclosure.school_id == RecipientNotice.school_id) & (Disclosure.id == RecipientNotice.disclosure_id),
        )
        .join(Learner, (Learner.school_id == RecipientNotice.school_id) & (Learner.id == RecipientNotice.learner_id))
        .outerjoin(
            Organisation, (Organisation.school_id == Disclosure.school_id) & (Organisation.id == Disclosure.client_id)
        )
        .outerjoin(
            RecipientAddress,
            (RecipientAddress.school_id == Disclosure.school_id)
            & (RecipientAddress.recipient == Disclosure.recipient)
            & Disclosure.client_id.is_(None),
        )
        .where(RecipientNotice.school_id == current_school_id(), RecipientNotice.told_at.is_(None))
        .order_by(RecipientNotice.made_at)
    )
    return [
        NoticeLine(
            id=row.id,
            learner_id=row.learner_id,
            reason=row.reason,
            categories=row.categories,
            recipient=row.recipient,
            given_at=row.first_downloaded_at,
            number=row.number,
            name=row.name,
            made_at=row.made_at,
            client=row.client,
            contacts=[(name, phone, email) for name, phone, email in row.contacts or ()],
            email=row.email,
        )
        for row in rows
    ]


def count_open_notices() -> int:
    """Return how many recipients the office must still tell of a withdrawal by hand."""
    still = (RecipientNotice.school_id == current_school_id(), RecipientNotice.told_at.is_(None))
    return session.scalar(select(func.count()).where(*still)) or 0


class ToldRecipient(NamedTuple):
    """A recipient that hears of what a request brought about, and since when; None: the school still tells it."""

    notice_id: UUID
    recipient: str
    told_at: datetime | None


def list_told(data_request_id: UUID, scope: Scope) -> list[ToldRecipient]:
    """Return which recipients hear of what a request brought about (AVG art. 19), of a learner within reach."""
    rows = session.execute(
        select(RecipientNotice.id, Disclosure.recipient, RecipientNotice.told_at)
        .join(
            Disclosure,
            (Disclosure.school_id == RecipientNotice.school_id) & (Disclosure.id == RecipientNotice.disclosure_id),
        )
        .where(
            RecipientNotice.school_id == current_school_id(),
            RecipientNotice.data_request_id == data_request_id,
            reaches_learner(scope, RecipientNotice.learner_id),
        )
        .order_by(RecipientNotice.made_at, RecipientNotice.id)
    )
    return [ToldRecipient(*row) for row in rows]


def list_heard_by(change_ids: Collection[UUID], scope: Scope) -> dict[UUID, list[str]]:
    """Return by change the recipients, each once, that hear of it, of learners within reach. One statement."""
    policy, lang = current_policy(), language()
    titles = {each.key: str(each.title.in_language(lang)) for each in policy.recipients}
    heard: dict[UUID, list[str]] = {}
    rows = session.execute(
        select(RecipientNotice.data_request_id, Disclosure.recipient)
        .join(
            Disclosure,
            (Disclosure.school_id == RecipientNotice.school_id) & (Disclosure.id == RecipientNotice.disclosure_id),
        )
        .where(
            RecipientNotice.school_id == current_school_id(),
            RecipientNotice.data_request_id.in_(list(change_ids)),
            reaches_learner(scope, RecipientNotice.learner_id),
        )
        .order_by(RecipientNotice.made_at, RecipientNotice.id)
    )
    for change_id, recipient in rows:
        title = titles.get(recipient, recipient)
        if change_id is not None and title not in heard.setdefault(change_id, []):
            heard[change_id].append(title)
    return heard


def list_notices_of(learner_id: UUID, scope: Scope) -> dict[UUID, list[RecipientNotice]]:
    """Return by given file what its recipient hears of a learner within reach, the oldest first."""
    rows = session.scalars(
        select(RecipientNotice)
        .where(
            RecipientNotice.school_id == current_school_id(),
            RecipientNotice.learner_id == learner_id,
            reaches_learner(scope, RecipientNotice.learner_id),
        )
        .order_by(RecipientNotice.made_at, RecipientNotice.id)
    )
    by_file: dict[UUID, list[RecipientNotice]] = {}
    for row in rows:
        by_file.setdefault(row.disclosure_id, []).append(row)
    return by_file
