"""About what somebody may ask: no more than she may act in, nor what the other parent of a child chose otherwise."""

from collections.abc import Sequence
from uuid import UUID

from portal.core.clock import today
from portal.core.errors import Conflict, Invalid, NotAllowed
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM
from portal.core.personal_data import CATEGORIES
from portal.learners.record.services import lock_learner
from portal.policy.queries import current_policy
from portal.purposes.queries import is_within
from portal.purposes.restrictions.services import RESTRICTABLE
from portal.representation.queries import find_acting, list_appointed, may_act_for
from portal.requests.data_requests.models import DataRequest, RequestKind
from portal.requests.data_requests.parents import AGAINST, is_same_data, must_not_contradict_asker
from portal.requests.data_requests.queries import askable, list_own_requests


def must_agree(request: DataRequest, kind: RequestKind, categories: Sequence[str], by: Actor) -> None:
    """Raise ParentsDisagree where one parent asks to erase what the other asked to keep otherwise, or the reverse."""
    against = AGAINST.get(kind, frozenset())
    if request.learner_id is None or not by.represents or not against:
        return
    for each in list_own_requests(by):
        is_hers = each.learner_id == request.learner_id
        if is_hers and each.kind in against and each.is_undecided and is_same_data(each.categories, categories):
            must_not_contradict_asker(each, kind.value, by)


def must_agree_to_stop(request: DataRequest, by: Actor) -> None:
    """Raise ParentsDisagree where one parent takes back what the other asked."""
    must_not_contradict_asker(request, f"{request.kind.value} {request.number}", by)


def must_decide_on_rights(learner_id: UUID, categories: Sequence[str], by: Actor) -> None:
    """Raise where it isn't hers to decide on her rights in these categories; none: in all.

    NotAllowed for a child under 16, for whom a parent decides, Conflict("asked_by_another") where a court gave it to
    somebody else.
    """
    learner = lock_learner(learner_id, by)
    if learner.is_child_on(today()) and not by.represents:
        raise NotAllowed("parent_must_decide")
    if not askable(by).issuperset(categories or (CATEGORIES if not by.represents else by.scope.sees)):
        raise Conflict("asked_by_another")


def may_still_ask(request: DataRequest) -> bool:
    """Say whether who asked something for a learner may act for her now, in all that it is about (LB-11, LL-04)."""
    if not request.is_by_representative or request.learner_id is None:
        return True
    if request.asked_by_id is not None:
        acting = find_acting(request.learner_id, request.asked_by_id, SYSTEM)
        return acting is not None and acting.covers(request.categories or CATEGORIES)
    return may_act_for(request.learner_id, request.filed_by, request.categories or CATEGORIES, SYSTEM)


def within_reach(kind: RequestKind, categories: Sequence[str], purposes: Sequence[str], by: Actor) -> frozenset[str]:
    """Return the categories that a request can be about. To object is to stop something: a learner always may.

    Raises Invalid for what is beyond that, and Conflict("asked_by_another") where all is for whom a court appointed.
    """
    if kind is RequestKind.OBJECTION:
        if by.represents:
            _must_be_within(purposes, by)
        return by.scope.sees if by.represents else frozenset(CATEGORIES)
    within = askable(by)
    if within.isdisjoint(categories or within):
        raise Invalid("categories", "unknown_category") if within else Conflict("asked_by_another")
    is_whole = within.issuperset(CATEGORIES)
    return within.intersection(RESTRICTABLE) if kind is RequestKind.RESTRICTION and not is_whole else within


def _must_be_within(purposes: Sequence[str], by: Actor) -> None:
    learner_id, policy = by.scope.get_own_learner_id(), current_policy()
    appointed = list_appointed(learner_id, by.scope)
    if not all(is_within(policy.used_for(key), appointed, by.scope) for key in purposes):
        raise Invalid("purposes", "unknown_purpose")
