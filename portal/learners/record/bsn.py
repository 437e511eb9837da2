"""Showing a BSN in full: a deliberate act of who may, written in the audit each time."""

from uuid import UUID

from portal.core import audit
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.learners.origins.queries import values_of
from portal.learners.record.fields import FIELDS
from portal.learners.scope.services import get_within_reach
from portal.permissions import Permission
from portal.policy.queries import current_policy


def reveal_bsn(learner_id: UUID, *, by: Actor) -> str:
    """Return a learner's BSN; raises NotAllowed without the permission, NotFound where there is none to show."""
    by.must(Permission.BSN_REVEAL)
    learner = get_within_reach(learner_id, by)
    value = values_of(learner, [FIELDS["learner.bsn"]])["learner.bsn"]
    if value is None or not current_policy().allows("learner.bsn"):
        raise NotFound("bsn")
    audit.record("learners.bsn_revealed", learner_id=learner_id, by=by)
    return str(value)
