"""Asking something about oneself, or about whom one represents, while signed in."""

from uuid import UUID

from sqlalchemy import select

from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotAllowed
from portal.core.http.access import Actor
from portal.core.personal_data import CATEGORIES
from portal.learners.record.services import lock_learner
from portal.permissions import Permission
from portal.representation.models import Representative
from portal.requests.data_requests.identity import NO_IDENTITY
from portal.requests.data_requests.limits import must_agree, within_reach
from portal.requests.data_requests.models import DataRequest, IdentityCheck, RequestChannel
from portal.requests.data_requests.services import Wish, add_request, identify, send_code


def file_own_request(
    wish: Wish, *, language: str, has_second_factor: bool, is_about_herself: bool = False, by: Actor
) -> DataRequest:
    """Store what somebody who is signed in asks about herself, or about whom she represents, and mail her that it came.

    `is_about_herself`: not about the record that is open to her, but about her as who works here or represents another.

    Who signed in by two steps has shown who she is; of another a code or the counter is asked (AVG art. 12(6)), but
    not to object or to take consent back. Raises Conflict("already_asked") where the same waits, or
    ("asked_by_another") where whom a court appointed asks it in her place, Invalid, and NotAllowed for a child under
    16, for whom a parent asks.
    """
    by.must(Permission.REQUEST_OWN)
    learner_id = None if is_about_herself else by.scope.own_learner_id
    representative_id = _acting_as(by) if learner_id is None else None
    if learner_id is not None:
        learner = lock_learner(learner_id, by)
        if learner.is_child_on(today()) and not by.represents:
            raise NotAllowed("parent_must_decide")
    request = DataRequest(
        learner_id=learner_id,
        account_id=by.account_id if learner_id is None and representative_id is None else None,
        representative_id=representative_id,
        channel=RequestChannel.PORTAL,
        received_on=today(),
        is_by_representative=by.represents and learner_id is not None,
        language=language,
    )
    must_agree(request, wish.kind, wish.categories, by)
    is_of_record = learner_id is not None or by.scope.own_learner_id is None
    within = within_reach(wish.kind, wish.categories, wish.purposes, by) if is_of_record else frozenset(CATEGORIES)
    add_request(request, wish, within=within, by=by)
    if has_second_factor:
        identify(request, IdentityCheck.SIGN_IN, by)
    elif request.kind not in NO_IDENTITY:
        send_code(request)
    return request


def _acting_as(by: Actor) -> UUID | None:
    """Return as whom she represents or represented somebody, the first if several; None for who works here."""
    if by.is_staff or by.account_id is None:
        return None
    return session.scalars(
        select(Representative.id)
        .where(Representative.school_id == current_school_id(), Representative.account_id == by.account_id)
        .order_by(Representative.id)
    ).first()
