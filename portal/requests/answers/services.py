"""Deciding on a request and carrying the decision out, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete

from portal.accounts.models import Account
from portal.accounts.queries import select_holders
from portal.core.clock import now
from portal.core.crypto import keys
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import Actor
from portal.identity.documents.services import destroy_waiting
from portal.permissions import Permission, roles_with
from portal.policy.queries import current_policy
from portal.requests.answers.carrying_out import Parts, carry_out
from portal.requests.answers.erasures import LEGAL_KEEPS, MET_ELSEWHERE, LegalKeep
from portal.requests.answers.grounds import GROUNDS, Ground, applies_to, grounds_for, needs_second
from portal.requests.data_requests.identity import NO_IDENTITY, may_be_asked_who
from portal.requests.data_requests.limits import may_still_ask
from portal.requests.data_requests.models import DataRequest, Outcome, RequestAdvice, RequestAnswer, RequestKind
from portal.requests.data_requests.notices import tell
from portal.requests.data_requests.parents import find_contradicted
from portal.requests.data_requests.parts import (
    erases_whole,
    is_carried_out,
    is_still_here,
    open_subjects,
    staff_part,
    subjects_of,
)
from portal.requests.data_requests.queries import get_request, list_answers, lock_request
from portal.requests.data_requests.services import MOST_SIGNS, log

_STOPS = NO_IDENTITY | {RequestKind.RESTRICTION}


class Finish(StrEnum):
    """What somebody says who closes a request that was granted by itself."""

    STOPPED = "stopped"
    NOBODY_FOUND = "nobody_found"


@dataclass(frozen=True)
class Decision:
    """What is decided on one part of a request: granted where there is no ground to refuse it."""

    subject: str
    ground: Ground | None = None


def decide_request(
    request_id: UUID,
    decisions: Mapping[str, Ground | None],
    *,
    reply: str,
    proof: str = "",
    are_recipients_told: bool = False,
    are_invoices_kept: bool = False,
    is_done_by_hand: bool = False,
    is_nobody_found: bool = False,
    by: Actor,
) -> DataRequest:
    """Decide on each part of a request, tell who asked, and carry out what is granted.

    `decisions` has a ground for each part that is refused; what isn't in it is granted. A refusal as manifestly
    unfounded waits for a second person, where there is one. What the portal doesn't carry out for who this is, the
    office does: it says so first (`is_done_by_hand`). An objection of whom nobody here knows has the same answer once
    the office says that it looked for her (`is_nobody_found`), which is written down. Raises NotAllowed, NotFound,
    Conflict where it isn't known who asks or whose it is, it has an answer, or who would go whole works or acts here
    still, and Invalid for a ground that isn't this
    right's, or without words or proof, or before it is done by hand.
    """
    by.must(Permission.REQUEST_KEEP)
    request = _undecided(request_id, by)
    weighed = open_subjects(request)
    wanted = [Decision(each, decisions.get(each) if each in weighed else None) for each in subjects_of(request)]
    _check(request, wanted, reply, proof)
    _must_be_looked_for(request, wanted, is_nobody_found, by)
    _must_still_be_asked(request, (each.ground is None for each in wanted))
    granted = [each.subject for each in wanted if each.ground is None]
    _must_have_left(request, [each.subject for each in wanted if each.ground is not None])
    if granted and not (is_done_by_hand or is_carried_out(request, granted)):
        raise Invalid("is_done_by_hand", "do_first")
    _store(request, wanted, reply, proof)
    if any(needs_second(each.ground) for each in wanted) and _has_second(by):
        request.proposed_by, request.proposed_by_name = by.account_id, by.name
        session.flush()
        log("requests.refusal_proposed", request, by)
        return request
    return _settle(request, by, are_recipients_told=are_recipients_told, are_invoices_kept=are_invoices_kept)


def confirm_refusal(
    request_id: UUID, *, are_recipients_told: bool = False, are_invoices_kept: bool = False, by: Actor
) -> DataRequest:
    """Decide as a second person what another proposed; what an erasure asks first she says herself.

    Raises NotAllowed, NotFound, Conflict for who proposed it, and Invalid as `decide_request`.
    """
    by.must(Permission.REQUEST_KEEP)
    request = _undecided(request_id, by)
    if request.proposed_by is None:
        raise Conflict("nothing_proposed")
    if request.proposed_by == by.account_id:
        raise Conflict("second_person")
    answers = [each for each in list_answers(request) if each.subject not in request.beyond]
    _must_still_be_asked(request, (each.outcome is Outcome.GRANTED for each in answers))
    _must_have_left(request, [each.subject for each in answers if each.outcome is Outcome.REFUSED])
    return _settle(request, by, are_recipients_told=are_recipients_told, are_invoices_kept=are_invoices_kept)


def send_back(request_id: UUID, *, by: Actor) -> DataRequest:
    """Put aside a refusal that was proposed, so that the request is decided on anew. Raises as `confirm_refusal`."""
    by.must(Permission.REQUEST_KEEP)
    request = _undecided(request_id, by)
    if request.proposed_by is None:
        raise Conflict("nothing_proposed")
    request.proposed_by = request.proposed_by_name = request.reply = request.proof = None
    _forget_answers(request)
    log("requests.refusal_sent_back", request, by)
    return request


def answer_nothing_held(request_id: UUID, *, by: Actor) -> DataRequest:
    """Answer somebody who showed who she is that the school has nothing of her but this request (AVG art. 15(1)).

    Raises NotAllowed, NotFound, and Conflict before it is known who asks, for one whose data is here, or answered.
    """
    by.must(Permission.REQUEST_KEEP)
    request = _undecided(request_id, by)
    if request.identity_check is None:
        raise Conflict("identity_unknown")
    if request.is_of_known_person:
        raise Conflict("person_known")
    _forget_answers(request)
    session.add(RequestAnswer(request_id=request.id, subject="", outcome=Outcome.NOTHING_HELD))
    session.flush()
    return _settle(request, by)


def grant_by_itself(request: DataRequest, *, by: Actor) -> DataRequest:
    """Grant a request that needs nobody's decision, or whose time to decide is past (AVG art. 21(1), 21(3)).

    It stays open at the desk while somebody must do by hand what the portal doesn't (`finish_by_hand`), or must still
    look for whose it is.
    """
    _store(request, [Decision(subject) for subject in subjects_of(request)], "", "")
    is_done = request.is_of_known_person and is_carried_out(request)
    return _settle(request, by, is_left_to_do=not is_done)


def carry_out_late(request: DataRequest, *, by: Actor) -> None:
    """Carry out what was granted by itself before it was known whose it is; what the portal doesn't do stays open."""
    carry_out(request, Parts(subjects_of(request), ()), by=by)
    if is_carried_out(request):
        close_request(request, by=by)


