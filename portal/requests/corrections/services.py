"""Correcting a record on a request of its learner. That it stood still meanwhile is used on her own word (18(2))."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.http.languages import _, in_language
from portal.learners.record.labels import ON_BEHALF
from portal.learners.record.services import correct_learner
from portal.permissions import Permission
from portal.purposes.restrictions.models import UseGround
from portal.purposes.restrictions.queries import list_restrictions
from portal.purposes.restrictions.services import allow_use
from portal.requests.corrections.queries import list_correctable
from portal.requests.data_requests.models import DataRequest, RequestChannel
from portal.requests.data_requests.queries import lock_request
from portal.requests.data_requests.services import log

_CHANNELS = {
    RequestChannel.PORTAL: "portal",
    RequestChannel.WEBSITE: "website",
    RequestChannel.EMAIL: "e-mail",
    RequestChannel.PHONE: "phone",
    RequestChannel.LETTER: "paper",
    RequestChannel.COUNTER: "conversation",
}


def correct_for_request(
    request_id: UUID,
    category: str,
    values: Mapping[str, Any],
    *,
    seen: str | None = None,
    grounds: Mapping[str, str] | None = None,
    by: Actor,
) -> None:
    """Store what is right in a category that a request asks to correct; nothing is answered by it.

    `seen` is what the form showed. What stood still is used on the ground that she asked it herself; she reads that.
    Raises NotAllowed, NotFound for a category that isn't corrected on it, Invalid, and Conflict("stale").
    """
    by.must(Permission.REQUEST_KEEP)
    request = lock_request(request_id, by)
    if request.learner_id is None or category not in list_correctable(request, by):
        raise NotFound("category")
    channel = ON_BEHALF if request.is_by_representative else _CHANNELS[request.channel]
    if correct_learner(request.learner_id, values, channel=channel, seen=seen, grounds=grounds or {}, by=by):
        _say_what_was_used(request, category, by)
        log("requests.corrected", request, by, category=category)


def _say_what_was_used(request: DataRequest, category: str, by: Actor) -> None:
    """Record for each restriction that hides this category that it was used, because she asked it (AVG art. 18(2))."""
    if request.learner_id is None:
        return
    for each in list_restrictions(request.learner_id, by.scope):
        if each.is_whole or category in each.categories:
            with in_language(request.language):
                why, used_for = _("U vroeg zelf om dit te verbeteren."), _("Verzoek %(number)s", number=request.number)
            allow_use(each.id, ground=UseGround.CONSENT, why=why, used_for=used_for, by=by)
