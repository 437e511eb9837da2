"""Asking, checking who asks, taking in hand, putting off, joining and withdrawing. Deciding stands in `answers`."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from secrets import randbelow
from uuid import UUID

from portal.accounts.sign_in.attempts import Attempt
from portal.core import audit
from portal.core.clock import now, today
from portal.core.crypto import keys
from portal.core.db.base import new_id
from portal.core.db.session import session
from portal.core.digits import latin_digits
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import Actor
from portal.core.personal_data import CATEGORIES
from portal.core.ports import Port
from portal.identity.documents.services import destroy_waiting
from portal.learners.record.services import move_last_contact
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.requests.data_requests import clock
from portal.requests.data_requests.endings import end_what_waited, move_into
from portal.requests.data_requests.identity import NO_IDENTITY, lacks_representative, may_be_asked_who
from portal.requests.data_requests.limits import must_agree_to_stop
from portal.requests.data_requests.models import (
    DataRequest,
    ExtensionReason,
    IdentityCheck,
    RequestChannel,
    RequestKind,
)
from portal.requests.data_requests.notices import can_be_mailed, mail_code, tell
from portal.requests.data_requests.queries import find_same, get_own_request, lock_request
from portal.requests.numbers import next_number

FILED: Port[Callable[[DataRequest, Actor], None]] = Port("requests.filed")
"""Called with a request that was filed, and by whom: what it stops, stops from then on."""

IDENTIFIED: Port[Callable[[DataRequest, Actor], None]] = Port("requests.identified")
"""Called with a request, and who checked, once it is known who asks: what is made for it can begin (LB-11)."""

MOST_SIGNS = 4_000
LONG_AGO = timedelta(days=366)
PROOF = frozenset({"consent", "dealings", "account", "activity", "name"})
"""What goes with the whole record alone: what shows what was done for her, and who she is."""
SEEN_BY_STAFF = frozenset({IdentityCheck.COUNTER, IdentityCheck.DOCUMENT})
"""The checks that somebody of the school did, whose name stands with it."""
_CODE_LASTS = timedelta(minutes=30)
_CODE_APART = timedelta(minutes=1)


@dataclass(frozen=True)
class Wish:
    """What somebody asks: the kind, her own words, and what it is about; no categories: everything that is held."""

    kind: RequestKind
    body: str = ""
    categories: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    restriction_ground: str | None = None
    is_restricted_meanwhile: bool = False
    includes_findings: bool = False
    organisation: str | None = None
    entry_ids: tuple[UUID, ...] = ()


def add_request(request: DataRequest, wish: Wish, *, within: frozenset[str], is_told: bool = True, by: Actor) -> None:
    """Fill in, number and store a request; a representative asks about no more than she may see.

    `is_told`: whether who asked is mailed that it came. Raises Invalid, and Conflict where the same waits.
    """
    _check(wish)
    request.kind, request.entry_ids = wish.kind, list(wish.entry_ids)
    same = find_same(request, wish.purposes)
    if same is not None:
        raise Conflict("already_asked", number=same.number)
    wanted = frozenset(wish.categories or CATEGORIES) & within
    request.id = new_id()
    request.categories = [] if wanted == frozenset(CATEGORIES) else [each for each in CATEGORIES if each in wanted]
    request.purposes = list(wish.purposes)
    request.restriction_ground = wish.restriction_ground
    request.is_restricted_meanwhile = wish.is_restricted_meanwhile
    request.includes_findings = wish.includes_findings
    request.organisation = wish.organisation
    request.filed_at, request.filed_by = now(), by.account_id
    request.filed_by_name = request.filed_by_name or by.name
    request.due_on = clock.first_due_on(request.kind, request.received_on)
    request.number = next_number(DataRequest.number, "V")
    if wish.body.strip():
        request.body = keys.seal(request.person_id, "data_request.body", wish.body.strip())
    session.add(request)
    session.flush()
    if request.learner_id is not None:
        move_last_contact([request.learner_id], request.received_on, by.scope)
    log("requests.filed", request, by, kind=request.kind.value, channel=request.channel.value)
    if is_told:
        tell(request, "received")
    for follow in FILED.all:
        follow(request, by)


def _check(wish: Wish) -> None:
    """Raise Invalid for what is asked of categories or purposes that the policy hasn't, or for a text too long."""
    policy = current_policy()
    if len(wish.body) > MOST_SIGNS:
        raise Invalid("body", "too_long", most=MOST_SIGNS)
    if any(policy.category(key) is None for key in wish.categories):
        raise Invalid("categories", "unknown_category")
    if wish.kind is RequestKind.OBJECTION:
        allowed = {purpose.key for purpose in policy.purposes if purpose.may_be_objected_to}
    else:
        allowed = {purpose.key for purpose in policy.consent_purposes()}
    if not set(wish.purposes) <= allowed:
        raise Invalid("purposes", "unknown_purpose")
    if wish.kind in NO_IDENTITY and not wish.purposes:
        raise Invalid("purposes", "required")