def finish_by_hand(request_id: UUID, said: Finish | None, *, by: Actor) -> None:
    """Close a request that was granted by itself, now that somebody did by hand what it asks. Safe to repeat.

    `said` is what was read and pressed: that it stopped, or of whom nobody here knows that she was looked for and not
    found, which is written down. Raises NotAllowed, NotFound, Conflict("nothing_to_do") for any other, and
    Conflict("other_by_now") where something else is to be said, because somebody named her or changed it since.
    """
    by.must(Permission.REQUEST_KEEP)
    request = lock_request(request_id, by)
    if request.is_open and not request.is_left_to_do:
        raise Conflict("nothing_to_do")
    if said is not (Finish.STOPPED if request.is_of_known_person else Finish.NOBODY_FOUND):
        raise Conflict("other_by_now")
    if request.is_open:
        request.closed_at = now()
        session.flush()
        log("requests.done_by_hand" if said is Finish.STOPPED else "requests.nobody_found", request, by)


def answer_with_file(request: DataRequest, *, blacked_out: int, by: Actor) -> DataRequest:
    """Answer a request by the file that is ready: in part where names of others were made unreadable in it.

    Safe to repeat. The request is closed when she has the file: `close_request`.
    """
    if request.decided_at is not None:
        return request
    left_out = Ground.OTHERS if request.kind is RequestKind.ACCESS else Ground.OTHERS_FILE
    _forget_answers(request)
    session.add(
        RequestAnswer(
            request_id=request.id,
            subject="",
            outcome=Outcome.IN_PART if blacked_out else Outcome.GRANTED,
            ground=left_out.value if blacked_out else None,
        )
    )
    _refuse_beyond(request)
    session.flush()
    return _settle(request, by)


