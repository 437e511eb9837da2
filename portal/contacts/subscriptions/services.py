"""Asking for the newsletter, confirming it by the link in one's own mailbox, and saying no, which is kept (LL-07)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from portal.accounts.invitations.links import address_of
from portal.accounts.sign_in.attempts import take_mail_turn, take_visitors_turn
from portal.contacts.messages.services import only_asked
from portal.contacts.people.services import ASKED, erase_and_tell
from portal.contacts.subscriptions.links import Target, make_news_token, read_news_token
from portal.contacts.subscriptions.models import NEWSLETTER, SERVICE_NEWS, NewsRefusal, Subscription
from portal.contacts.subscriptions.queries import (
    digest_of,
    digests_of,
    ending_of,
    find_open,
    find_open_by_address,
    is_offered,
    list_subscriptions,
    refusals,
    said_yes_since,
)
from portal.core import audit, mail
from portal.core.clock import now, today
from portal.core.crypto.ledger import Ending, EndingsSince, digest_of_ending, record_ending
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import PORTAL, Actor
from portal.core.http.scope import SYSTEM, Scope
from portal.core.mail import Mail
from portal.core.restores.ports import AppliedAgain
from portal.core.restores.tries import Tried
from portal.learners.record.models import Learner
from portal.organisations.models import ContactPerson, Relation
from portal.organisations.queries import get_contact_person, list_under_hold, still_asks
from portal.organisations.services import ContactFacts, add_own_contact, erase_contact_person
from portal.permissions import Permission
from portal.policy.queries import current_policy, find_version
from portal.purposes.queries import find_consent
from portal.purposes.withdrawals.services import begin_withdrawal
from portal.schools.queries import current_school, get_school

WAITS = timedelta(days=7)
"""For so long a link in a mailbox waits; who doesn't open it is erased."""
NOT_CONFIRMED = "not_confirmed"
_LOCK = text("select pg_advisory_xact_lock(hashtextextended(:digest || cast(:school as text), 7412))")


class Erased(NamedTuple):
    """What came of erasing a subscriber."""

    is_done: bool
    has_more: bool


def must_take_subscribers() -> None:
    """Raise NotFound where the school has no newsletter to subscribe to, or switched the form off."""
    if not get_school().takes_subscribers or not is_offered(NEWSLETTER):
        raise NotFound("newsletter")


def ask_newsletter(facts: ContactFacts, *, version: str, is_old_enough: bool, address: str | None) -> None:
    """Mail a link to who asks for the newsletter from this network address; nothing goes there before she opens it.

    The answer is the same whether or not the mail address is on the list already: what there is to say is mailed.
    Raises NotFound, Invalid, and Conflict("too_many", minutes=…).
    """
    must_take_subscribers()
    if not is_old_enough:
        raise Invalid("age", "parent_must_ask")
    if not facts.email:
        raise Invalid("email", "required")
    take_visitors_turn("newsletter", address)
    if not take_mail_turn("newsletter_mail", facts.email):
        return
    session.execute(_LOCK, {"digest": digest_of(NEWSLETTER, facts.email).hex(), "school": current_school_id()})
    row = find_open_by_address(facts.email.strip().lower(), NEWSLETTER)
    person = _person_of(row) if row is not None else add_own_contact(facts)
    if row is not None and _is_refused(row, person):
        _end(row)
        row = None
    if row is None:
        row = _add_asked(person, facts.language, version)
    _mail_link(person, NEWSLETTER, is_known=row.is_in_force, language=facts.language)


def _person_of(row: Subscription) -> ContactPerson:
    return session.get_one(ContactPerson, (current_school_id(), row.contact_person_id))


def _is_refused(row: Subscription, person: ContactPerson) -> bool:
    """Say whether somebody said no at the address after she began to want this, as from outside, by her address."""
    said_no = refusals(row.purpose, [person.email]).get(person.email) if person.email else None
    return said_no is not None and (row.confirmed_at is None or not row.is_her_yes or said_no > row.confirmed_at)


