"""What a new version of the policy does to consents, and what a no means after that (LL-01)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from portal.core import audit
from portal.core.clock import now
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.db.scope import current_school_id, revealed
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.policy.models import PolicyVersion
from portal.policy.schema import Policy
from portal.policy.schema.importance import changed_consents
from portal.purposes.consents.services import get_consent_purpose, refuse_consent
from portal.purposes.models import Consent
from portal.purposes.renewals.queries import find_lapsed
from portal.purposes.withdrawals.services import withdraw_for_either


def lapse_consents(older: Policy, newer: Policy, version: PolicyVersion, by: Actor) -> None:
    """End every consent to a purpose that a new version changes; each is asked anew where the version asks it.

    Nothing is deleted that rested on one: she took nothing back, the school changed its question, and what is deleted
    can't come back when she says yes to it. Until then it is used for nothing and goes to nobody; where she says no,
    it goes (`refuse_anew`), and its retention term runs on.
    """
    for purpose in changed_consents(older, newer):
        with revealed():
            consents = session.scalars(
                select(Consent)
                .where(Consent.school_id == current_school_id(), Consent.purpose == purpose, Consent.is_in_force)
                .order_by(Consent.id)
                .with_for_update()
                .execution_options(populate_existing=True)
            ).all()
            _end(consents, purpose, version, by)


def _end(consents: Sequence[Consent], purpose: str, version: PolicyVersion, by: Actor) -> None:
    if not consents:
        return
    moment = now()
    for consent in consents:
        consent.ended_at, consent.ended_by_version_id = moment, version.id
    record_ending(Ending.LAPSE, *(consent.id for consent in consents))
    session.flush()
    audit.record(
        "purposes.consents_lapsed",
        learner_ids=[consent.learner_id for consent in consents],
        subject=("policy_version", version.id),
        facts={"purpose": purpose, "version": version.version},
        by=by,
    )


def refuse_anew(learner_id: UUID, purpose: str, *, version: str | None, language: str | None, by: Actor) -> Consent:
    """Record a no as `refuse_consent` does; after a yes that lapsed it is a withdrawal, with what that takes along.

    A second no changes nothing. Raises as `refuse_consent`.
    """
    answer = refuse_consent(learner_id, purpose, version=version, language=language, by=by)
    lapsed = find_lapsed(learner_id, purpose, by.scope)
    if lapsed is not None:
        withdrawal = withdraw_for_either(lapsed, get_consent_purpose(purpose), asked_by=by.account_id, by=by)
        audit.record(
            "purposes.consent_withdrawn",
            learner_id=learner_id,
            subject=("withdrawal", withdrawal.id),
            facts={"purpose": purpose},
            by=by,
        )
    return answer
