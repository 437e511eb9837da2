"""Reads of what a withdrawal would do."""

from uuid import UUID

from portal.core.http.access import Actor
from portal.policy.schema.categories import Purpose
from portal.purposes.queries import find_consent
from portal.representation.disputes.queries import is_of_other_parent


def waits_for_other_parent(learner_id: UUID, purpose: Purpose, by: Actor) -> bool:
    """Say whether what a withdrawal deletes rests on the other parent's yes, and so stays until they agree."""
    if purpose.deletes is None:
        return False
    consent = find_consent(learner_id, purpose.key, by.scope)
    return consent is not None and is_of_other_parent(learner_id, consent.given_by, by.account_id, by.scope)
