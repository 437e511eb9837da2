"""Counts of who is on the list for mail to many."""

from sqlalchemy import and_, or_

from portal.assurance.counts.rows import count_rows
from portal.assurance.counts.terms import ROUND
from portal.assurance.figures.keys import Count
from portal.contacts.subscriptions.models import SERVICE_NEWS, Subscription
from portal.contacts.subscriptions.services import WAITS
from portal.core.clock import now
from portal.policy.schema import Policy


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
