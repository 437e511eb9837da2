"""A learner changes what is held on her: at once, as a proposal where the policy lets the school check, or as her own
view beside a finding of the school (MN-17).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.accounts.invitations.links import address_of
from portal.accounts.models import Account
from portal.accounts.own_account.emails import ask_new_email
from portal.core import audit, mail
from portal.core.clock import local, now, today
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.core.ports import Port
from portal.learners.conditions.queries import facts_of, refusals
from portal.learners.corrections.kinds import find_field, kind_of
from portal.learners.corrections.models import Correction, CorrectionState
from portal.learners.corrections.on_behalf import channel_of, channel_of_proposal, tell_learner
from portal.learners.corrections.queries import entries_read_by, get_own_entry, may_decide, rows_of, values_held
from portal.learners.corrections.sealed_texts import open_proposed, seal_text
from portal.learners.notifications.services import notify_learners
from portal.learners.record.conflicts import as_seen
from portal.learners.record.fields import FIELDS, RecordField, as_text
from portal.learners.record.models import OWN_RECORD, Learner, Source
from portal.learners.record.services import apply_change, lock_learner
from portal.learners.record.values import values_of
from portal.learners.scope.queries import is_in_reach
from portal.notifications.models import NotificationKind
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.schools.queries import current_school

CORRECTED: Port[Callable[[UUID, UUID, str, Actor], None]] = Port("learners.corrected")
"""Called with a learner whose value was replaced as she asked, an id of that change (her proposal's, where there was
one), the category of the value, and who changed it (AVG art. 19)."""
BEFORE_CORRECTION: Port[Callable[[UUID, str, tuple[UUID | None, datetime] | None, Actor], None]] = Port(
    "learners.before_correction"
)
"""Called before what somebody changes or proposes for a learner is stored: with the field, who proposed what waits and
when, and who asks; raises Conflict where it can't be."""

MOST_ANSWER = 1000
_PROPOSED = "correction.proposed"
# The school gives it out; a learner has no other one to propose.
SCHOOLS_OWN = frozenset({"learner.number"})


def correct_own_field(
    learner_id: UUID, field: str, value: Any, *, remark: str | None = None, by: Actor
) -> Correction | None:
    """Change a field of one's own record: at once, or as a proposal where the school checks first (MN-17).

    Returns the proposal, or None when the change stands. Raises Invalid, NotAllowed.
    """
    if field in current_policy().checked_fields:
        return propose_correction(learner_id, field, value, remark=remark, by=by)
    learner = _own(learner_id, field, by)
    before, address = values_of(learner, [FIELDS[field]])[field], learner.email
    if FIELDS[field].clean(value) != before:
        BEFORE_CORRECTION.only(learner_id, field, None, by)
    apply_change(learner, {field: value}, source=Source.LEARNER, channel=channel_of(by), is_correction=True, by=by)
    after = values_of(learner, [FIELDS[field]])[field]
    if after != before:
        tell_learner(learner, category=FIELDS[field].category, address=address, by=by)
    for follow in CORRECTED.all if before not in (None, "", after) else ():
        follow(learner_id, new_id(), FIELDS[field].category, by)
    is_hers = not by.represents and learner.account_id is not None  # nobody else gets a link to her account
    if field == "learner.email" and after is not None and after != before and is_hers:
        account = session.get_one(Account, (current_school_id(), learner.account_id))
        if account.email != after:
            ask_new_email(account, after)
    return None


def propose_correction(
    learner_id: UUID,
    field: str,
    value: Any,
    *,
    entry_id: UUID = OWN_RECORD,
    remark: str | None = None,
    by: Actor,
) -> Correction:
    """Propose another value for a field that the school checks, or say one against an entry that the learner sees.

    What she says of an entry, a finding of the school, stands beside it at once (MN-17). What still waits is replaced.
    Raises Invalid for a value that couldn't be stored or is there already, NotAllowed for another's record, NotFound
    for an entry that she doesn't see.
    """
    known, row = _to_correct(learner_id, field, entry_id, by)
    cleaned = known.clean(value)
    current = values_of(row, [known])[field]
    if cleaned == current:
        raise Invalid(field, "same_value")
    facts = facts_of([learner_id], [field], by.scope)[learner_id]
    for refusal in refusals({field: cleaned}, facts, source=None):
        raise refusal
    is_finding = kind_of(field) is not None
    state = CorrectionState.CONTESTED if is_finding else CorrectionState.PROPOSED
    waiting = _waiting(learner_id, field, entry_id)
    if waiting is None or open_proposed(waiting) != as_text(cleaned):
        BEFORE_CORRECTION.only(learner_id, field, _proposer(waiting), by)
    correction = waiting or Correction(
        learner_id=learner_id, field=field, entry_id=entry_id, state=state, proposed_at=now()
    )
    correction.old = seal_text(learner_id, field, "old", as_text(current))
    correction.proposed = seal_text(learner_id, field, "proposed", as_text(cleaned))
    correction.remark = seal_text(learner_id, field, "remark", (remark or "").strip()[:MOST_ANSWER] or None)
    correction.proposed_at, correction.proposed_by = now(), by.account_id
    session.add(correction)
    session.flush()
    _log("learners.finding_contested" if is_finding else "learners.correction_proposed", correction, by)
    learner = session.get_one(Learner, (current_school_id(), learner_id))
    tell_learner(learner, category=known.category, address=learner.email, by=by)
    return correction


