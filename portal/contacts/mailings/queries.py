"""Who gets a mail to many now, and why others don't; and the mails that were written."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select, union_all

from portal.contacts.mailings.models import Mailing, MailingCopy
from portal.contacts.subscriptions.models import NEWSLETTER, SERVICE_NEWS, Subscription
from portal.contacts.subscriptions.queries import is_offered, refusals
from portal.core.crypto import keys
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.lists import PER_PAGE, Paged
from portal.core.http.scope import Scope
from portal.core.purposes import closed_to_mail
from portal.learners.record.models import Learner
from portal.organisations.models import ContactPerson, Relation
from portal.policy.queries import current_policy
from portal.purposes.models import Consent

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Reader:
    """Somebody who gets a mail to many: since when she wants it, and how she is reached.

    `since` is the earliest moment there is for what is nobody's yes: any no counts over it.
    """

    person_id: UUID
    is_learner: bool
    email: str
    language: str | None
    since: datetime


@dataclass(frozen=True)
class Readers:
    """Who gets a mail to many, and of the others how many don't for each reason (a code)."""

    readers: list[Reader]
    left_out: Counter[str]

    @property
    def learners(self) -> int:
        """How many of them are learners."""
        return sum(each.is_learner for each in self.readers)


@dataclass(frozen=True)
class Sent:
    """That a mail to many, which began at `started_at`, was sent to somebody who is still here."""

    purpose: str
    started_at: datetime
    sent_at: datetime
    person_id: UUID
    email: str | None


def purposes_of_news() -> list[str]:
    """Return the purposes for which this school may mail many at once."""
    return [each for each in (NEWSLETTER, SERVICE_NEWS) if is_offered(each)]


def find_readers(purpose: str, scope: Scope) -> Readers:
    """Return who gets a mail to many for this purpose now, without whoever said no.

    The newsletter goes to who consents; a newer yes counts over an older no. News of services goes to customers who
    bought one themselves and were offered a no (LL-07), which holds until they take it back themselves; never to
    learners, whom others place, nor to prospects. Raises NotFound for a purpose there isn't.
    """
    scope.must_reach_school("mailing")
    if purpose not in purposes_of_news():
        raise NotFound("purpose")
    left_out: Counter[str] = Counter()
    found = [*_contacts(purpose, left_out), *(_learners(purpose, left_out) if purpose == NEWSLETTER else ())]
    wanting = without_noes(purpose, found)
    left_out["said_no"] += len(found) - len(wanting)
    readers = {each.email: each for each in reversed(wanting)}
    left_out["same_address"] += len(wanting) - len(readers)
    return Readers([each for each in wanting if readers[each.email] is each], +left_out)


def without_noes(purpose: str, readers: Sequence[Reader]) -> list[Reader]:
    """Return of these readers who didn't say no since she wants this, by her address."""
    said_no = refusals(purpose, {each.email for each in readers})
    return [each for each in readers if each.email not in said_no or said_no[each.email] <= each.since]


def _contacts(purpose: str, left_out: Counter[str]) -> Iterator[Reader]:
    person = (ContactPerson.school_id == Subscription.school_id) & (ContactPerson.id == Subscription.contact_person_id)
    rows = session.execute(
        select(Subscription, ContactPerson)
        .join(ContactPerson, person)
        .where(Subscription.school_id == current_school_id(), Subscription.purpose == purpose)
        .order_by(ContactPerson.id, ~Subscription.is_open, Subscription.id)
    )
    seen: set[UUID] = set()
    for row, who in rows:
        if who.id in seen:
            continue
        seen.add(who.id)
        if row.confirmed_at is not None and row.ended_at is None and who.email and _may_have_news(purpose, row, who):
            yield Reader(who.id, False, who.email, who.language, row.confirmed_at if row.is_her_yes else NEVER)
        else:
            left_out[_why_not(row, who)] += 1
    if purpose == SERVICE_NEWS:
        others = select(func.count()).where(
            ContactPerson.school_id == current_school_id(), ContactPerson.id.not_in(list(seen))
        )
        left_out["not_offered"] += session.scalar(others) or 0


def _may_have_news(purpose: str, row: Subscription, who: ContactPerson) -> bool:
    """Say whether who didn't say no may have this: without consent only who bought something herself."""
    return purpose == NEWSLETTER or (who.relation is Relation.CUSTOMER and row.bought_on is not None)


