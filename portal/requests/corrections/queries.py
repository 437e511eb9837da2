"""Which categories of a learner's record may be corrected on a request of hers, and by whom."""

from portal.core.http.access import Actor
from portal.learners.record.fields import kept_fields
from portal.policy.queries import current_policy
from portal.requests.data_requests.desk import sees_whole
from portal.requests.data_requests.models import DataRequest, RequestKind


def list_correctable(request: DataRequest, by: Actor) -> list[str]:
    """Return the categories that who handles a request corrects on it: those it is about, until it is answered.

    None before it is known who asks, while a second person decides, and for who doesn't see all of hers.
    """
    is_asked = request.kind is RequestKind.RECTIFICATION and request.learner_id is not None
    is_in_hand = request.is_undecided and request.proposed_by is None and request.identity_check is not None
    if not (is_asked and is_in_hand and sees_whole(request, by)):
        return []
    policy = current_policy()
    kept = {field.category for field in kept_fields(policy)}
    asked = request.categories or [each.key for each in policy.categories]
    return [key for key in asked if key in kept]