def pass_on_unanswered(*, by: Actor) -> int:
    """Let what wasn't answered within the school's days wait as a correction (GDPR art. 16), never as a refusal.

    Returns how many. Safe to repeat.
    """
    waiting = session.scalars(
        select(Correction)
        .where(Correction.school_id == current_school_id(), Correction.state == CorrectionState.CONTESTED)
        .order_by(Correction.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    within = current_policy().checked.answer_within
    late = [each for each in waiting if within.added_to(local(each.proposed_at).date()) < today()]
    for each in late:
        each.state = CorrectionState.PROPOSED
        session.flush()
        _log("learners.contest_passed_on", each, by)
    return len(late)


def withdraw_correction(correction_id: UUID, *, by: Actor) -> None:
    """Take back a proposal of one's own that still waits; its values are forgotten."""
    correction = _locked(correction_id, by)
    if by.scope.own_learner_id != correction.learner_id:
        raise NotFound("correction")
    field = find_field(correction.field)
    if field is not None:
        by.scope.must_change(field.category)
    BEFORE_CORRECTION.only(correction.learner_id, correction.field, _proposer(correction), by)
    correction.state, correction.decided_at = CorrectionState.WITHDRAWN, now()
    correction.old = correction.proposed = correction.remark = None
    session.flush()
    _log("learners.correction_withdrawn", correction, by)


def _proposer(correction: Correction | None) -> tuple[UUID | None, datetime] | None:
    return (correction.proposed_by, correction.proposed_at) if correction is not None else None


def decided_on(values_now: Mapping[str, Any], proposed: str | None, proposed_at: datetime) -> str:
    """Return what a form to decide carries of what it showed: what stood there, and what was proposed and when."""
    return as_seen({**values_now, _PROPOSED: (proposed, str(proposed_at.timestamp()))})


def decide_correction(
    correction_id: UUID, *, accept: bool, answer: str | None = None, seen: str | None, by: Actor
) -> None:
    """Accept or refuse a proposal for a field that one may change, and let the learner know; a refusal needs a reason.

    `seen` says on what was decided (`decided_on`): Conflict("proposed_anew") when the learner proposed something else
    since, Conflict("stale") when something else stands there, or when it isn't known what was seen. Raises
    Conflict("decided_already"), Invalid, NotAllowed.
    """
    by.must(Permission.CORRECTION_DECIDE)
    correction = _locked(correction_id, by)
    field = find_field(correction.field)
    if field is None:
        raise NotFound("correction")
    if not may_decide(field, by):
        raise NotAllowed("category_not_changed", category=field.category)
    words = (answer or "").strip()
    if not accept and not words:
        raise Invalid("correction.answer", "reason_required")
    if len(words) > MOST_ANSWER:
        raise Invalid("correction.answer", "too_long", most=MOST_ANSWER)
    learner = lock_learner(correction.learner_id, by)
    row = rows_of([correction], lock=True).get(correction.id)
    proposed = open_proposed(correction)
    _must_be_seen(seen, decided_on(values_held(row, field), proposed, correction.proposed_at))
    if accept:
        channel = channel_of_proposal(correction, learner)
        _carry_out(learner, row, field, field.read(proposed), channel=channel, by=by)
    correction.state = CorrectionState.ACCEPTED if accept else CorrectionState.REFUSED
    correction.answer = words or None
    correction.decided_by, correction.decided_by_name, correction.decided_at = by.account_id, by.name, now()
    session.flush()
    _log("learners.correction_accepted" if accept else "learners.correction_refused", correction, by)
    for follow in CORRECTED.all if accept else ():
        follow(learner.id, correction.id, field.category, by)
    mailed = [learner.id] if _tell(learner) else []
    targets = {learner.id: correction.id}
    notify_learners(NotificationKind.CORRECTION_ANSWERED, targets, category=field.category, mailed=mailed, by=by)


def _must_be_seen(seen: str | None, now_there: str) -> None:
    """Raise Conflict unless who decides saw what is there now."""
    shown, there = set((seen or "").split()), set(now_there.split())
    if shown == there:
        return
    known = any(each.startswith(f"{_PROPOSED}=") for each in shown)
    anew = any(each.startswith(f"{_PROPOSED}=") for each in there - shown)
    raise Conflict("proposed_anew" if known and anew else "stale")


def _carry_out(learner: Learner, row: Any, field: RecordField, value: Any, *, channel: str, by: Actor) -> None:
    kind = kind_of(field.key)
    if row is None:
        raise Conflict("entry_gone")
    if kind is None:
        apply_change(learner, {field.key: value}, source=Source.LEARNER, channel=channel, is_correction=True, by=by)
    else:
        kind.change(row, [(field, value)], channel, by)


def reveal_proposal(correction_id: UUID, *, by: Actor) -> str:
    """Return a proposed number in full, to hold it against a document; written in the audit each time."""
    by.must(Permission.BSN_REVEAL)
    correction = _locked(correction_id, by)
    proposed = open_proposed(correction) if correction.field == "learner.bsn" else None
    if proposed is None:
        raise NotFound("bsn")
    audit.record("learners.bsn_revealed", learner_id=correction.learner_id, by=by)
    return proposed


def _own(learner_id: UUID, field: str, by: Actor) -> Learner:
    """Return one's own record, locked; raises NotAllowed for another's and for what only the school changes."""
    if by.scope.own_learner_id != learner_id:
        raise NotAllowed("record_of_another")
    if field not in FIELDS or FIELDS[field].table != "learner":
        raise Invalid(field, "unknown_field")
    if field in SCHOOLS_OWN:
        raise NotAllowed("schools_own_field")
    by.scope.must_change(FIELDS[field].category)
    return lock_learner(learner_id, by)


def _to_correct(learner_id: UUID, field: str, entry_id: UUID, by: Actor) -> tuple[RecordField, Any]:
    """Return a field with the row that holds it: one's own, or an entry that one sees. Raises as `_own` does."""
    kind = kind_of(field)
    if kind is None:
        learner = _own(learner_id, field, by)
        return FIELDS[field], learner
    if by.scope.own_learner_id != learner_id:
        raise NotAllowed("record_of_another")
    known = next((each for each in kind.kept(current_policy()) if each.key == field), None)
    if known is None:
        raise Invalid(field, "unknown_field")
    by.scope.must_change(known.category)
    lock_learner(learner_id, by)
    return known, get_own_entry(kind, entry_id, by.scope)


def _waiting(learner_id: UUID, field: str, entry_id: UUID) -> Correction | None:
    return session.scalar(
        select(Correction)
        .where(
            Correction.school_id == current_school_id(),
            Correction.learner_id == learner_id,
            Correction.field == field,
            Correction.entry_id == entry_id,
            Correction.is_waiting,
        )
        .with_for_update()
    )


def _locked(correction_id: UUID, by: Actor) -> Correction:
    found = session.scalar(
        select(Correction)
        .where(
            Correction.school_id == current_school_id(),
            Correction.id == correction_id,
            *entries_read_by(by),
        )
        .with_for_update(of=Correction)
        .execution_options(populate_existing=True)
    )
    if found is None or not is_in_reach(found.learner_id, by.scope):
        raise NotFound("correction")
    if not found.is_waiting:
        raise Conflict("decided_already", state=found.state.value)
    return found


def _log(event: str, correction: Correction, by: Actor) -> None:
    audit.record(
        event,
        learner_id=correction.learner_id,
        subject=("correction", correction.id),
        facts={"field": correction.field},
        by=by,
    )


def _tell(learner: Learner) -> bool:
    """Mail that there is an answer, and say whether it goes. What it is about stands on her own page, not in it."""
    account = (
        session.get(Account, (current_school_id(), learner.account_id)) if learner.account_id is not None else None
    )
    address = (account.email if account is not None else None) or learner.email
    if address is None:
        return False
    mail.send(
        address,
        "learners/correction_decided",
        account_id=learner.account_id,
        learner_id=learner.id,
        language=(account.language if account is not None else None) or learner.preferred_language,
        name=account.name if account is not None else learner.full_name,
        school=current_school().name,
        link=address_of("/mijn/wijzigingen"),
    )
    return True