def _why_not(row: Subscription, who: ContactPerson) -> str:
    if row.ended_at is not None:
        return "stopped"
    if row.confirmed_at is None:
        return "not_confirmed"
    return "no_address" if not who.email else "no_customer"


def _learners(purpose: str, left_out: Counter[str]) -> Iterator[Reader]:
    agreed = (
        (Consent.school_id == Learner.school_id)
        & (Consent.learner_id == Learner.id)
        & (Consent.purpose == purpose)
        & Consent.is_in_force
    )
    rows = session.execute(
        select(Learner.id, Learner.email, Learner.preferred_language, Consent.given_at)
        .outerjoin(Consent, agreed)
        .where(Learner.school_id == current_school_id(), Learner.is_in_use)
        .order_by(Learner.id)
    ).all()
    rests_on_consent = current_policy().purpose(purpose).asks_consent
    closed = closed_to_mail(purpose, [row.id for row in rows if row.given_at is not None])
    for row in rows:
        if row.given_at is None or row.id in closed or not rests_on_consent:
            left_out["no_consent"] += 1
        elif not row.email:
            left_out["no_address"] += 1
        else:
            yield Reader(row.id, True, row.email, row.preferred_language, row.given_at)


def get_mailing(mailing_id: UUID, scope: Scope, *, lock: bool = False) -> Mailing:
    """Return a mail to many; raises NotFound."""
    scope.must_reach_school("mailing")
    found = session.get(Mailing, (current_school_id(), mailing_id), with_for_update=lock or None)
    if found is None:
        raise NotFound("mailing")
    return found


def list_mailings(scope: Scope, *, page: int = 1) -> Paged[tuple[Mailing, int]]:
    """Return a page of mails to many, newest first, each with to how many it was sent."""
    scope.must_reach_school("mailing")
    here = Mailing.school_id == current_school_id()
    total = session.scalar(select(func.count()).select_from(Mailing).where(here)) or 0
    at = min(page, max(1, -(-total // PER_PAGE)))
    copies = (
        select(func.count())
        .where(MailingCopy.school_id == Mailing.school_id, MailingCopy.mailing_id == Mailing.id)
        .correlate(Mailing)
        .scalar_subquery()
    )
    statement = select(Mailing, copies).where(here).order_by(Mailing.written_at.desc(), Mailing.id)
    rows = session.execute(statement.limit(PER_PAGE).offset((at - 1) * PER_PAGE))
    return Paged([(row, count) for row, count in rows], at, total)


def reader_digest(person: str) -> bytes:
    """Return the keyed digest by which it is known that somebody, by her id, was sent a mail."""
    return keys.digest(person, "mailing copy")


def list_sent(scope: Scope) -> list[Sent]:
    """Return to whom mails to many were sent, of who is still here: a digest leads to nobody who was erased since.

    A learner whose record was merged into another counts under that one.
    """
    scope.must_reach_school("mailing")
    mailing = (Mailing.school_id == MailingCopy.school_id) & (Mailing.id == MailingCopy.mailing_id)
    copies = session.execute(
        select(MailingCopy.reader, MailingCopy.sent_at, Mailing.purpose, Mailing.started_at)
        .join(Mailing, mailing)
        .where(MailingCopy.school_id == current_school_id())
        .order_by(MailingCopy.sent_at, MailingCopy.id)
    ).all()
    readers = _readers_of({row.reader for row in copies}) if copies else {}
    return [
        Sent(row.purpose, row.started_at or row.sent_at, row.sent_at, *readers[row.reader])
        for row in copies
        if row.reader in readers
    ]


def _readers_of(digests: Collection[bytes]) -> dict[bytes, tuple[UUID, str | None]]:
    """Return who is meant by these digests: her id and her address."""
    learner = select(Learner.id, func.coalesce(Learner.merged_into_id, Learner.id), Learner.email)
    contact = select(ContactPerson.id, ContactPerson.id, ContactPerson.email)
    wanted = union_all(
        contact.where(ContactPerson.school_id == current_school_id()),
        learner.where(Learner.school_id == current_school_id()),
    )
    found = ((reader_digest(str(own_id)), kept_id, email) for own_id, kept_id, email in session.execute(wanted))
    return {digest: (kept_id, email) for digest, kept_id, email in found if digest in digests}


def count_copies(mailing: Mailing) -> int:
    """Return to how many a mail to many was sent so far."""
    sent = select(func.count()).where(
        MailingCopy.school_id == current_school_id(), MailingCopy.mailing_id == mailing.id
    )
    return session.scalar(sent) or 0
