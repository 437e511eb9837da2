"""For what it is asked who somebody is: for no more than can't be undone (AVG art. 12(6))."""

from portal.policy.queries import current_policy
from portal.requests.data_requests.models import DataRequest, RequestKind

NO_IDENTITY = frozenset({RequestKind.OBJECTION, RequestKind.CONSENT_WITHDRAWAL})
"""What anybody may ask without proving who she is: no more follows than can be undone."""


def marketing_uses() -> frozenset[str]:
    """Return the uses to which a no counts at once and for good (AVG art. 21(3))."""
    return frozenset(each.key for each in current_policy().purposes if each.nature == "marketing")


def lacks_representative(request: DataRequest) -> bool:
    """Say whether the desk must say first which representative asks this: within what she may isn't known before that.

    Not of what anybody may ask without proving who she is.
    """
    is_for_learner = bool(request.asked_for) and request.learner_id is not None and request.asked_by_id is None
    return is_for_learner and request.kind not in NO_IDENTITY


def may_be_asked_who(request: DataRequest) -> bool:
    """Say whether it may be asked who asks: never to object or to refuse marketing, whether or not she is found.

    To take other consent back only where it isn't sure who asks, for something may be erased by it.
    """
    if request.identity_check is not None or request.kind is RequestKind.OBJECTION:
        return False
    return request.kind not in NO_IDENTITY or (request.is_doubted and not marketing_uses().issuperset(request.purposes))
