"""What a decision brings about: data that is erased, uses that stop, consents that end. Files are `copies`' own."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from portal.contacts.subscriptions.links import Target
from portal.contacts.subscriptions.services import keep_no, stop
from portal.core.clock import start_of
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.core.http.languages import comma, language
from portal.core.personal_data import PersonKind
from portal.core.values import find_email
from portal.disclosures.models import NoticeReason
from portal.disclosures.recipients.changes import Change, list_given, list_unreachable, tell_recipients
from portal.finances.queries import FINANCE, count_invoices_to_keep
from portal.notifications.models import NotificationKind
from portal.notifications.services import Told, notify
from portal.policy.queries import current_policy
from portal.purposes.queries import find_consent
from portal.purposes.restrictions.models import RestrictionGround
from portal.purposes.restrictions.services import restrict
from portal.purposes.withdrawals.services import withdraw_for_either
from portal.requests.answers.erasures import ERASE, Erasing, Refusal
from portal.requests.answers.grounds import GROUNDS, Ground
from portal.requests.data_requests.endings import release_answered, settle_request
from portal.requests.data_requests.models import DataRequest, RequestKind
from portal.requests.data_requests.notices import find_reader, held_reader_of, mail_certificate
from portal.requests.data_requests.parents import account_of_asker
from portal.requests.data_requests.parts import NEWS, erases_whole, is_carried_out
from portal.requests.data_requests.queries import list_answers
from portal.requests.data_requests.services import PROOF, SEEN_BY_STAFF, log
from portal.requests.log_names.queries import list_entries

_HERS = (
    "learner_id", "contact_person_id", "account_id", "representative_id", "asked_by_id", "filed_by", "asker_name",
    "asker_contact", "asker_number", "asker_birth_date", "asked_for", "body", "reply", "proof", "extension_reason",
    "organisation",
)  # fmt: skip
"""What a request of somebody who is erased loses: whose it is, who asked, and every word that was written."""


@dataclass(frozen=True)
class Parts:
    """The parts of a request that were granted, and those that were refused."""

    granted: Sequence[str]
    refused: Sequence[str]
    are_recipients_told: bool = False
    are_invoices_kept: bool = False


def _titles(recipients: Sequence[str]) -> str:
    policy = current_policy()
    known = {each.key: str(policy.text(each.title, language())) for each in policy.recipients}
    return comma().join(known.get(key, key) for key in recipients)


class _CarryOut(Protocol):
    def __call__(self, request: DataRequest, parts: Parts, by: Actor, /) -> None: ...


def carry_out(request: DataRequest, parts: Parts, *, by: Actor) -> None:
    """Do what a decision brings about, in its transaction."""
    do = _name_staff if request.entry_ids else _BY_KIND.get(request.kind)
    if do is not None:
        do(request, parts, by)


def _erase(request: DataRequest, parts: Parts, by: Actor) -> None:
    """Erase what is granted, at once, with a certificate; all of it is the person, whose request stays as a number.

    Who had it is told before that. Of a whole person nothing is left by which the office could tell somebody later: so
    who has no address is told first. Raises Invalid where that isn't said, or that invoices are with the bookkeeping.
    """
    kind, person_id = request.person_kind, request.known_person_id
    if not is_carried_out(request, parts.granted) or kind is None or person_id is None or not parts.granted:
        return
    granted = tuple(category for category in parts.granted if category not in PROOF)
    is_whole = erases_whole(request, parts.refused)
    if kind is PersonKind.LEARNER:
        _tell_who_had_it(request, parts, is_whole=is_whole, by=by)
    if not is_whole and not granted:
        return
    erasing = Erasing(kind, person_id, () if is_whole else granted, _refusals_of(request), request.language)
    # Where she was reached is read first: what waits for her in the post goes as well.
    reader = find_reader(request) if is_whole else None
    if is_whole:
        _leave_the_number(request)
    certified = ERASE.only(erasing, by)
    if certified is not None:
        request.certificate_number = certified.number
        session.flush()
    if certified is not None and reader is not None:
        mail_certificate(request, reader, certified.path, certified.account)


def _tell_who_had_it(request: DataRequest, parts: Parts, *, is_whole: bool, by: Actor) -> None:
    """Tell the recipients of a learner's data that it goes (AVG art. 19); of somebody else no file ever held any."""
    categories = () if is_whole else tuple(parts.granted)
    change = Change(request.person_id, NoticeReason.ERASED, request.id, categories)
    unreachable = list_unreachable(change) if is_whole else []
    if unreachable and not parts.are_recipients_told:
        raise Invalid("are_recipients_told", "tell_first", recipients=_titles(unreachable))
    _hand_over_invoices(request, parts, by)
    had_it = sorted({each.recipient for each in list_given(change)}) if is_whole else []
    tell_recipients(change, by=by)
    if had_it:  # what says so of each of them goes with her
        log("requests.recipients_told", request, by, recipients=had_it)


def _hand_over_invoices(request: DataRequest, parts: Parts, by: Actor) -> None:
    """Have it said, and write down, that the bookkeeping has her invoices before they go here (AWR art. 52).

    Raises Invalid where it isn't said.
    """
    if FINANCE not in parts.granted:
        return
    count = count_invoices_to_keep(request.learner_id, by.scope)
    if count and not parts.are_invoices_kept:
        raise Invalid("are_invoices_kept", "hand_over_first", number=count)
    if count:
        log("requests.invoices_handed_over", request, by, lines=count)