def _end(row: Subscription) -> None:
    row.ended_at = now()
    session.flush()


def _add_asked(person: ContactPerson, language: str | None, version: str) -> Subscription:
    policy = current_policy()
    question = policy.purpose(NEWSLETTER).question
    words = policy.text(question, language or "nl") if question is not None else None
    shown = find_version(version) if "\0" not in version else None
    row = Subscription(
        contact_person_id=person.id,
        purpose=NEWSLETTER,
        asked_at=now(),
        statement_version_id=shown.id if shown is not None else None,
        language=words.language if words is not None else language,
        text_shown=words.text if words is not None else None,
    )
    session.add(row)
    session.flush()
    return row


def read_confirmation(token: str) -> Target | None:
    """Return whose link to confirm it is; None for another, and where her address isn't that to which it went."""
    return read_news_token(token, "confirm", find_address=_address_of)


def _address_of(person_id: UUID) -> str | None:
    person = session.get(ContactPerson, (current_school_id(), person_id))
    return person.email if person is not None else None


def confirm(target: Target, *, shown: str, language: str) -> bool:
    """Let what somebody asked for count from now on; returns whether there was anything to confirm. Safe to repeat.

    `shown` is the question that she answered, in that language: it is kept where nothing was asked before.
    """
    row = find_open(target.person_id, target.purpose, SYSTEM, lock=True)
    if row is None:
        return False
    if row.confirmed_at is None:
        row.confirmed_at = now()
        if row.text_shown is None:
            row.text_shown, row.language = shown, language
        session.flush()
        _forget_no(target.purpose, _person_of(row).email)
        _log("contacts.subscribed", target.person_id)
    return True


class Said(StrEnum):
    """What a customer said of news of services like the one that she bought."""

    NO = "no"
    NOT_NO = "not_no"
    YES_AGAIN = "yes_again"
    """She said no before, and asks for it now: she confirms that by a link in her own mailbox."""


def offer_no(person_id: UUID, *, bought_on: date, said: Said, by: Actor) -> bool:
    """Write down that a contact bought a service herself, and was offered a no to news of services like it (LL-07).

    Says whether she was mailed a link to confirm a yes.

    Raises NotFound, Invalid for a day to come, for who is no customer, for who has no address to confirm by, and where
    whoever has her address said no before: that holds, whatever she buys later and even after an erasure, until she
    takes it back by the link that YES_AGAIN mails.
    """
    by.must(Permission.CONTACT_KEEP)
    person = get_contact_person(person_id, by.scope, lock=True)
    if bought_on > today():
        raise Invalid("bought_on", "date_in_future")
    if person.relation is not Relation.CUSTOMER:
        raise Invalid("bought_on", "no_customer")
    if said is Said.NO:
        stop(Target(person_id, SERVICE_NEWS))
        return False
    must_confirm = said is Said.YES_AGAIN
    if must_confirm and not person.email:
        raise Invalid("answer", "no_address")
    if not must_confirm and person.email and refusals(SERVICE_NEWS, [person.email]):
        raise Invalid("answer", "said_no_before")
    row = _offered(person, must_confirm=must_confirm, by=by)
    row.bought_on = bought_on
    session.flush()
    audit.record("contacts.no_offered", subject=("contact_person", person_id), by=by)
    if row.confirmed_at is not None or not take_mail_turn("news_again_mail", person.email or ""):
        return False
    _mail_link(person, SERVICE_NEWS, is_known=False, language=person.language)
    return True


def _offered(person: ContactPerson, *, must_confirm: bool, by: Actor) -> Subscription:
    """Return what says that a contact may get news of services: once she confirmed it, or from now on."""
    row = find_open(person.id, SERVICE_NEWS, by.scope, lock=True)
    if row is not None and must_confirm and _is_refused(row, person):
        _end(row)
        row = None
    if row is None:
        row = Subscription(contact_person_id=person.id, purpose=SERVICE_NEWS, asked_at=now())
        session.add(row)
    if not must_confirm:
        row.confirmed_at = row.confirmed_at or now()
    return row


