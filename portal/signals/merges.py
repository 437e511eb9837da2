"""Two open signals of one kind, where the records of two learners become one: the one that waits longest stays open."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.core.clock import now
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.signals.models import Signal


def settle_signals(kept_id: UUID, other_id: UUID, _by: Actor, _taken: Collection[str]) -> None:
    """End the later of two open signals that ask the same; the next look at her brings the other up to date."""
    mine, theirs = aliased(Signal), aliased(Signal)
    pairs = session.execute(
        select(mine, theirs)
        .join(theirs, (theirs.school_id == mine.school_id) & (theirs.kind == mine.kind))
        .where(mine.school_id == current_school_id(), mine.learner_id == kept_id, theirs.learner_id == other_id)
        .where(mine.is_open, theirs.is_open)
        .order_by(mine.id)
    ).all()
    for pair in pairs:
        max(pair, key=lambda signal: (signal.raised_at, signal.id)).ended_at = now()
    session.flush()