def _refusals_of(request: DataRequest) -> dict[str, Refusal]:
    """Return on which article each part was refused, and until when it stays."""
    return {
        each.subject: Refusal(GROUNDS[Ground(each.ground)].article, each.kept_until)
        for each in list_answers(request)
        if each.ground
    }


def _leave_the_number(request: DataRequest) -> None:
    """Take from a request all that says whose it is: its number and its days stay, and who of the school did what."""
    for name in _HERS:
        setattr(request, name, None)
    request.filed_by_name = ""
    if request.identity_check not in SEEN_BY_STAFF:  # she, or who acts for her, proved it herself
        request.identity_checked_by = request.identity_checked_by_name = None
    session.flush()


def _restrict(request: DataRequest, parts: Parts, by: Actor) -> None:
    """Restrict what is granted (AVG art. 18(1))."""
    if request.learner_id is not None and parts.granted:
        ground = RestrictionGround(request.restriction_ground or RestrictionGround.ACCURACY)
        wanted = [category for category in parts.granted if category]
        tell_recipients(Change(request.learner_id, NoticeReason.RESTRICTED, request.id, wanted), by=by)
        restrict(request.learner_id, ground=ground, categories=wanted, data_request_id=request.id, by=by)


def _correct(request: DataRequest, parts: Parts, by: Actor) -> None:
    """Tell who had what was corrected, and her that what stood still until this answer is used again (18(3), 19)."""
    if request.learner_id is None:
        return
    if parts.granted:
        tell_recipients(Change(request.learner_id, NoticeReason.CORRECTED, request.id, request.categories), by=by)
    release_answered(request, by=by)


def _settle(request: DataRequest, parts: Parts, by: Actor) -> None:
    keep_no_of_address(request, parts.granted)
    settle_request(request, won=parts.granted, lost=parts.refused, by=by)


def _withdraw(request: DataRequest, parts: Parts, by: Actor) -> None:
    """End the consents that she took back by phone, letter or at the counter (AVG art. 7(3)); a newer yes stays.

    What they delete goes only where it is known who asked: of a stranger's word the use stops, and no more. Nor does
    what rests on another parent's yes.
    """
    keep_no_of_address(request, parts.granted)
    if request.contact_person_id is not None:
        stop_news(request, parts.granted)
    if request.learner_id is None:
        return
    asked_by = account_of_asker(request) if request.is_by_representative else None  # else whoever wrote it down
    for key in parts.granted:
        consent = find_consent(request.learner_id, key, by.scope, lock=True)
        if consent is not None and consent.given_at <= said_at(request):  # a newer yes is no part of what she asked
            purpose, is_certain = current_policy().purpose(key), not request.is_doubted
            withdraw_for_either(consent, purpose, asked_by=asked_by, is_certain=is_certain, by=by)


def said_at(request: DataRequest) -> datetime:
    """Return until when what she asks may have been said: when it was filed, or the day on which a letter came in."""
    return min(request.filed_at, start_of(request.received_on + timedelta(days=1)))


def stop_news(request: DataRequest, purposes: Collection[str]) -> None:
    """Stop the mails to many among these purposes for a contact, and keep her no (AVG art. 21(3)). Safe to repeat."""
    if request.contact_person_id is not None:
        for key in NEWS.intersection(purposes):
            stop(Target(request.contact_person_id, key), said_at=said_at(request))


def keep_no_of_address(request: DataRequest, purposes: Collection[str]) -> None:
    """Keep the no to mail to many at the address that who asked gave, whether or not anybody here has it.

    Of who asks for somebody else it isn't: she said no for another. Nor of what isn't one mail address.
    """
    if request.asked_for or request.is_by_representative:
        return
    address = find_email(request.asker_contact)
    for key in NEWS.intersection(purposes) if address else ():
        keep_no(key, address, said_at=said_at(request))


def stop_news_of_account(request: DataRequest, purposes: Collection[str]) -> None:
    """Keep the no to mail to many at the address by which the school knows who works here or represents somebody."""
    reader = held_reader_of(request)
    if reader is not None:
        for key in NEWS.intersection(purposes):
            keep_no(key, reader[0], said_at=said_at(request))


def _name_staff(request: DataRequest, parts: Parts, by: Actor) -> None:
    """Tell the staff concerned that she reads their names now, and write down whose (C-579/21)."""
    named = list_entries(request, [UUID(each) for each in parts.granted])
    accounts = sorted({each.actor_id for each in named if each.actor_id is not None})
    if accounts:
        notify(NotificationKind.NAME_GIVEN, [Told(each, request.id) for each in accounts], by=by)
        log("requests.names_given", request, by, accounts=[str(each) for each in accounts])


_BY_KIND: Mapping[RequestKind, _CarryOut] = {
    RequestKind.RECTIFICATION: _correct,
    RequestKind.ERASURE: _erase,
    RequestKind.RESTRICTION: _restrict,
    RequestKind.OBJECTION: _settle,
    RequestKind.CONSENT_WITHDRAWAL: _withdraw,
}