def log(event: str, request: DataRequest, by: Actor, **facts: object) -> None:
    """Write down what was done with a request."""
    audit.record(
        event,
        learner_id=request.learner_id,
        subject=("data_request", request.id),
        facts={"number": request.number, **facts},
        by=by,
    )


# ── Who asks ──


def identify(request: DataRequest, how: IdentityCheck, by: Actor) -> None:
    """Record that it is known who asks, let the clock go on, and what is made for her begin.

    Who checked stands with it where somebody looked at her; a sign-in or a code proves itself.
    """
    request.identity_check, request.identity_checked_at = how, now()
    if how in SEEN_BY_STAFF:
        request.identity_checked_by, request.identity_checked_by_name = by.account_id, by.name
    request.code_digest = None
    destroy_waiting(request.id, by.scope)
    asked_on = request.identity_asked_on
    if asked_on is not None and clock.pauses_for_identity(
        request.kind, received_on=request.received_on, asked_on=asked_on
    ):
        request.due_on += today() - asked_on
    session.flush()
    log("requests.identity_checked", request, by, how=how.value)
    for follow in IDENTIFIED.all:
        follow(request, by)


def check_identity(
    request_id: UUID, how: IdentityCheck, *, is_told: bool = True, saw_authority: bool = False, by: Actor
) -> DataRequest:
    """Record at the counter, or by a masked document, who asks; `is_told`: she is mailed that. Safe to repeat.

    Of who asks for a learner the desk says first which representative that is. Of who asks for another it is seen that
    she may (`saw_authority`): that is in the log (LB-11). Raises NotFound, NotAllowed, and Conflict: "closed",
    "authority_not_seen", "who_asks_unsaid".
    """
    by.must(Permission.REQUEST_ENTER if how is IdentityCheck.COUNTER else Permission.REQUEST_KEEP)
    request = _open(request_id, by)
    if request.identity_check is None:
        if lacks_representative(request):
            raise Conflict("who_asks_unsaid")
        is_for_another = bool(request.asked_for) and request.asked_by_id is None
        if is_for_another and not saw_authority:
            raise Conflict("authority_not_seen")
        identify(request, how, by)
        if is_for_another:
            log("requests.authority_seen", request, by)
        if is_told:
            tell(request, "identity_known")
    return request


def ask_identity(request_id: UUID, *, by: Actor) -> DataRequest:
    """Ask who it is, where there is real doubt (AVG art. 12(6)): a code to a known address, else she is asked to come.

    Who asked on the public page is told the same whether or not there is an address that was hers before.
    Raises NotFound, and Conflict where it is known already, isn't needed, or the request is closed.
    """
    by.must(Permission.REQUEST_KEEP)
    request = _open(request_id, by)
    if request.identity_check is not None:
        raise Conflict("identity_known")
    if not may_be_asked_who(request):
        raise Conflict("identity_not_needed")
    request.identity_asked_on = request.identity_asked_on or today()
    session.flush()
    if not send_code(request) or request.channel is RequestChannel.WEBSITE:
        tell(request, "identity_asked")
    log("requests.identity_asked", request, by)
    return request


def send_code(request: DataRequest) -> bool:
    """Mail a new code to an address that is known to be hers, and say whether there is one."""
    if not can_be_mailed(request, known=True):
        return False
    code = f"{randbelow(10**6):06}"
    request.code_digest = _code_digest(request, code)
    request.code_sent_at = now()
    session.flush()
    mail_code(request, code)
    return True


def _code_digest(request: DataRequest, code: str) -> bytes:
    return keys.digest(f"{request.id} {code}", "request code")


def send_code_again(request_id: UUID, *, by: Actor) -> None:
    """Mail a new code to who asked; the one before is no good any more.

    Raises NotFound, and Conflict where it is known who asks, where there is no address, and within a minute of the
    code before.
    """
    request = get_own_request(request_id, by, lock=True)
    if request.identity_check is not None or not request.is_open:
        raise Conflict("identity_known")
    if request.code_sent_at is not None and now() - request.code_sent_at < _CODE_APART:
        raise Conflict("code_just_sent")
    if not send_code(request):
        raise Conflict("no_address")
    log("requests.code_sent", request, by)


def accept_code(request_id: UUID, code: str, *, by: Actor) -> DataRequest:
    """Take a code that was mailed for the proof of who asks. A right one counts once.

    Tries are counted as those of signing in are, outside the transaction: six wrong ones within a quarter of an hour
    are the last, whatever new code is asked. Raises NotFound, Conflict, Invalid("code", …).
    """
    return take_code(get_own_request(request_id, by, lock=True), code, by)


