"""Asking which member of staff looked: a request with her reason, which privacy staff weigh (AVG art. 15, C-579/21)."""

from collections.abc import Sequence
from uuid import UUID

from portal.core.errors import Conflict, Invalid
from portal.core.http.access import Actor
from portal.requests.data_requests.models import DataRequest, RequestKind
from portal.requests.data_requests.own_requests import file_own_request
from portal.requests.data_requests.services import Wish
from portal.requests.log_names.queries import get_readable_names, list_askable


def ask_names(
    entry_ids: Sequence[UUID], reason: str, *, language: str, has_second_factor: bool, by: Actor
) -> DataRequest:
    """Store that a learner, or who acts for her, asks who did this with her data, and why she wants to know.

    Raises Invalid for no reason, for nothing chosen and for an entry that isn't hers to ask about, and Conflict where
    the same waits or the names are shown already.
    """
    if not reason.strip():
        raise Invalid("body", "required")
    names = get_readable_names(by.scope.get_own_learner_id(), by.scope)
    known = {each.id: each for each in list_askable(by)}
    if not entry_ids or any(each not in known for each in entry_ids):
        raise Invalid("entries", "unknown_entry")
    if all(names.name_of(known[each]) is not None for each in entry_ids):
        raise Conflict("named_already")
    chosen = tuple(dict.fromkeys(entry_ids))
    wish = Wish(kind=RequestKind.ACCESS, body=reason, entry_ids=chosen)
    return file_own_request(wish, language=language, has_second_factor=has_second_factor, by=by)