def _mail_link(person: ContactPerson, purpose: str, *, is_known: bool, language: str | None) -> None:
    token = make_news_token(person.id, purpose, "confirm", address=person.email or "")
    mail.send(
        person.email or "",
        "contacts/confirm" if purpose == NEWSLETTER else "contacts/confirm_service_news",
        language=language,
        school=current_school().name,
        is_known=is_known,
        link=address_of(f"/nieuwsbrief/bevestig/{token}"),
    )


def stop(target: Target, *, said_at: datetime | None = None) -> None:
    """Stop mail to many for a purpose at once, and keep the no. Safe to repeat; nothing where she is gone already.

    `said_at` is when a contact said it, where that is longer ago: a newer yes of hers stays.
    """
    person = session.get(ContactPerson, (current_school_id(), target.person_id))
    if person is None:
        _stop_of_learner(target)
        return
    row = find_open(target.person_id, target.purpose, SYSTEM, lock=True)
    if row is not None and not _is_newer(row, said_at):
        row.ended_at = now()
        session.flush()
        _log("contacts.unsubscribed", target.person_id)
    keep_no(target.purpose, person.email, said_at=said_at)


def _is_newer(row: Subscription, said_at: datetime | None) -> bool:
    """Say whether a yes of hers came after a no."""
    return said_at is not None and row.is_her_yes and (row.confirmed_at or row.asked_at) > said_at


def _stop_of_learner(target: Target) -> None:
    learner = session.get(Learner, (current_school_id(), target.person_id))
    if learner is None:
        return
    consent = find_consent(target.person_id, target.purpose, SYSTEM, lock=True)
    if consent is not None:
        withdrawal = begin_withdrawal(consent, current_policy().purpose(target.purpose), by=PORTAL)
        subject = ("withdrawal", withdrawal.id)
        facts = {"purpose": target.purpose}
        audit.record("purposes.consent_withdrawn", learner_id=learner.id, subject=subject, facts=facts, by=PORTAL)
    keep_no(target.purpose, learner.email)


def may_be_erased_at_once(target: Target) -> bool:
    """Say whether the link in a mail is enough to erase who has it: who is here for the newsletter alone."""
    person = session.get(ContactPerson, (current_school_id(), target.person_id))
    return person is not None and only_asked(person.id, SYSTEM, besides_news=True)


def erase_subscriber(target: Target) -> Erased:
    """Erase who is here for the newsletter alone, and mail her that it was done; a keyed digest keeps her no.

    Says whether she was erased, for who is here for more asks it of the desk, and whether more is held with her
    address. Safe to repeat.
    """
    if not may_be_erased_at_once(target):
        return Erased(is_done=False, has_more=False)
    stop(target)
    left = erase_and_tell(target.person_id, why=ASKED, keeps_no=True, by=PORTAL)
    return Erased(is_done=True, has_more=bool(left))


def keep_no_of(person_id: UUID, scope: Scope) -> None:
    """Keep the no of a contact who is about to be erased, for each purpose for which she could get mail to many."""
    person = session.get(ContactPerson, (current_school_id(), person_id))
    if person is None:
        return
    for row in list_subscriptions(person_id, scope):
        if row.confirmed_at is not None or row.ended_at is not None:
            keep_no(row.purpose, person.email)


def erase_unconfirmed() -> int:
    """Erase who asked for the newsletter and didn't open the link in time; return how many subscriptions went.

    Those of who is under a hold, or waits for an answer to a request, stay.
    """
    rows = session.scalars(
        select(Subscription).where(
            Subscription.school_id == current_school_id(),
            Subscription.confirmed_at.is_(None),
            Subscription.is_open,
            Subscription.asked_at < now() - WAITS,
        )
    ).all()
    held = list_under_hold({row.contact_person_id for row in rows}, SYSTEM)
    over = [row for row in rows if row.contact_person_id not in held and not still_asks(row.contact_person_id, SYSTEM)]
    for row in over:
        person_id = row.contact_person_id
        session.delete(row)
        session.flush()
        if only_asked(person_id, SYSTEM):
            erase_contact_person(person_id, why=NOT_CONFIRMED, by=PORTAL)
    return len(over)


