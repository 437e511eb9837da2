"""Reads of the entries of a record."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, exists, select

from portal.core.database import current_school_id, session
from portal.core.errors import NotFound
from portal.learners.entries import EntryKind


@lru_cache(maxsize=64)
def _which(kinds: tuple[EntryKind, ...]) -> Select[*tuple[Any, ...]]:
    """Made once for the kinds that a school keeps: building it takes longer than running it."""
    school, learner = bindparam("school", type_=Uuid()), bindparam("learner", type_=Uuid())
    return select(*(exists().where(kind.model.school_id == school, kind.model.learner_id == learner) for kind in kinds))


def kinds_held(kinds: Iterable[EntryKind], learner_id: UUID) -> list[EntryKind]:
    """Return those of these kinds of which a learner has an entry, in one statement."""
    asked = tuple(kinds)
    if not asked:
        return []
    row = session.execute(_which(asked), {"school": current_school_id(), "learner": learner_id}).one()
    return [kind for kind, is_there in zip(asked, row, strict=True) if is_there]


def list_entries(kind: EntryKind, learner_ids: Iterable[UUID]) -> list[Any]:
    """Return the entries of one kind of these learners, the newest first."""
    model = kind.model
    order = getattr(model, kind.order)
    rows = session.scalars(
        select(model)
        .where(model.school_id == current_school_id(), model.learner_id.in_(list(learner_ids)))
        .order_by(order.desc(), model.id.desc())
    )
    return list(rows)


def get_entry(kind: EntryKind, learner_id: UUID, entry_id: UUID, *, lock: bool = False) -> Any:
    """Return an entry of this learner; raises NotFound."""
    found = session.get(kind.model, (current_school_id(), entry_id), with_for_update=lock, populate_existing=lock)
    if found is None or found.learner_id != learner_id:
        raise NotFound("entry")
    return found
