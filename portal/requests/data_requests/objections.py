"""An objection stops the use from the moment in which it is filed; for what is marketing that is the answer, too.

Who objected says yes again by one button, whatever became of the request.
"""

from portal.core.clock import today
from portal.core.http.access import PORTAL, Actor
from portal.purposes.consents.services import must_decide_for
from portal.purposes.objections.queries import list_objections
from portal.purposes.objections.services import make_objections, take_back_objection
from portal.representation.disputes.models import DisputeSubject
from portal.representation.disputes.services import must_not_contradict
from portal.requests.answers.carrying_out import keep_no_of_address, stop_news, stop_news_of_account
from portal.requests.answers.services import carry_out_late, close_request, grant_by_itself
from portal.requests.data_requests.identity import marketing_uses
from portal.requests.data_requests.limits import must_agree_to_stop
from portal.requests.data_requests.models import DataRequest, RequestKind
from portal.requests.data_requests.queries import get_own_request, list_own_requests, list_past_their_day
from portal.requests.data_requests.services import log, withdraw_request


def begin_objection(request: DataRequest, by: Actor) -> None:
    """Stop what a request objects to, now that it is filed; it is granted at once where all is marketing (21(3)).

    Taking back consent to mail to many stops at once too, at the address that was given: that needs no proof.
    """
    if request.kind in {RequestKind.OBJECTION, RequestKind.CONSENT_WITHDRAWAL}:
        keep_no_of_address(request, request.purposes)
    if request.kind is not RequestKind.OBJECTION:
        return
    if request.learner_id is not None:
        make_objections(request.learner_id, request.purposes, data_request_id=request.id, by=by)
    elif request.contact_person_id is not None:
        stop_news(request, request.purposes)
    elif request.is_of_known_person:
        stop_news_of_account(request, request.purposes)
    else:
        return
    if request.is_left_to_do:  # no answer came in time, and only now it is known whose it is
        carry_out_late(request, by=by)
    elif request.is_undecided and marketing_uses().issuperset(request.purposes):
        grant_by_itself(request, by=PORTAL)


def say_yes_again(purpose: str, *, by: Actor) -> None:
    """End an objection of hers, weighed or won: the use may go on. A request that asks nothing else is taken back.

    A second time changes nothing. Raises NotFound where nothing is open to her as her own, NotAllowed for a child under
    16 or for what somebody else decides for her, and ParentsDisagree where the other parent objected.
    """
    learner_id = by.scope.get_own_learner_id()
    must_decide_for(learner_id, purpose, by)
    for objection in list_objections(learner_id, by.scope):
        if objection.purpose == purpose:
            must_not_contradict(
                learner_id,
                DisputeSubject.REQUEST,
                f"{RequestKind.OBJECTION.value} {purpose}",
                chosen_by=objection.made_by,
                chosen_at=objection.made_at,
                by=by,
            )
    for request in list_own_requests(by):
        is_hers = request.learner_id == learner_id and request.kind is RequestKind.OBJECTION
        if is_hers and request.is_undecided and purpose in request.purposes:
            _ask_no_more(get_own_request(request.id, by, lock=True), purpose, by)
    take_back_objection(learner_id, purpose, by=by)
    held = {each.purpose for each in list_objections(learner_id, by.scope)}
    for request in list_own_requests(by):
        if request.learner_id == learner_id and request.is_left_to_do and held.isdisjoint(request.purposes):
            close_request(request, by=by)


def _ask_no_more(request: DataRequest, purpose: str, by: Actor) -> None:
    """Take a purpose out of a request; one that asks nothing else is taken back."""
    if request.purposes == [purpose]:
        withdraw_request(request.id, by=by)
        return
    must_agree_to_stop(request, by)
    request.purposes = [each for each in request.purposes if each != purpose]
    log("requests.narrowed", request, by, purpose=purpose)


def grant_unanswered() -> int:
    """Let objections stop the use for good whose day went by without an answer; return how many.

    Whoever made them. What doesn't stop by itself waits at the desk until somebody stopped it, and so does that of whom
    nobody here knows: until somebody looked for her.
    """
    late = list_past_their_day(RequestKind.OBJECTION, today())
    for request in late:
        grant_by_itself(request, by=PORTAL)
    return len(late)
