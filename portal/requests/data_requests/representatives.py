"""Who asks for a learner off the portal: the desk says so, and what is asked is narrowed to what she may act in."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid
from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.core.personal_data import CATEGORIES
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.purposes.restrictions.services import RESTRICTABLE
from portal.representation.models import Representative
from portal.representation.queries import find_acting, list_acting, may_decide_in
from portal.requests.data_requests.identity import NO_IDENTITY
from portal.requests.data_requests.models import DataRequest, RequestChannel, RequestKind
from portal.requests.data_requests.parents import note_disagreement
from portal.requests.data_requests.queries import lock_request
from portal.requests.data_requests.services import log


@dataclass(frozen=True)
class Share:
    """What of a request is for a representative to ask: categories, uses, and what lies beyond that."""

    within: frozenset[str]
    purposes: tuple[str, ...]
    beyond: tuple[str, ...]


def get_acting(learner_id: UUID, representative_id: UUID, scope: Scope) -> Representative:
    """Return who acts today for a learner within reach; raises Invalid("asked_by", "not_acting") for anybody else."""
    acting = find_acting(learner_id, representative_id, scope)
    if acting is None:
        raise Invalid("asked_by", "not_acting")
    return acting


def share_of(
    acting: Representative, kind: RequestKind, categories: Collection[str], purposes: Collection[str], scope: Scope
) -> Share:
    """Return what she may ask of what is asked, as if she asked it while signed in; no categories: all of them.

    Raises Invalid("asked_by", "beyond_authority") where nothing of it is.
    """
    within, policy = may_decide_in(acting, scope), current_policy()
    if kind in NO_IDENTITY:
        hers = tuple(key for key in purposes if acting.covers(policy.used_for(key)))
        if purposes and not hers:
            raise Invalid("asked_by", "beyond_authority")
        return Share(within, hers, _but(purposes, hers))
    if kind is RequestKind.RESTRICTION and not within.issuperset(CATEGORIES):
        within = within.intersection(RESTRICTABLE)
    asked = list(categories or _all_for(kind))
    part = within.intersection(asked)
    if not part or not acting.covers(part):
        raise Invalid("asked_by", "beyond_authority")
    return Share(within, tuple(purposes), _but(asked, part))


def _all_for(kind: RequestKind) -> list[str]:
    keys: list[str] = [each.key for each in current_policy().categories]
    return [key for key in keys if key in RESTRICTABLE] if kind is RequestKind.RESTRICTION else keys


def _but(asked: Iterable[str], hers: Collection[str]) -> tuple[str, ...]:
    return tuple(key for key in asked if key not in hers)


def may_be_said(request: DataRequest) -> bool:
    """Say whether the desk may say which representative asks this: off the portal, and before it is known who asks.

    Not of an objection or a withdrawal from the public page: nobody is asked who she is, and the answer doesn't tell.
    """
    if request.kind in NO_IDENTITY and request.channel is RequestChannel.WEBSITE:
        return False
    return (
        request.learner_id is not None
        and request.channel is not RequestChannel.PORTAL
        and request.is_undecided
        and request.proposed_by is None
        and request.identity_check is None
    )


def list_candidates(request: DataRequest, scope: Scope) -> list[Representative]:
    """Return who may be said to ask this for the learner."""
    return list_acting(request.learner_id, scope) if request.learner_id is not None else []


def name_representative(request_id: UUID, representative_id: UUID, *, by: Actor) -> DataRequest:
    """Say which representative asks this for a learner; what she may not ask is refused with the answer.

    What stands still or stopped until the answer stays so until then. A second time changes nothing. Raises NotAllowed,
    NotFound, Conflict("not_now") once it is known who asks or there is an answer, and Invalid as `share_of`.
    """
    by.must(Permission.REQUEST_KEEP)
    request = lock_request(request_id, by)
    if request.asked_by_id == representative_id:
        return request
    if not may_be_said(request) or request.learner_id is None:
        raise Conflict("not_now")
    acting = get_acting(request.learner_id, representative_id, by.scope)
    categories, purposes = _asked(request)
    share = share_of(acting, request.kind, categories, purposes, by.scope)
    request.asked_by_id, request.is_by_representative = acting.id, True
    request.categories = _narrowed(categories, share)
    request.purposes, request.beyond = list(share.purposes), list(share.beyond)
    request.code_digest = None
    session.flush()
    log("requests.asked_by_named", request, by, kind=acting.kind.value, beyond=list(share.beyond))
    note_disagreement(request, by=by)
    return request


def _narrowed(categories: Collection[str], share: Share) -> list[str]:
    """Return which of these categories (none: all) are hers, as a request keeps them: none where that is all."""
    wanted = frozenset(categories or CATEGORIES) & share.within
    return [] if wanted == frozenset(CATEGORIES) else [key for key in CATEGORIES if key in wanted]


def forget_asking(request: DataRequest) -> None:
    """Let a request ask again what was asked, by nobody in particular."""
    if request.asked_by_id is None:
        return
    request.categories, request.purposes = _asked(request)
    request.asked_by_id, request.is_by_representative, request.beyond = None, False, []


def _asked(request: DataRequest) -> tuple[list[str], list[str]]:
    """Return the categories (none: all) and the uses that were asked before they were narrowed."""
    if request.asked_by_id is None or not request.categories:
        return request.categories, request.purposes
    if request.kind in NO_IDENTITY:
        return [], [*request.purposes, *request.beyond]
    asked = {*request.categories, *request.beyond}
    is_all = asked.issuperset(_all_for(request.kind))
    return [] if is_all else [str(key) for key in CATEGORIES if key in asked], request.purposes
