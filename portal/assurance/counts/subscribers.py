"""Counts of who is on the list for mail to many, and of the mails that went out."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select

from portal.assurance.counts.rows import count_rows
from portal.assurance.counts.terms import ROUND
from portal.assurance.figures.keys import Count
from portal.contacts.mailings.queries import Sent, list_sent
from portal.contacts.subscriptions.models import NEWSLETTER, SERVICE_NEWS, Subscription
from portal.contacts.subscriptions.queries import refusals
from portal.contacts.subscriptions.services import WAITS
from portal.core.clock import now
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import SYSTEM
from portal.policy.schema import Policy
from portal.purposes.models import Consent

_Wish = tuple[datetime, datetime | None]
"""From when somebody wanted mail to many, and until when; None where she still does."""


def count_asked_subscribers(_policy: Policy, _subject: str) -> Count:
    """Return how many on the lists for news were asked, in words that are on record (OP-05, LL-07).

    News of services is for who bought one and could say no to it then. Who hasn't opened the link in her mailbox is on
    none, and may wait until what erases her has come round.
    """
    is_bought = and_(Subscription.purpose == SERVICE_NEWS, Subscription.bought_on.is_not(None))
    is_asked = and_(Subscription.purpose != SERVICE_NEWS, Subscription.text_shown != "")
    waits = and_(Subscription.confirmed_at.is_(None), Subscription.asked_at >= now() - WAITS - ROUND)
    in_force = and_(Subscription.is_in_force, or_(is_bought, is_asked))
    return count_rows(Subscription, Subscription.is_open, or_(in_force, waits))


def count_wanted_news(_policy: Policy, _subject: str) -> Count:
    """Return how many mails of news went to who wanted them then, of those to people who are still here (OP-05, LL-07).

    A mail to many keeps no name: of who was erased since, nothing is left to count. Who says no while it is being sent
    is written down as a reader, and the mail to her doesn't leave: it counts from when the sending began.
    """
    sent = list_sent(SYSTEM)
    if not sent:
        return Count(0, 0)
    wishes = _wishes()
    said_no = {
        purpose: refusals(purpose, {each.email for each in sent if each.purpose == purpose and each.email})
        for purpose in {each.purpose for each in sent}
    }
    return Count(sum(_was_wanted(each, wishes, said_no[each.purpose]) for each in sent), len(sent))


def _was_wanted(
    mail: Sent, wishes: Mapping[tuple[UUID, str], Iterable[_Wish]], said_no: Mapping[str, datetime]
) -> bool:
    refused_at = said_no.get(mail.email or "")
    if refused_at is not None and refused_at > mail.started_at:
        refused_at = None
    return any(
        since <= mail.sent_at
        and (until is None or until > mail.started_at)
        and (refused_at is None or (mail.purpose != SERVICE_NEWS and refused_at < since))
        for since, until in wishes.get((mail.person_id, mail.purpose), ())
    )


def _wishes() -> dict[tuple[UUID, str], list[_Wish]]:
    """Return from when until when each person wanted mail for each purpose: by a subscription, or by a consent."""
    row, consent = Subscription, Consent
    subscribed: Any = select(row.contact_person_id, row.purpose, row.confirmed_at, row.ended_at).where(
        row.school_id == current_school_id(),
        row.confirmed_at.is_not(None),
        or_(row.purpose != SERVICE_NEWS, row.bought_on.is_not(None)),
    )
    agreed: Any = select(consent.learner_id, consent.purpose, consent.given_at, consent.ended_at).where(
        consent.school_id == current_school_id(),
        consent.is_yes,
        consent.purpose == NEWSLETTER,
    )
    found: dict[tuple[UUID, str], list[_Wish]] = {}
    for statement in (subscribed, agreed):
        for person_id, purpose, since, until in session.execute(statement):
            found.setdefault((person_id, purpose), []).append((since, until))
    return found
