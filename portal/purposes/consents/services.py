"""A learner, or who may act for her, says yes or no to one purpose."""

from uuid import UUID

from sqlalchemy import select

from portal.core import audit
from portal.core.clock import now, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.learners.record.models import Learner
from portal.learners.record.services import lock_learner
from portal.policy.queries import current_policy, must_stay_in_force
from portal.policy.schema.categories import Purpose
from portal.purposes.models import Consent, Withdrawal
from portal.purposes.queries import find_consent, is_within, list_history
from portal.representation.disputes.models import DisputeSubject
from portal.representation.disputes.services import must_not_contradict
from portal.representation.queries import list_appointed, list_deciding


def get_consent_purpose(key: str) -> Purpose:
    """Return a purpose that has a switch; raises NotFound for any other."""
    purpose = next((item for item in current_policy().consent_purposes() if item.key == key), None)
    if purpose is None:
        raise NotFound("purpose")
    return purpose


def must_decide_for(learner_id: UUID, purpose: str, by: Actor, *, is_stopping: bool = False) -> Learner:
    """Return the learner for whom `by` may decide on consent to a purpose, locked; raises NotAllowed otherwise.

    Who decides twice at once, or while her record becomes one with another, waits: the second finds the first done.
    Only she herself, or a recorded representative within what she may act in; for a learner under 16 only the latter
    (LL-04, AVG art. 8). What a court gave somebody else to decide isn't hers to give (`decided_by_` with the kind),
    though she may always stop it (`is_stopping`; UAVG art. 5).
    """
    if by.scope.own_learner_id != learner_id:
        raise NotAllowed("consent_of_another")
    by.scope.must_change("consent")
    learner = lock_learner(learner_id, by)
    if learner.is_child_on(today()) and not by.represents:
        raise NotAllowed("parent_must_decide")
    uses = current_policy().used_for(purpose)
    if by.represents and not is_within(uses, list_appointed(learner_id, by.scope), by.scope):
        raise NotAllowed("outside_scope")
    deciding = [] if is_stopping else list_deciding(learner_id, uses, by.scope)
    if deciding and by.account_id not in {each.account_id for each in deciding}:
        raise NotAllowed(f"decided_by_{deciding[0].kind.value}")
    return learner


def give_consent(learner_id: UUID, purpose: str, *, version: str | None, language: str | None, by: Actor) -> Consent:
    """Record a yes with the text, version and language that were shown (LB-05, OP-01).

    `version` and `language` are what the page showed. A second yes returns the one in force. Raises NotFound, also
    where the purpose doesn't concern her, NotAllowed, Conflict("another_text") where another text is in force by now,
    and ParentsDisagree where the other parent's no stands: a yes after that needs both.
    """
    decision = _asked(learner_id, purpose, version=version, language=language, by=by)
    in_force = find_consent(learner_id, purpose, by.scope)
    if in_force is None:
        _must_agree(learner_id, purpose, by)
    return in_force or _record("purposes.consent_given", decision, by)


def _must_agree(learner_id: UUID, purpose: str, by: Actor) -> None:
    """Raise ParentsDisagree where the other parent said no, or took a yes back, and nobody settled that since."""
    latest = next((each for each in list_history(learner_id, by.scope) if each.purpose == purpose), None)
    if latest is None or latest.has_lapsed:
        return
    withdrawal = session.scalars(
        select(Withdrawal).where(Withdrawal.school_id == current_school_id(), Withdrawal.consent_id == latest.id)
    ).one_or_none()
    who, when = (withdrawal.asked_by, withdrawal.asked_at) if withdrawal else (latest.given_by, latest.given_at)
    must_not_contradict(learner_id, DisputeSubject.CONSENT, purpose, chosen_by=who, chosen_at=when, by=by)


def refuse_consent(learner_id: UUID, purpose: str, *, version: str | None, language: str | None, by: Actor) -> Consent:
    """Record a no as a yes is recorded; it changes nothing that is stored or given but that she answered.

    A second no returns the first. Raises as `give_consent`, and Conflict("in_force") while a yes is in force: that is
    withdrawn, with what it takes along.
    """
    decision = _asked(learner_id, purpose, version=version, language=language, is_no=True, by=by)
    if find_consent(learner_id, purpose, by.scope) is not None:
        raise Conflict("in_force")
    latest = next((each for each in list_history(learner_id, by.scope) if each.purpose == purpose), None)
    if latest is not None and not latest.is_yes:
        return latest
    decision.is_yes, decision.ended_at = False, decision.given_at
    return _record("purposes.consent_refused", decision, by)


def _asked(
    learner_id: UUID, purpose: str, *, version: str | None, language: str | None, is_no: bool = False, by: Actor
) -> Consent:
    """Return the decision that she was asked for, with what she was shown, not stored yet."""
    wanted = get_consent_purpose(purpose)
    learner = must_decide_for(learner_id, purpose, by, is_stopping=is_no)
    if not wanted.is_about(is_minor=learner.is_minor_on(today())):
        raise NotFound("purpose")
    version_id = must_stay_in_force(version)
    words = current_policy().text(wanted.question, language or "") if wanted.question else None
    if words is None or words.language != language:
        raise Conflict("another_text")
    return Consent(
        learner_id=learner.id,
        purpose=purpose,
        is_yes=True,
        given_at=now(),
        given_by=by.account_id,
        given_by_name=by.name,
        is_by_representative=by.represents,
        statement_version_id=version_id,
        language=words.language,
        text_shown=words.text,
    )


def _record(event: str, decision: Consent, by: Actor) -> Consent:
    session.add(decision)
    session.flush()
    audit.record(
        event,
        learner_id=decision.learner_id,
        subject=("consent", decision.id),
        facts={"purpose": decision.purpose, "language": decision.language},
        by=by,
    )
    return decision
