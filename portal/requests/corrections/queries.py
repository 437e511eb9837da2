"""What may be corrected on a request of a learner, and by whom: fields of her record, and its entries."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.learners.corrections.kinds import CORRECTABLES, Correctable
from portal.learners.record.fields import kept_fields
from portal.policy.queries import current_policy
from portal.requests.data_requests.desk import sees_whole, withheld_from
from portal.requests.data_requests.models import DataRequest, RequestKind


@dataclass(frozen=True)
class EntryToCorrect:
    """An entry of a record, with what kind it is."""

    kind: Correctable
    row: Any


def is_corrected_here(request: DataRequest, by: Actor) -> bool:
    """Say whether who handles a request corrects on it: until it is answered, once it is known who asks.

    Not while a second person decides, and never for who doesn't see all of hers.
    """
    is_asked = request.kind is RequestKind.RECTIFICATION and request.learner_id is not None
    is_in_hand = request.is_undecided and request.proposed_by is None and request.identity_check is not None
    return is_asked and is_in_hand and sees_whole(request, by)


def list_correctable(request: DataRequest, by: Actor) -> list[str]:
    """Return the categories that who handles a request corrects on it: those it is about, as far as there is a page."""
    if not is_corrected_here(request, by):
        return []
    kept = {field.category for field in kept_fields(current_policy())}
    entries = {category for category in _asked(request) if kinds_in(category)}
    return [key for key in _asked(request) if key in kept | entries]


def list_not_correctable(request: DataRequest, by: Actor) -> list[str]:
    """Return the categories that a request names and for which there is no page on which somebody corrects them."""
    if not is_corrected_here(request, by):
        return []
    there = list_correctable(request, by)
    return [key for key in request.categories if key not in there]


def _asked(request: DataRequest) -> list[str]:
    return request.categories or [each.key for each in current_policy().categories]


def kinds_in(category: str) -> list[Correctable]:
    """Return the kinds of entries in a category of which the school keeps anything."""
    policy = current_policy()
    return [kind for kind in CORRECTABLES.all if kind.fields[0].category == category and kind.kept(policy)]


def list_entries(request: DataRequest, category: str, by: Actor) -> list[EntryToCorrect]:
    """Return what stands in a category under the learner of a request, the newest of each kind first.

    Without what is about her who looks, which another handles (LB-14).
    """
    withheld = withheld_from(request, by)
    return [
        EntryToCorrect(kind, row)
        for kind in kinds_in(category)
        for row in session.scalars(
            select(kind.model)
            .where(kind.model.school_id == current_school_id(), kind.model.learner_id == request.learner_id)
            .options(*kind.options)
            .order_by(kind.model.id.desc())
        )
        if row.id not in withheld
    ]


def get_entry_to_correct(
    request: DataRequest, category: str, slug: str, entry_id: UUID, by: Actor, *, lock: bool = False
) -> EntryToCorrect:
    """Return an entry that is corrected on a request; raises NotFound for any other."""
    kind = next((each for each in kinds_in(category) if each.slug == slug), None)
    if kind is None or category not in list_correctable(request, by) or entry_id in withheld_from(request, by):
        raise NotFound("entry")
    wanted = select(kind.model).where(
        kind.model.school_id == current_school_id(),
        kind.model.learner_id == request.learner_id,
        kind.model.id == entry_id,
    )
    wanted = wanted.options(*kind.options)
    if lock:
        wanted = wanted.with_for_update(of=kind.model).execution_options(populate_existing=True)
    row = session.scalars(wanted).one_or_none()
    if row is None:
        raise NotFound("entry")
    return EntryToCorrect(kind, row)
