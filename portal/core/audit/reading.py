"""Reading the audit: who looked at a learner, who changed what. Values open with her key, or are gone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_

from portal.core import keys
from portal.core.audit.tables import AuditEvent, whom
from portal.core.audit.writing import PURPOSE
from portal.core.database import session


@dataclass(frozen=True)
class Entry:
    """An entry as one may be shown it. `changes` maps a field's key to before and after; None when they are gone.

    `is_gone` says that there were values whose key has been destroyed: show "verwijderd".
    """

    id: UUID
    at: datetime
    event: str
    actor_kind: str
    actor_id: UUID | None
    actor_name: str | None
    actor_roles: tuple[str, ...]
    learner_ids: tuple[UUID, ...]
    subject_kind: str | None
    subject_id: UUID | None
    facts: dict[str, Any]
    changes: dict[str, tuple[Any, Any]] | None
    is_gone: bool

    @property
    def is_view(self) -> bool:
        """Say whether something was looked at, not changed."""
        return self.event == "record.viewed"


def list_of_learner(
    learner_id: UUID,
    *,
    views: bool | None = None,
    limit: int = 50,
    before: tuple[datetime, UUID] | None = None,
    with_changes: bool = False,
) -> list[Entry]:
    """Return the entries about one learner, newest first: views alone, all but views, or both.

    `before` is `(at, id)` of the last one shown. Values are opened when asked for, in one statement on the keys.
    """
    links = whom()
    about = AuditEvent.id.in_(select(links.c.event_id).where(links.c.learner_id == learner_id))
    return _entries(_page(select(AuditEvent).where(about), views, limit, before), learner_id if with_changes else None)


def list_of_school(
    *,
    actor_id: UUID | None = None,
    event: str | None = None,
    views: bool | None = None,
    limit: int = 50,
    before: tuple[datetime, UUID] | None = None,
) -> list[Entry]:
    """Return the school's entries, newest first, without values; of one account or of one event where asked."""
    wanted = select(AuditEvent)
    if actor_id is not None:
        wanted = wanted.where(AuditEvent.actor_id == actor_id)
    if event is not None:
        wanted = wanted.where(AuditEvent.event == event)
    return _entries(_page(wanted, views, limit, before), None)


def list_of_subject(subject_id: UUID, *, limit: int = 50) -> list[Entry]:
    """Return the entries about one thing (a lesson, an account), newest first, without values."""
    wanted = select(AuditEvent).where(AuditEvent.subject_id == subject_id)
    return _entries(_page(wanted, None, limit, None), None)


def _page(
    wanted: Select[AuditEvent], views: bool | None, limit: int, before: tuple[datetime, UUID] | None
) -> Select[AuditEvent]:
    if views is not None:
        wanted = wanted.where((AuditEvent.event == "record.viewed") == views)
    if before is not None:
        wanted = wanted.where(tuple_(AuditEvent.at, AuditEvent.id) < tuple_(*before))
    return wanted.order_by(AuditEvent.at.desc(), AuditEvent.id.desc()).limit(limit)


def _entries(wanted: Select[AuditEvent], learner_id: UUID | None) -> list[Entry]:
    rows = session.scalars(wanted).all()
    sealed = [_sealed_of(row, learner_id) for row in rows]
    opened = _open(sealed, learner_id)
    return [
        Entry(
            id=row.id, at=row.at, event=row.event, actor_kind=row.actor_kind, actor_id=row.actor_id,
            actor_name=row.actor_name, actor_roles=tuple(row.actor_roles), learner_ids=tuple(row.learner_ids),
            subject_kind=row.subject_kind, subject_id=row.subject_id, facts=row.facts,
            changes=None if text is None else {key: tuple(pair) for key, pair in json.loads(text).items()},
            is_gone=blob is not None and text is None,
        )
        for row, blob, text in zip(rows, sealed, opened, strict=True)
    ]  # fmt: skip


def _sealed_of(row: AuditEvent, learner_id: UUID | None) -> bytes | None:
    if learner_id is None or row.sealed is None or learner_id not in row.learner_ids:
        return None
    return row.sealed[row.learner_ids.index(learner_id)]


def _open(sealed: Sequence[bytes | None], learner_id: UUID | None) -> list[str | None]:
    if learner_id is None:
        return [None] * len(sealed)
    return keys.unseal_many([(learner_id, blob) for blob in sealed], PURPOSE)
