"""Reads of the entries of a record."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.core.database import current_school_id, session
from portal.core.errors import NotFound
from portal.learners.entries import EntryKind


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
