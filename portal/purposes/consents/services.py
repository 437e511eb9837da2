"""A learner, or who may act for her, says yes or no to one purpose."""

from uuid import UUID

from portal.core import audit
from portal.core.clock import now, today
from portal.core.db.session import session
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.core.http.access import Actor
from portal.learners.record.models import Learner
from portal.learners.record.services import lock_learner
from portal.policy.queries import current_policy, must_stay_in_force
from portal.policy.schema.categories import Purpose
from portal.purposes.models import Consent
from portal.purposes.queries import find_consent, list_history


def get_consent_purpose(key: str) -> Purpose:
    """Return a purpose that has a switch; raises NotFound for any other."""
    purpose = next((item for item in current_policy().consent_purposes() if item.key == key), None)
    if purpose is None:
        raise NotFound("purpose")
    return purpose


def must_decide_for(learner_id: UUID, by: Actor) -> Learner:
    """Return the learner for whom `by` may decide on consent, locked; raises NotAllowed otherwise.

    Who decides twice at once, or while her record becomes one with another, waits: the second finds the first done.
    Only she herself, or a recorded representative; for a learner under 16 only the latter (LL-04, AVG art. 8).
    """
    if by.scope.own_learner_id != learner_id:
        raise NotAllowed("consent_of_another")
    by.scope.must_change("consent")
    learner = lock_learner(learner_id, by)
    if learner.is_child_on(today()) and not by.represents:
        raise NotAllowed("parent_must_decide")
    return learner


def give_consent(learner_id: UUID, purpose: str, *, version: str | None, language: str | None, by: Actor) -> Consent:
    """Record a yes with the text, version and language that were shown (LB-05, OP-01).

    `version` and `language` are what the page showed. A second yes returns the one in force. Raises NotFound, also
    where the purpose doesn't concern her, NotAllowed, and Conflict("another_text") where another text is in force by
    now.
    """
    decision = _asked(learner_id, purpose, version=version, language=language, by=by)
    in_force = find_consent(learner_id, purpose, by.scope)
    return in_force or _record("purposes.consent_given", decision, by)


def refuse_consent(learner_id: UUID, purpose: str, *, version: str | None, language: str | None, by: Actor) -> Consent:
    """Record a no as a yes is recorded; it changes nothing that is stored or given but that she answered.

    A second no returns the first. Raises as `give_consent`, and Conflict("in_force") while a yes is in force: that is
    withdrawn, with what it takes along.
    """
    decision = _asked(learner_id, purpose, version=version, language=language, by=by)
    if find_consent(learner_id, purpose, by.scope) is not None:
        raise Conflict("in_force")
    latest = next((each for each in list_history(learner_id, by.scope) if each.purpose == purpose), None)
    if latest is not None and not latest.is_yes:
        return latest
    decision.is_yes, decision.ended_at = False, decision.given_at
    return _record("purposes.consent_refused", decision, by)


def _asked(learner_id: UUID, purpose: str, *, version: str | None, language: str | None, by: Actor) -> Consent:
    """Return the decision that she was asked for, with what she was shown, not stored yet."""
    wanted = get_consent_purpose(purpose)
    learner = must_decide_for(learner_id, by)
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
