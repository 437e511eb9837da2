"""Two proposals that wait for one field, where the records of two learners become one: one goes on waiting."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Row, select, tuple_
from sqlalchemy.orm import aliased

from portal.core.clock import now
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.languages import _
from portal.learners.corrections.kinds import find_field
from portal.learners.corrections.models import Correction, CorrectionState
from portal.learners.corrections.sealed_texts import open_texts
from portal.learners.merges.settlements import Difference
from portal.learners.own_record.queries import views_of


@dataclass(frozen=True)
class Twin:
    """A row of the other record that becomes one with a row of the kept record, and which it is, in words."""

    row_id: UUID
    name: str


def _colliding(
    kept_id: UUID, other_id: UUID, twins: Mapping[UUID, Twin] | None
) -> Sequence[Row[Correction, Correction]]:
    """Return the pairs of open proposals of both records for the same field of the same row, or of rows of `twins`."""
    mine, theirs = aliased(Correction), aliased(Correction)
    pairs = [(row_id, twin.row_id) for row_id, twin in (twins or {}).items()]
    same_row = theirs.entry_id == mine.entry_id if twins is None else tuple_(mine.entry_id, theirs.entry_id).in_(pairs)
    return session.execute(
        select(mine, theirs)
        .join(theirs, (theirs.school_id == mine.school_id) & (theirs.field == mine.field) & same_row)
        .where(mine.school_id == current_school_id(), mine.learner_id == kept_id, theirs.learner_id == other_id)
        .where(mine.is_waiting, theirs.is_waiting)
        .order_by(mine.field, mine.id)
    ).all()


def _key(correction: Correction) -> str:
    return f"correction.{correction.field}.{correction.entry_id}"


def differing_proposals(
    kept_id: UUID, other_id: UUID, by: Actor, twins: Mapping[UUID, Twin] | None = None
) -> list[Difference]:
    """Return the fields for which both records have another proposal that waits, of categories that this person sees.

    With `twins`, by the id of the kept record's row, those for rows that become one.
    """
    found = []
    for mine, theirs in _colliding(kept_id, other_id, twins):
        field = find_field(mine.field)
        if field is None or field.category not in by.sees or open_texts([mine]) == open_texts([theirs]):
            continue
        kept, other = (each.proposed or _("leeg maken") for each in views_of([mine, theirs]))
        label = str(field.label) if twins is None else f"{field.label}, {twins[mine.entry_id].name}"
        found.append(Difference(_key(mine), _("Wijziging die wacht: %(field)s", field=label), kept, other))
    return found


def settle_proposals(
    kept_id: UUID, other_id: UUID, by: Actor, taken: Collection[str], twins: Mapping[UUID, Twin] | None = None
) -> None:
    """Let one of two proposals wait on; the other stays to be read, with why it waits no longer."""
    for mine, theirs in _colliding(kept_id, other_id, twins):
        field = find_field(mine.field)
        is_taken = _key(mine) in taken and field is not None and field.category in by.sees
        gone = mine if is_taken else theirs
        gone.state, gone.decided_at = CorrectionState.WITHDRAWN, now()
        gone.decided_by, gone.decided_by_name = by.account_id, by.name
        gone.answer = _("Twee dossiers zijn samengevoegd. De andere vraag over dit gegeven wacht nog.")
    session.flush()
