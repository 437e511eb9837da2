"""Reads of consents that a new version of the policy ended."""

from uuid import UUID

from sqlalchemy import select

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.learners.scope.queries import reaches_learner
from portal.purposes.models import Consent, Withdrawal


def find_lapsed(learner_id: UUID, purpose: str, scope: Scope) -> Consent | None:
    """Return the last yes of a learner within reach, locked, where a new version ended it and nobody withdrew it since.

    None where she said yes again, or what rested on it was dealt with as a withdrawal already.
    """
    latest = session.scalars(
        select(Consent)
        .where(
            Consent.school_id == current_school_id(),
            Consent.learner_id == learner_id,
            reaches_learner(scope, Consent.learner_id),
            Consent.purpose == purpose,
            Consent.is_yes,
        )
        .order_by(Consent.given_at.desc(), Consent.id.desc())
        .limit(1)
        .with_for_update(of=Consent)
    ).one_or_none()
    if latest is None or not latest.has_lapsed:
        return None
    withdrawn = select(Withdrawal.id).where(
        Withdrawal.school_id == current_school_id(), Withdrawal.consent_id == latest.id
    )
    return latest if session.scalar(withdrawn) is None else None
