"""Counts of who is on the list for mail to many, and of the mails that went out."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select, true, union_all

from portal.assurance.counts.rows import count_rows
from portal.assurance.counts.terms import ROUND
from portal.assurance.figures.keys import Count
from portal.contacts.mailings.queries import Sent, list_sent
from portal.contacts.subscriptions.models import NEWSLETTER, SERVICE_NEWS, Subscription
from portal.contacts.subscriptions.queries import refusals
from portal.contacts.subscriptions.services import WAITS
from portal.core.audit.models import AuditEvent, whom
from portal.core.clock import now
from portal.core.crypto.ledger import Ending, find_endings
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.erasure import erased_category
from portal.core.http.scope import SYSTEM
from portal.policy.schema import Policy
from portal.purposes.models import Consent

_Wish = tuple[datetime, datetime | None, bool]
"""From when somebody wanted mail to many, until when (None where she still does), and whether she said so herself."""
_OF_WISHES = ("newsletter", "consent")
"""The categories of what says which mail a contact or a learner wants."""


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
    """Return how many mails of news went to who wanted them then, of those of which that is still known (OP-05, LL-07).

    A mail to many keeps no name: of who was erased since, nothing is left to count, and of whom what she wanted was
    erased neither. Who says no while it is being sent is written down as a reader, and the mail to her doesn't leave:
    it counts from when the sending began.
    """
    sent = list_sent(SYSTEM)
    wishes, refused = _wishes(), _refused(sent)
    unwanted = [each for each in sent if not _was_wanted(each, wishes, refused)]
    erased = _wishes_erased_at({each.person_id for each in unwanted})
    wrong = sum(erased.get(each.person_id, each.sent_at) <= each.sent_at for each in unwanted)
    good = len(sent) - len(unwanted)
    return Count(good, good + wrong)


def _was_wanted(
    mail: Sent, wishes: Mapping[tuple[UUID, str], Iterable[_Wish]], refused: Mapping[Sent, datetime]
) -> bool:
    refused_at = refused.get(mail)
    return any(
        since <= mail.sent_at
        and (until is None or until > mail.started_at)
        and (refused_at is None or (is_hers and refused_at < since))
        for since, until, is_hers in wishes.get((mail.person_id, mail.purpose), ())
    )


def _refused(sent: Collection[Sent]) -> dict[Sent, datetime]:
    """Return for which mails their address had said no before, and when.

    Only the address of now is known: who got another since the mail isn't held to a no of that one.
    """
    said_no = {
        purpose: refusals(purpose, {each.email for each in sent if each.purpose == purpose and each.email})
        for purpose in {each.purpose for each in sent}
    }
    found = {each: said_no[each.purpose].get(each.email or "") for each in sent}
    before = {each: at for each, at in found.items() if at is not None and at <= each.started_at}
    changed = _addresses_changed_at({each.person_id for each in before})
    return {
        each: at
        for each, at in before.items()
        if each.person_id not in changed or changed[each.person_id] <= each.started_at
    }


def _addresses_changed_at(people: Collection[UUID]) -> dict[UUID, datetime]:
    """Return when the address of each of these people last became another, by the audit."""
    if not people:
        return {}
    event, about, ids = AuditEvent, whom(people), list(people)
    here, fields = event.school_id == current_school_id(), event.facts["fields"]
    changes = union_all(
        select(event.subject_id.label("person_id"), event.at).where(
            here, event.subject_id.in_(ids), fields.contains(["contact_person.email"])
        ),
        select(about.c.learner_id, event.at)
        .join(event, event.id == about.c.event_id)
        .where(here, fields.contains(["learner.email"])),
    ).subquery()
    last = select(changes.c.person_id, func.max(changes.c.at).label("at")).group_by(changes.c.person_id)
    return {row.person_id: row.at for row in session.execute(last)}


def _wishes_erased_at(people: Iterable[UUID]) -> dict[UUID, datetime]:
    """Return of which of these people it was erased what mail they wanted, and when."""
    ids = {erased_category(each, category): each for each in people for category in _OF_WISHES}
    found: dict[UUID, datetime] = {}
    for erased_id, at in find_endings(Ending.ERASURE, ids).items() if ids else ():
        found[ids[erased_id]] = max(at, found.get(ids[erased_id], at))
    return found


def _wishes() -> dict[tuple[UUID, str], list[_Wish]]:
    """Return from when until when each person wanted mail for each purpose: by a subscription, or by a consent."""
    row, consent = Subscription, Consent
    is_hers = or_(row.purpose != SERVICE_NEWS, row.text_shown.is_not(None))
    subscribed: Any = select(row.contact_person_id, row.purpose, row.confirmed_at, row.ended_at, is_hers).where(
        row.school_id == current_school_id(),
        row.confirmed_at.is_not(None),
        or_(row.purpose != SERVICE_NEWS, row.bought_on.is_not(None)),
    )
    agreed: Any = select(consent.learner_id, consent.purpose, consent.given_at, consent.ended_at, true()).where(
        consent.school_id == current_school_id(),
        consent.is_yes,
        consent.purpose == NEWSLETTER,
    )
    found: dict[tuple[UUID, str], list[_Wish]] = {}
    for statement in (subscribed, agreed):
        for person_id, purpose, *wish in session.execute(statement):
            found.setdefault((person_id, purpose), []).append((wish[0], wish[1], wish[2]))
    return found
