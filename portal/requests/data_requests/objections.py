"""An objection stops the use from the moment in which it is filed; for what is marketing that is the answer, too."""

from portal.core.clock import today
from portal.core.http.access import PORTAL, Actor
from portal.policy.queries import current_policy
from portal.purposes.objections.services import make_objections
from portal.requests.answers.services import grant_by_itself
from portal.requests.data_requests.models import DataRequest, RequestKind
from portal.requests.data_requests.queries import list_past_their_day


def begin_objection(request: DataRequest, by: Actor) -> None:
    """Stop what a request objects to, now that it is filed; it is granted at once where all is marketing (21(3))."""
    if request.kind is not RequestKind.OBJECTION or request.learner_id is None:
        return
    make_objections(request.learner_id, request.purposes, data_request_id=request.id, by=by)
    policy = current_policy()
    if all(policy.purpose(key).nature == "marketing" for key in request.purposes):
        grant_by_itself(request, by=PORTAL)


def grant_unanswered() -> int:
    """Let objections stop the use for good whose day went by without an answer; return how many."""
    late = list_past_their_day(RequestKind.OBJECTION, today())
    for request in late:
        grant_by_itself(request, by=PORTAL)
    return len(late)
