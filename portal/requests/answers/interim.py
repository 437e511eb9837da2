"""What stands still while the school checks whether it is right (AVG art. 18(1)(a)), and who is kept for a request."""

from uuid import UUID

from sqlalchemy import exists, or_, select

from portal.core.db.scope import current_school_id, revealed
from portal.core.db.session import session
from portal.core.http.access import PORTAL, Actor
from portal.core.http.scope import Scope
from portal.disclosures.models import NoticeReason
from portal.disclosures.recipients.changes import Change, tell_recipients
from portal.purposes.restrictions.models import RestrictionGround
from portal.purposes.restrictions.services import RESTRICTABLE, restrict
from portal.requests.complaints.models import Complaint
from portal.requests.data_requests.models import DataRequest, RequestKind


def restrict_until_answered(request: DataRequest, by: Actor) -> None:
    """Restrict what a correction is about until it is answered, where she asked that; who had it hears so (art. 19)."""
    if request.kind is not RequestKind.RECTIFICATION or request.learner_id is None:
        return
    if request.is_restricted_meanwhile and request.is_undecided:
        wanted = [category for category in request.categories if category in RESTRICTABLE]
        if request.categories and not wanted:
            return  # no category at all would mean every one
        with revealed(request.learner_id):
            tell_recipients(Change(request.learner_id, NoticeReason.RESTRICTED, request.id, wanted), by=PORTAL)
        ground = RestrictionGround.ACCURACY
        restrict(request.learner_id, ground=ground, categories=wanted, data_request_id=request.id, by=by)


def is_asking(contact_person_id: UUID, scope: Scope) -> bool:
    """Say whether somebody who is no learner asked about her data or complained: it is answered, and shown to be so."""
    return _has_asked(contact_person_id, scope)


def waits_for_answer(contact_person_id: UUID, scope: Scope) -> bool:
    """Say whether somebody who is no learner has a request or a complaint that is open: it would go with her."""
    return _has_asked(contact_person_id, scope, is_open=True)


def _has_asked(contact_person_id: UUID, scope: Scope, *, is_open: bool = False) -> bool:
    scope.must_reach_school("data_request")
    school_id = current_school_id()
    asked = exists().where(DataRequest.school_id == school_id, DataRequest.contact_person_id == contact_person_id)
    complained = exists().where(Complaint.school_id == school_id, Complaint.contact_person_id == contact_person_id)
    if is_open:
        asked, complained = asked.where(DataRequest.is_open), complained.where(Complaint.closed_on.is_(None))
    return bool(session.scalar(select(or_(asked, complained))))