def close_request(request: DataRequest, *, by: Actor) -> None:
    """Close a request that was answered with a file, now that she has it. Safe to repeat."""
    if request.closed_at is None:
        request.closed_at = now()
        session.flush()
        log("requests.closed", request, by)


def advise(request_id: UUID, body: str, *, by: Actor) -> RequestAdvice:
    """Advise on a request in writing, also after it was decided on; it decides nothing. Raises NotFound and Invalid."""
    by.must(Permission.REQUEST_ADVISE)
    request = get_request(request_id, by)
    if not body.strip():
        raise Invalid("body", "required")
    if len(body) > MOST_SIGNS:
        raise Invalid("body", "too_long", most=MOST_SIGNS)
    row = RequestAdvice(
        learner_id=request.learner_id,
        contact_person_id=request.contact_person_id,
        account_id=request.account_id,
        representative_id=request.representative_id,
        request_id=request.id,
        body=keys.seal(request.person_id, "request_advice.body", body.strip()),
        written_at=now(),
        written_by=by.account_id,
        written_by_name=by.name,
    )
    session.add(row)
    session.flush()
    log("requests.advised", request, by)
    return row


def _undecided(request_id: UUID, by: Actor) -> DataRequest:
    request = lock_request(request_id, by)
    if not request.is_undecided:
        raise Conflict("closed")
    return request


def _check(request: DataRequest, wanted: list[Decision], reply: str, proof: str) -> None:
    """Raise Invalid or Conflict for what the law doesn't let the school decide so."""
    allowed = grounds_for(request.kind, may_doubt=may_be_asked_who(request))
    refused = [each.ground for each in wanted if each.ground is not None]
    policy = current_policy()
    if not all(
        each.ground in allowed and applies_to(each.ground, each.subject, policy) for each in wanted if each.ground
    ):
        raise Invalid("ground", "not_a_ground")
    if request.identity_check is None and request.kind not in NO_IDENTITY and not _only_doubts(wanted):
        raise Conflict("identity_unknown")
    is_free = request.kind in NO_IDENTITY
    if len(refused) < len(wanted) and not request.is_of_known_person and not is_free:
        raise Conflict("person_unknown")
    if request.identity_check is not None and Ground.UNIDENTIFIED in refused and may_still_ask(request):
        raise Invalid("ground", "identity_known")
    if refused and not reply.strip():
        raise Invalid("reply", "required")
    if len(reply) > MOST_SIGNS:
        raise Invalid("reply", "too_long", most=MOST_SIGNS)
    if any(GROUNDS[ground].needs_proof for ground in refused) and not proof.strip():
        raise Invalid("proof", "proof_needed")


def _only_doubts(wanted: Iterable[Decision]) -> bool:
    """Say whether the whole answer is that it isn't sure who asks."""
    return {each.ground for each in wanted} == {Ground.UNIDENTIFIED}


def _must_be_looked_for(request: DataRequest, wanted: Iterable[Decision], is_nobody_found: bool, by: Actor) -> None:
    """Write down that nobody was found of whom a request is; raises Invalid where that isn't said."""
    if request.is_of_known_person or request.kind not in NO_IDENTITY or _only_doubts(wanted):
        return
    if not is_nobody_found:
        raise Invalid("is_nobody_found", "search_first")
    log("requests.nobody_found", request, by)


def _must_still_be_asked(request: DataRequest, yeses: Iterable[bool]) -> None:
    """Raise Conflict for a yes to who acted for a learner and may no more; what only stops a use she can give again."""
    if request.kind in _STOPS or not any(yeses):
        return
    if not may_still_ask(request):
        raise Conflict("no_longer_acts")
    if find_contradicted(request) is not None:
        raise Conflict("parents_disagree")


def _must_have_left(request: DataRequest, refused: Sequence[str]) -> None:
    """Raise Conflict for a yes to erase all of somebody who works here, or acts for somebody, now."""
    if len(refused) < len(subjects_of(request)) and erases_whole(request, refused) and is_still_here(request):
        raise Conflict("still_here")


