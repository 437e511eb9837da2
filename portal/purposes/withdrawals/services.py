"""Taking a consent back: what stops at once, and what the worker does after it, step by step."""

from collections.abc import Callable
from uuid import UUID

from portal.core import audit, jobs
from portal.core.clock import now
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.db.session import session
from portal.core.erasure import erase_category, erase_fields
from portal.core.errors import Conflict
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.core.personal_data import PersonKind
from portal.policy.schema.categories import Purpose
from portal.purposes.consents.services import get_consent_purpose, must_decide_for
from portal.purposes.models import Consent, StepState, Withdrawal, WithdrawalStep
from portal.purposes.queries import find_consent, get_withdrawal, list_steps
from portal.representation.disputes.models import DisputeSubject
from portal.representation.disputes.queries import is_of_other_parent
from portal.representation.disputes.services import ParentsDisagree, raise_dispute

STOP = "stop"
DELETE_CATEGORY = "delete_category"
DELETE_FIELD = "delete_field"
FILES = "files"
RECIPIENTS = "recipients"
WITHDRAWN = "consent_withdrawn"

CARRY_OUT = "purposes.carry_out_withdrawal"
ANSWER_IN_FILES = "disclosures.answer_withdrawal"


def _steps_of(purpose: Purpose, *, is_certain: bool) -> list[tuple[str, str, StepState]]:
    deletes = purpose.deletes if is_certain else None
    steps = [(STOP, "", StepState.DONE)]
    if deletes is not None:
        steps += [(DELETE_CATEGORY, category, StepState.WAITING) for category in deletes.categories]
        steps += [(DELETE_FIELD, field, StepState.WAITING) for field in deletes.fields]
    return [*steps, (FILES, "", StepState.WAITING), (RECIPIENTS, "", StepState.WAITING)]


def withdraw_consent(learner_id: UUID, purpose: str, *, by: Actor) -> Withdrawal:
    """End a consent at once and ask the worker for the rest, in one transaction (LB-09, LL-05).

    From the commit on no new file holds the learner for this purpose. Either parent of a child may do so whatever the
    other said, though not all of it goes (`withdraw_for_either`); a yes after it needs both. Raises NotFound,
    NotAllowed, and Conflict where no consent is in force: a second withdrawal changes nothing.
    """
    wanted = get_consent_purpose(purpose)
    learner = must_decide_for(learner_id, purpose, by, is_stopping=True)
    consent = find_consent(learner_id, purpose, by.scope, lock=True)
    if consent is None:
        raise Conflict("not_in_force")
    withdrawal = withdraw_for_either(consent, wanted, asked_by=by.account_id, by=by)
    audit.record(
        "purposes.consent_withdrawn",
        learner_id=learner.id,
        subject=("withdrawal", withdrawal.id),
        facts={"purpose": purpose},
        by=by,
    )
    return withdrawal


def withdraw_for_either(
    consent: Consent, purpose: Purpose, *, asked_by: UUID | None, is_certain: bool = True, by: Actor
) -> Withdrawal:
    """End a consent that is locked as `begin_withdrawal` does, whichever parent of a child gave it and asks this.

    Stopping takes nothing away that can't be given again. What it would delete of the other parent's yes stays until
    they agree or a court says so: they disagree, and the school is told. `asked_by` is the account of who asks; None
    where staff wrote it down, and nobody knows which of the parents it was.
    """
    given_by = consent.given_by
    if (
        not is_certain
        or given_by is None
        or purpose.deletes is None
        or not is_of_other_parent(consent.learner_id, given_by, asked_by, by.scope)
    ):
        return begin_withdrawal(consent, purpose, is_certain=is_certain, by=by)
    withdrawal = begin_withdrawal(consent, purpose, is_certain=False, by=by)
    topic = f"erasure {purpose.key}"
    raise_dispute(
        ParentsDisagree(consent.learner_id, DisputeSubject.REQUEST, topic, given_by, asked_by=asked_by), by=by
    )
    return withdrawal


