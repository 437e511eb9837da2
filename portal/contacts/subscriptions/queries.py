"""Reads of who subscribed, and of what keeps a no."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from portal.contacts.subscriptions.models import SERVICE_NEWS, NewsRefusal, Subscription
from portal.core.crypto import keys
from portal.core.crypto.ledger import Ending, digest_of_ending
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.organisations.models import ContactPerson
from portal.policy.queries import current_policy


def is_offered(purpose: str) -> bool:
    """Say whether the school's policy has this purpose of mail to many."""
    return purpose in {each.key for each in current_policy().purposes}


def digest_of(purpose: str, address: str) -> bytes:
    """Return the keyed digest by which a no to a purpose at an address is found."""
    return keys.digest(f"{purpose} {address.strip().lower()}", "news refusal")


def ending_of(purpose: str, address: str) -> UUID:
    """Return the id by which the ledger knows a no to a purpose at an address: a backup has no row of it."""
    return UUID(bytes=digest_of(purpose, address)[:16])


def digests_of(purpose: str, address: str) -> list[bytes]:
    """Return the digests under which a no may be kept: its own, and the ledger's for what came back after a restore."""
    return [digest_of(purpose, address), digest_of_ending(Ending.NEWS, ending_of(purpose, address))]


def refusals(purpose: str, addresses: Collection[str]) -> dict[str, datetime]:
    """Return which of these addresses said no to a purpose, and when, the last time."""
    by_digest = {digest: each for each in addresses for digest in digests_of(purpose, each)}
    rows = session.execute(
        select(NewsRefusal.digest, NewsRefusal.refused_at).where(
            NewsRefusal.school_id == current_school_id(), NewsRefusal.digest.in_(list(by_digest))
        )
    )
    return {by_digest[digest]: at for digest, at in sorted(rows, key=lambda row: row.refused_at)}


def list_subscriptions(person_id: UUID, scope: Scope) -> list[Subscription]:
    """Return what a contact asked for or was offered, newest first."""
    scope.must_reach_school("subscription")
    statement = select(Subscription).where(
        Subscription.school_id == current_school_id(), Subscription.contact_person_id == person_id
    )
    return list(session.scalars(statement.order_by(Subscription.asked_at.desc(), Subscription.id)))


def find_open(person_id: UUID, purpose: str, scope: Scope, *, lock: bool = False) -> Subscription | None:
    """Return a contact's subscription that hasn't ended, confirmed or not; None where there is none."""
    scope.must_reach_school("subscription")
    statement = select(Subscription).where(
        Subscription.school_id == current_school_id(),
        Subscription.contact_person_id == person_id,
        Subscription.purpose == purpose,
        Subscription.is_open,
    )
    return session.scalars(statement.with_for_update() if lock else statement).one_or_none()


def find_open_by_address(address: str, purpose: str) -> Subscription | None:
    """Return the subscription of whoever asked for it with this address and hasn't stopped; None where nobody did."""
    person = (ContactPerson.school_id == Subscription.school_id) & (ContactPerson.id == Subscription.contact_person_id)
    statement = (
        select(Subscription)
        .join(ContactPerson, person)
        .where(
            Subscription.school_id == current_school_id(),
            Subscription.purpose == purpose,
            Subscription.is_open,
            ContactPerson.email == address,
        )
    )
    return session.scalars(statement.order_by(Subscription.asked_at, Subscription.id).limit(1)).one_or_none()


def said_yes_since(moment: datetime, purpose: str, address: str) -> bool:
    """Say whether whoever has this address confirmed since then that she wants mail for a purpose, and still does."""
    person = (ContactPerson.school_id == Subscription.school_id) & (ContactPerson.id == Subscription.contact_person_id)
    newer = (
        select(Subscription.id)
        .join(ContactPerson, person)
        .where(
            Subscription.school_id == current_school_id(),
            Subscription.purpose == purpose,
            Subscription.is_in_force,
            or_(Subscription.purpose != SERVICE_NEWS, Subscription.text_shown.is_not(None)),
            Subscription.confirmed_at > moment,
            ContactPerson.email == address.strip().lower(),
        )
    )
    return session.scalar(select(newer.exists())) is True


def is_subscribed(person_id: UUID, scope: Scope) -> bool:
    """Say whether a contact wants mail to many for any purpose, or was asked whether she does."""
    return any(each.ended_at is None for each in list_subscriptions(person_id, scope))