def accept_told_code(request_id: UUID, code: str, *, by: Actor) -> DataRequest:
    """Take a code that was mailed and that she told a member of staff, as `accept_code` does."""
    by.must(Permission.REQUEST_ENTER)
    return take_code(lock_request(request_id, by), code, by)


def take_code(request: DataRequest, code: str, by: Actor) -> DataRequest:
    """Take a code for the proof of who asked this, which is locked; raises as `accept_code` does."""
    if request.identity_check is not None:
        return request
    if request.code_digest is None or request.code_sent_at is None or not request.is_open:
        raise Conflict("no_code")
    if lacks_representative(request):  # whoever has the learner's mail isn't who asks
        raise Conflict("no_code")
    attempt = Attempt("request_code", str(request.id), None)
    if now() > request.code_sent_at + _CODE_LASTS or attempt.begin():
        raise Invalid("code", "code_over")
    typed = "".join(each for each in latin_digits(code) if each.isdigit())
    if not hmac.compare_digest(_code_digest(request, typed), request.code_digest):
        raise Invalid("code", "wrong_code")
    attempt.succeed()
    identify(request, IdentityCheck.KNOWN_MAIL, by)
    tell(request, "identity_known")
    return request


# ── On its way ──


def _open(request_id: UUID, by: Actor) -> DataRequest:
    request = lock_request(request_id, by)
    if not request.is_open:
        raise Conflict("closed")
    return request


def take_request(request_id: UUID, *, by: Actor) -> DataRequest:
    """Say that oneself has a request in hand, in the place of who had it. Raises NotFound, NotAllowed and Conflict."""
    by.must(Permission.REQUEST_KEEP)
    request = _open(request_id, by)
    if request.handled_by != by.account_id:
        is_first = request.handled_by is None
        request.handled_by, request.handled_by_name = by.account_id, by.name
        session.flush()
        log("requests.taken", request, by)
        if is_first:
            tell(request, "taken")
    return request


def extend_request(request_id: UUID, because: ExtensionReason, reason: str, *, by: Actor) -> DataRequest:
    """Put the answer off, before its day, once, with a reason that she reads (AVG art. 12(3), OP-13).

    Raises Invalid for no reason, and Conflict where the day is past, it was put off before, or the statement promises
    its term without exception.
    """
    by.must(Permission.REQUEST_KEEP)
    request = _open(request_id, by)
    until = clock.extended_due_on(request.kind, request.received_on)
    if until is None or until <= request.due_on:
        raise Conflict("never_extended")
    if request.extended_at is not None or not request.is_undecided:
        raise Conflict("extended_already")
    if request.due_on < today():
        raise Conflict("past_its_day")
    if not reason.strip():
        raise Invalid("reason", "required")
    request.extended_because, request.extended_at, request.due_on = because, now(), until
    request.extension_reason = keys.seal(request.person_id, "data_request.extension_reason", reason.strip())
    session.flush()
    log("requests.extended", request, by, because=because.value, due_on=until.isoformat())
    tell(request, "extended")
    return request


def join_requests(request_id: UUID, earlier_id: UUID | None, *, by: Actor) -> DataRequest:
    """Let another request of the same person and kind ask what this one does, by the earlier of their days; return it.

    Raises NotFound, NotAllowed, and Conflict where they aren't one person's, aren't alike, or one is answered.
    """
    by.must(Permission.REQUEST_KEEP)
    if earlier_id is None:
        raise NotFound("data_request")
    request, kept = _open(request_id, by), _open(earlier_id, by)
    if request.id == kept.id or request.person_id != kept.person_id:
        raise Conflict("not_one_person")
    if not (request.is_undecided and kept.is_undecided):
        raise Conflict("closed")
    move_into(kept, request, by=by)
    request.joined_to_id, request.closed_at = kept.id, now()
    destroy_waiting(request.id, by.scope)
    session.flush()
    log("requests.joined", request, by, joined_to=kept.number)
    tell(request, "joined")
    return kept


def withdraw_request(request_id: UUID, *, by: Actor) -> DataRequest:
    """Let whoever asked take a request back that has no answer yet; what stopped until the answer goes on.

    Safe to repeat. Raises NotFound and Conflict.
    """
    request = get_own_request(request_id, by, lock=True)
    if request.withdrawn_at is not None:
        return request
    if not request.is_undecided:
        raise Conflict("closed")
    must_agree_to_stop(request, by)
    request.withdrawn_at = request.closed_at = now()
    destroy_waiting(request.id, by.scope)
    session.flush()
    log("requests.withdrawn", request, by)
    end_what_waited(request, by=by)
    tell(request, "withdrawn")
    return request