def begin_withdrawal(consent: Consent, purpose: Purpose, *, is_certain: bool = True, by: Actor) -> Withdrawal:
    """End a consent that is locked and ask the worker for what its purpose deletes, its files and its recipients.

    Unless it is certain who asked, and that she may decide it alone, the use stops and nothing is deleted: that can't
    be undone (AVG art. 12(6)).
    """
    moment = now()
    consent.ended_at = moment
    if is_certain:
        record_ending(Ending.CONSENT, consent.id)
    else:
        record_ending(Ending.LAPSE, consent.id)
    withdrawal = Withdrawal(
        learner_id=consent.learner_id,
        consent_id=consent.id,
        purpose=consent.purpose,
        asked_at=moment,
        asked_by=by.account_id,
    )
    session.add(withdrawal)
    session.flush()
    session.add_all(
        WithdrawalStep(
            withdrawal_id=withdrawal.id,
            position=position,
            kind=kind,
            subject=subject,
            state=state,
            done_at=moment if state is StepState.DONE else None,
        )
        for position, (kind, subject, state) in enumerate(_steps_of(purpose, is_certain=is_certain))
    )
    asked = jobs.ask(CARRY_OUT, {"withdrawal_id": str(withdrawal.id)}, unique=str(withdrawal.id))
    withdrawal.job_id = asked.id
    session.flush()
    return withdrawal


def finish_step(step: WithdrawalStep, *, state: StepState = StepState.DONE, **facts: object) -> None:
    """Mark a step as done, or as kept with what there is to say; the last one ends the withdrawal."""
    step.state = state
    step.done_at = now()
    step.facts = dict(facts)
    session.flush()
    withdrawal = get_withdrawal(step.withdrawal_id, SYSTEM)
    if withdrawal.done_at is None and all(item.state is not StepState.WAITING for item in list_steps(withdrawal)):
        withdrawal.done_at = now()
        session.flush()
        audit.record(
            "purposes.withdrawal_carried_out",
            learner_id=withdrawal.learner_id,
            subject=("withdrawal", withdrawal.id),
            facts={"purpose": withdrawal.purpose},
        )


def waiting_steps(withdrawal: Withdrawal, *kinds: str) -> list[WithdrawalStep]:
    """Return the steps of these kinds that still wait."""
    return [step for step in list_steps(withdrawal) if step.state is StepState.WAITING and step.kind in kinds]


def carry_out_withdrawal(withdrawal_id: UUID, *, by: Actor, step_done: Callable[[], None] | None = None) -> None:
    """Delete what rested on the consent, and ask for the files and recipients to be dealt with.

    Safe to run again: a step that is done is skipped. `step_done` is called after each step, to commit it.
    """
    withdrawal = get_withdrawal(withdrawal_id, by.scope)
    for step in waiting_steps(withdrawal, DELETE_CATEGORY, DELETE_FIELD):
        finish_step(step, deleted=_erase(withdrawal, step))
        if step_done is not None:
            step_done()
    if waiting_steps(withdrawal, FILES, RECIPIENTS):
        asked = jobs.ask(ANSWER_IN_FILES, {"withdrawal_id": str(withdrawal_id)}, unique=str(withdrawal_id))
        withdrawal.job_id = asked.id
        session.flush()


def _erase(withdrawal: Withdrawal, step: WithdrawalStep) -> int:
    """Erase the category or the field of a step, and return how many values went."""
    if step.kind == DELETE_CATEGORY:
        return erase_category(PersonKind.LEARNER, [withdrawal.learner_id], step.subject, why=WITHDRAWN)
    return erase_fields(PersonKind.LEARNER, [withdrawal.learner_id], [step.subject], why=WITHDRAWN)


def try_again(learner_id: UUID, withdrawal_id: UUID, *, by: Actor) -> None:
    """Ask once more for what the worker gave up on; nothing where that isn't so. Raises NotFound and NotAllowed."""
    withdrawal = get_withdrawal(withdrawal_id, by.scope)
    must_decide_for(learner_id, withdrawal.purpose, by, is_stopping=True)
    job = jobs.find_job(withdrawal.job_id)
    if withdrawal.done_at is None and (job is None or not job.is_open):
        withdrawal.job_id = jobs.ask(CARRY_OUT, {"withdrawal_id": str(withdrawal_id)}, unique=str(withdrawal_id)).id
        session.flush()
        subject = ("withdrawal", withdrawal_id)
        audit.record("purposes.withdrawal_asked_anew", learner_id=withdrawal.learner_id, subject=subject, by=by)


def consent_of(withdrawal: Withdrawal) -> Consent:
    """Return the consent that a withdrawal ended."""
    return session.get_one(Consent, (withdrawal.school_id, withdrawal.consent_id))
