"""The proposals that wait for the school, with what stands there now."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.core import keys
from portal.core.access import Actor
from portal.core.database import current_school_id, session
from portal.core.errors import NotFound
from portal.learners.fields import FIELDS, as_text
from portal.learners.models import Correction, CorrectionState
from portal.learners.queries.own_record import CorrectionView, view_of
from portal.learners.queries.values import values_of


@dataclass(frozen=True)
class WaitingCorrection:
    """A proposal before the school: the value when it was made, the value now, the value proposed."""

    view: CorrectionView
    learner_id: UUID
    learner_name: str
    learner_number: str
    now: str
    values_now: dict[str, object]

    @property
    def is_stale(self) -> bool:
        """Say whether the value changed since it was proposed to change it."""
        return as_text(self.values_now[self.view.field.key]) != self.view.old_text


def _fields_seen(by: Actor) -> list[str]:
    return [key for key, field in FIELDS.items() if field.category in by.sees]


def count_waiting(by: Actor) -> int:
    """Return how many proposals wait for this person."""
    statement = select(func.count()).where(
        Correction.school_id == current_school_id(),
        Correction.state == CorrectionState.PROPOSED,
        Correction.field.in_(_fields_seen(by)),
    )
    return session.scalar(statement) or 0


def list_waiting(by: Actor, *, limit: int = 100) -> list[WaitingCorrection]:
    """Return the proposals that wait for the school and that this person may see, the oldest first."""
    rows = session.scalars(
        select(Correction)
        .options(joinedload(Correction.learner))
        .where(
            Correction.school_id == current_school_id(),
            Correction.state == CorrectionState.PROPOSED,
            Correction.field.in_(_fields_seen(by)),
        )
        .order_by(Correction.proposed_at, Correction.id)
        .limit(limit)
    )
    return _views(rows)


def get_correction(correction_id: UUID, by: Actor) -> WaitingCorrection:
    """Return a proposal with what stands there now; raises NotFound."""
    row = session.scalar(
        select(Correction)
        .options(joinedload(Correction.learner))
        .where(Correction.school_id == current_school_id(), Correction.id == correction_id)
        .execution_options(populate_existing=True)
    )
    if row is None or FIELDS[row.field].category not in by.sees:
        raise NotFound("correction")
    return _views([row])[0]


def _views(rows: Iterable[Correction]) -> list[WaitingCorrection]:
    found = list(rows)
    keys.living(row.learner_id for row in found)  # fetches all their keys at once
    views = []
    for row in found:
        field = FIELDS[row.field]
        values = values_of(row.learner, [field])
        views.append(
            WaitingCorrection(
                view=view_of(row),
                learner_id=row.learner_id,
                learner_name=row.learner.full_name,
                learner_number=row.learner.number,
                now=field.show(values[field.key]),
                values_now=values,
            )
        )
    return views