def is_closed(purpose: str, person_id: UUID, scope: Scope) -> bool:
    """Say whether a contact may not be mailed for a purpose of mail to many now: she stopped it, or never began."""
    row = find_open(person_id, purpose, scope)
    return row is None or not row.is_in_force


def keep_no(purpose: str, address: str | None, *, said_at: datetime | None = None) -> None:
    """Keep that whoever has this address wants no mail for a purpose, also where nobody here knows her.

    `said_at` is when she said it, where that is longer ago: a later no that is kept stays, and so does a newer yes.
    """
    if not address:
        return
    if said_at is not None and said_yes_since(said_at, purpose, address):
        return
    at = said_at or now()
    _keep({digest_of(purpose, address): at})
    for model, to in ((ContactPerson, Mail.contact_person_id), (Learner, Mail.learner_id)):
        hers = select(model.id).where(
            model.school_id == current_school_id(), func.lower(model.email) == address.strip().lower()
        )
        waiting = delete(Mail).where(
            Mail.school_id == current_school_id(), Mail.purpose == purpose, Mail.sent_at.is_(None)
        )
        session.execute(waiting.where(to.in_(hers), Mail.asked_at <= at))
    record_ending(Ending.NEWS, ending_of(purpose, address))


def _keep(noes: Mapping[bytes, datetime]) -> None:
    rows = [
        {"id": new_id(), "school_id": current_school_id(), "digest": digest, "refused_at": at}
        for digest, at in noes.items()
    ]
    made = insert(NewsRefusal)
    key = [NewsRefusal.school_id, NewsRefusal.digest]
    latest = func.greatest(NewsRefusal.refused_at, made.excluded.refused_at)
    if rows:
        session.execute(made.on_conflict_do_update(index_elements=key, set_={"refused_at": latest}), rows)


def _forget_no(purpose: str, address: str | None) -> None:
    """Let a newer yes, given from the mailbox itself, count over an older no."""
    gone = delete(NewsRefusal).where(
        NewsRefusal.school_id == current_school_id(), NewsRefusal.digest.in_(digests_of(purpose, address or ""))
    )
    session.execute(gone)


def _log(event: str, person_id: UUID) -> None:
    audit.record(event, subject=("contact_person", person_id), by=PORTAL)


def refuse_again(ended: EndingsSince) -> int:
    """Keep again each no that was said since, and stop what it stopped; return how many. Before who is erased goes.

    Of whom nobody here knows it is kept too, by the digest that the ledger has of her address. What a contact wants
    since stays; what a learner consented to ended with her consent.
    """
    noted = ended.noted(Ending.NEWS)
    _keep(noted)
    held = select(ContactPerson.id, ContactPerson.email).where(
        ContactPerson.school_id == current_school_id(), ContactPerson.email.is_not(None)
    )
    for person_id, email in session.execute(held).all() if noted else ():
        for purpose in (NEWSLETTER, SERVICE_NEWS):
            said_at = noted.get(digest_of_ending(Ending.NEWS, ending_of(purpose, email or "")))
            if said_at is not None:
                stop(Target(person_id, purpose), said_at=said_at)
    return len(noted)


def find_forgotten_noes(ended: EndingsSince) -> list[UUID]:
    """Return an id for each no that was said since and isn't kept."""
    kept = set(session.scalars(select(NewsRefusal.digest).where(NewsRefusal.school_id == current_school_id())))
    return [UUID(bytes=each[:16]) for each in sorted(ended.noted(Ending.NEWS).keys() - kept)]


NEWS_TRIED = (Tried(Ending.NEWS, "noes to news are forgotten", find_forgotten_noes),)
NEWS_AGAIN = (AppliedAgain(Ending.NEWS, refuse_again),)
