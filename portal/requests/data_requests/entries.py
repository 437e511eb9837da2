"""Storing what somebody asked by phone, letter, mail or at the counter: herself, or who acts for a learner."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from portal.core.clock import today
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.core.personal_data import CATEGORIES
from portal.learners.scope.services import get_within_reach
from portal.permissions import Permission
from portal.requests.askers.queries import is_known_here
from portal.requests.data_requests.models import DataRequest, RequestChannel
from portal.requests.data_requests.parents import note_disagreement
from portal.requests.data_requests.representatives import Share, get_acting, share_of
from portal.requests.data_requests.services import LONG_AGO, Wish, add_request, log


@dataclass(frozen=True)
class Receipt:
    """How and when a request reached the school, and whose it is; nobody's, where she isn't known here.

    `asked_by_id` is who acts for the learner and asks it for her; None where she asks herself.
    """

    channel: RequestChannel
    received_on: date
    learner_id: UUID | None = None
    contact_person_id: UUID | None = None
    account_id: UUID | None = None
    asked_by_id: UUID | None = None
    asker_name: str | None = None
    asker_contact: str | None = None


def enter_request(wish: Wish, receipt: Receipt, *, language: str, by: Actor) -> DataRequest:
    """Store what somebody asked by phone, letter, mail or at the counter, from the day on which it was received.

    Of who asks for a learner it is no more than she may ask; the rest is refused with the answer. Raises
    Conflict("already_asked") where the same waits, Invalid, NotFound for a person out of reach.
    """
    by.must(Permission.REQUEST_ENTER)
    if not today() - LONG_AGO <= receipt.received_on <= today():
        raise Invalid("received_on", "not_received_then")
    if receipt.learner_id is not None:
        get_within_reach(receipt.learner_id, by, lock=True)
    elif (
        not is_known_here(receipt.contact_person_id, receipt.account_id, by) and not (receipt.asker_name or "").strip()
    ):
        raise Invalid("asker_name", "required")
    share = _share(wish, receipt, by)
    request = DataRequest(
        learner_id=receipt.learner_id,
        contact_person_id=receipt.contact_person_id,
        account_id=receipt.account_id,
        asked_by_id=receipt.asked_by_id,
        is_by_representative=receipt.asked_by_id is not None,
        beyond=list(share.beyond),
        asker_name=receipt.asker_name,
        asker_contact=receipt.asker_contact,
        channel=receipt.channel,
        received_on=receipt.received_on,
        language=language,
    )
    add_request(request, replace(wish, purposes=share.purposes), within=share.within, by=by)
    if receipt.asked_by_id is not None:
        log("requests.asked_by_named", request, by, beyond=list(share.beyond))
        note_disagreement(request, by=by)
    return request


def _share(wish: Wish, receipt: Receipt, by: Actor) -> Share:
    """Return what of it is hers to ask: all, of who asks about herself."""
    if receipt.asked_by_id is None:
        return Share(frozenset(CATEGORIES), wish.purposes, ())
    if receipt.learner_id is None:
        raise Invalid("asked_by", "not_acting")
    acting = get_acting(receipt.learner_id, receipt.asked_by_id, by.scope)
    return share_of(acting, wish.kind, wish.categories, wish.purposes, by.scope)
