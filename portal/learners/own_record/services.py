"""A learner, or who may act for her, has a number of her own shown in full."""

from portal.core import audit
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.learners.record.fields import FIELDS
from portal.learners.record.values import values_of
from portal.learners.scope.services import get_within_reach
from portal.policy.queries import current_policy


def reveal_own_number(key: str, *, by: Actor) -> str:
    """Return a masked field (by key) of one's own record in full; written in the audit each time.

    Raises NotFound for another field, and where there is nothing to show.
    """
    field, learner_id = FIELDS.get(key), by.scope.get_own_learner_id()
    if field is None or not field.is_secret or not current_policy().allows(key):
        raise NotFound("number")
    by.scope.must_see(field.category)
    value = values_of(get_within_reach(learner_id, by), [field])[key]
    if value is None:
        raise NotFound("number")
    audit.record("learners.own_number_revealed", learner_id=learner_id, facts={"field": key}, by=by)
    return str(value)