def _store(request: DataRequest, wanted: list[Decision], reply: str, proof: str) -> None:
    _forget_answers(request)
    session.add_all(
        RequestAnswer(
            request_id=request.id,
            subject=each.subject,
            outcome=Outcome.GRANTED if each.ground is None else Outcome.REFUSED,
            ground=each.ground.value if each.ground is not None else None,
        )
        for each in wanted
    )
    _refuse_beyond(request)
    request.reply = keys.seal(request.person_id, "data_request.reply", reply.strip()) if reply.strip() else None
    request.proof = keys.seal(request.person_id, "data_request.proof", proof.strip()) if proof.strip() else None
    session.flush()


def _refuse_beyond(request: DataRequest) -> None:
    """Refuse what who asks may not ask for the learner; who isn't known reads nothing of it."""
    if request.is_unproven:
        return
    session.add_all(
        RequestAnswer(request_id=request.id, subject=key, outcome=Outcome.REFUSED, ground=Ground.NO_AUTHORITY.value)
        for key in request.beyond
    )


def _forget_answers(request: DataRequest) -> None:
    session.execute(
        delete(RequestAnswer).where(
            RequestAnswer.school_id == current_school_id(), RequestAnswer.request_id == request.id
        )
    )


def _settle(
    request: DataRequest,
    by: Actor,
    *,
    are_recipients_told: bool = False,
    are_invoices_kept: bool = False,
    is_left_to_do: bool = False,
) -> DataRequest:
    """Give the answer that is stored by part, carry out what it grants, and tell who asked."""
    if request.kind is RequestKind.ERASURE:
        _keep_what_law_asks(request)
    answers = list_answers(request)
    outcomes = {answer.outcome for answer in answers}
    request.outcome = outcomes.pop() if len(outcomes) == 1 else Outcome.IN_PART
    request.decided_at, request.decided_by, request.decided_by_name = now(), by.account_id, by.name
    waits = request.is_answered_by_file or is_left_to_do
    if not waits or request.outcome in {Outcome.REFUSED, Outcome.NOTHING_HELD}:
        request.closed_at = request.decided_at
    destroy_waiting(request.id, by.scope)
    session.flush()
    log("requests.decided", request, by, outcome=request.outcome.value)
    tell(request, "decided")
    granted = tuple(answer.subject for answer in answers if answer.outcome is Outcome.GRANTED)
    refused = tuple(answer.subject for answer in answers if answer.outcome is Outcome.REFUSED)
    carry_out(request, Parts(granted, refused, are_recipients_told, are_invoices_kept), by=by)
    return request


def find_legal_keeps(request: DataRequest, *, lock: bool = False) -> Mapping[str, LegalKeep]:
    """Return the parts of a request to erase that may not go, each with the law or case, and until when.

    Invoices that no hold keeps aren't among them: the office says that the bookkeeping has them, or refuses. With
    `lock` no hold is set on her before the commit.
    """
    kind, person_id = request.person_kind, request.known_person_id
    if request.kind is not RequestKind.ERASURE or kind is None or person_id is None:
        return {}
    keeps = LEGAL_KEEPS.only(kind, person_id, subjects_of(request), lock=lock)
    return {key: keep for key, keep in keeps.items() if not keep.may_go(key, MET_ELSEWHERE)}


def _keep_what_law_asks(request: DataRequest) -> None:
    """Let stand what may not be erased though she asked, with the law or case and until when (AVG art. 17(3), MN-16).

    What the office refused on such a ground itself says that as well. From here on nobody sets a hold on her before
    the commit: what is said of her stays true until she is erased.
    """
    policy, keeps = current_policy(), find_legal_keeps(request, lock=True)
    for answer in list_answers(request):
        keep = keeps.get(answer.subject)
        if keep is not None:
            answer.outcome, answer.ground = Outcome.REFUSED, keep.ground.value
            answer.kept_for, answer.kept_until = keep.kept_for, keep.until
        elif answer.ground == Ground.LAW and (told := staff_part(request, answer.subject)) is not None:
            answer.kept_for = told.law or ""
        elif answer.ground == Ground.LAW and policy.category(answer.subject) is not None:
            answer.kept_for = policy.term_for(answer.subject).law or ""
    session.flush()


def _has_second(by: Actor) -> bool:
    """Say whether somebody else of the school decides on requests, too."""
    another = select_holders(roles_with(Permission.REQUEST_KEEP)).where(Account.id != by.account_id)
    return session.scalar(another.limit(1)) is not None
