"""Two coaches, where the records of two learners become one: one stays, on the days of both."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.languages import _
from portal.learners.caseloads.models import Coaching
from portal.learners.merges.settlements import Difference

_KEY = "coaching"


def _rows(learner_id: UUID) -> list[Coaching]:
    return list(
        session.scalars(
            select(Coaching)
            .options(joinedload(Coaching.account))
            .where(Coaching.school_id == current_school_id(), Coaching.learner_id == learner_id)
            .order_by(Coaching.starts_on)
        )
    )


def _name(rows: list[Coaching]) -> str:
    return next((row.account.name for row in rows if row.lasts_until(today())), "")


def differing_coaches(kept_id: UUID, other_id: UUID, by: Actor) -> list[Difference]:
    """Return that each record has another coach, for who sees trajectories."""
    mine, theirs = _name(_rows(kept_id)), _name(_rows(other_id))
    if "trajectory" not in by.sees or not mine or not theirs or mine == theirs:
        return []
    return [Difference(_KEY, _("Begeleider"), mine, theirs)]


def settle_coaches(kept_id: UUID, other_id: UUID, by: Actor, taken: Collection[str]) -> None:
    """Let one coach stay: the other's rows go on the days that both have one, so that there is one on each day."""
    mine, theirs = _rows(kept_id), _rows(other_id)
    is_taken = _KEY in taken and "trajectory" in by.sees
    gone, stays = (mine, theirs) if is_taken else (theirs, mine)
    for row in gone:
        if any(each.lasts_until(row.starts_on) and row.lasts_until(each.starts_on) for each in stays):
            session.delete(row)
    session.flush()
