"""One audit entry in the caller's transaction: who did or saw what, of whom, when. Append-only for the application."""

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import g, has_request_context
from sqlalchemy import Index, String, Uuid, func, insert
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.access import PORTAL, Actor, current_actor
from portal.core.clock import now
from portal.core.database import SchoolOwned, new_id, session
from portal.core.personal_data import no_person, not_personal

_views: ContextVar[list[tuple[tuple[UUID, ...], str]] | None] = ContextVar("views", default=None)


class AuditEvent(SchoolOwned):
    """An entry: learners' ids, never their data; what was typed stands only in sealed form."""

    __tablename__ = "audit_event"
    __person__ = no_person("reaches learners by the ids it lists; values in it are sealed")
    __table_args__ = (
        Index("ix_audit_event_at", "school_id", "at"),
        Index("ix_audit_event_learner_ids", "learner_ids", postgresql_using="gin"),
        {"info": {"grants": "select, insert"}},
    )

    at: Mapped[datetime] = mapped_column(server_default=func.now(), info=not_personal())
    event: Mapped[str] = mapped_column(String(80), info=not_personal())
    actor_id: Mapped[UUID | None] = mapped_column(info=not_personal())
    actor_name: Mapped[str] = mapped_column(String(200), info=not_personal())
    actor_role: Mapped[str] = mapped_column(String(80), info=not_personal())
    learner_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), info=not_personal())
    subject_kind: Mapped[str | None] = mapped_column(String(40), info=not_personal())
    subject_id: Mapped[UUID | None] = mapped_column(info=not_personal())
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, info=not_personal())
    request_number: Mapped[str | None] = mapped_column(String(16), info=not_personal())


def _entry(event: str, actor: Actor, **values: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "at": now(),
        "event": event,
        "actor_id": actor.account_id,
        "actor_name": actor.name,
        "actor_role": ", ".join(sorted(actor.roles)),
        "learner_ids": [],
        "subject_kind": None,
        "subject_id": None,
        "facts": {},
        "request_number": getattr(g, "request_number", None) if has_request_context() else None,
        **values,
    }


def record(
    event: str,
    *,
    learner_id: UUID | None = None,
    learner_ids: Iterable[UUID] = (),
    subject: tuple[str, UUID | None] | None = None,
    facts: Mapping[str, Any] | None = None,
    changes: Mapping[str, tuple[str | None, str | None]] | None = None,
    by: Actor | None = None,
) -> None:
    """Write an entry in the caller's transaction: `event` is `feature.past_tense`.

    `facts` hold no personal values. `changes` gives old and new text per field, for one learner; they are sealed.
    """
    reached = [learner_id] if learner_id is not None else list(learner_ids)
    entry = _entry(event, by or current_actor() or PORTAL, learner_ids=reached, facts=dict(facts or {}))
    if changes:
        entry["facts"]["fields"] = sorted(changes)
    if subject is not None:
        entry["subject_kind"], entry["subject_id"] = subject
    session.flush()
    session.execute(insert(AuditEvent), [entry])


def saw(learner_ids: Iterable[UUID], what: str) -> None:
    """Note that the reader of this page sees something of these learners; written at the edge of the GET."""
    noted = _views.get() or []
    noted.append((tuple(learner_ids), what))
    _views.set(noted)


def write_views() -> None:
    """Write what was noted by `saw` in one statement; called at the edge of a request."""
    noted = _views.get()
    _views.set(None)
    if not noted:
        return
    actor = current_actor() or PORTAL
    session.execute(
        insert(AuditEvent),
        [_entry("record.viewed", actor, learner_ids=list(ids), facts={"what": what}) for ids, what in noted if ids],
    )


def refused(what: str, *, address: str, learner_id: UUID | None = None) -> None:
    """Write that something was refused, in a transaction of its own after the rollback."""
    session.rollback()
    reached = [learner_id] if learner_id is not None else []
    actor = current_actor() or PORTAL
    entry = _entry("access.refused", actor, learner_ids=reached, facts={"asked": what, "address": address})
    session.execute(insert(AuditEvent), [entry])
    session.commit()
