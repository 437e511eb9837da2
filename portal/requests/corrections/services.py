"""Correcting a record on a request of its learner. That it stood still meanwhile is used on her own word (18(2))."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.http.languages import _, in_language
from portal.learners.conditions.queries import facts_of, refusals
from portal.learners.record.conflicts import own_changes
from portal.learners.record.labels import ON_BEHALF
from portal.learners.record.services import correct_learner
from portal.learners.record.values import values_of
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.purposes.restrictions.models import UseGround
from portal.purposes.restrictions.queries import list_restrictions
from portal.purposes.restrictions.services import allow_use
from portal.requests.corrections.queries import get_entry_to_correct, list_correctable
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
    channel = _channel_of(request)
    if correct_learner(request.learner_id, values, channel=channel, seen=seen, grounds=grounds or {}, by=by):
        _say_what_was_used(request, category, by)
        log("requests.corrected", request, by, category=category)


def correct_entry_for_request(
    request_id: UUID,
    category: str,
    slug: str,
    entry_id: UUID,
    values: Mapping[str, Any],
    *,
    seen: str | None = None,
    by: Actor,
) -> None:
    """Store what is right in an entry that a request asks to correct, as one correction of hers that is taken over.

    Raises as `correct_for_request`, NotFound for an entry that isn't hers, and what storing it refuses.
    """
    by.must(Permission.REQUEST_KEEP)
    request = lock_request(request_id, by)
    found = get_entry_to_correct(request, category, slug, entry_id, by, lock=True)
    fields = {field.key: field for field in found.kind.kept(current_policy())}
    before = values_of(found.row, fields.values())
    wanted = {key: fields[key].clean(value) for key, value in values.items()}
    mine = own_changes(wanted, now=before, seen=seen)
    changed = {key: wanted[key] for key in mine if wanted[key] != before[key]}
    facts = facts_of([found.row.learner_id], list(changed), by.scope)[found.row.learner_id]
    for refusal in refusals(changed, facts, source=None):
        raise refusal
    if changed:
        said = [(fields[key], value) for key, value in changed.items()]
        with session.begin_nested():  # what is refused is stored in no part
            found.kind.change(found.row, said, _channel_of(request), by)
        _say_what_was_used(request, category, by)
        log("requests.corrected", request, by, category=category)


def _channel_of(request: DataRequest) -> str:
    """Return by which channel a correction came in: through who represents her, or as the request did."""
    return ON_BEHALF if request.is_by_representative else _CHANNELS[request.channel]


def _say_what_was_used(request: DataRequest, category: str, by: Actor) -> None:
    """Record for each restriction that hides this category that it was used, because she asked it (AVG art. 18(2))."""
    if request.learner_id is None:
        return
    for each in list_restrictions(request.learner_id, by.scope):
        if each.is_whole or category in each.categories:
            with in_language(request.language):
                why, used_for = _("U vroeg zelf om dit te verbeteren."), _("Verzoek %(number)s", number=request.number)
            allow_use(each.id, ground=UseGround.CONSENT, why=why, used_for=used_for, by=by)
