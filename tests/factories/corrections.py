"""Decides on what a learner proposed, as somebody does who has the page of it before her."""

from uuid import UUID

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.learners.corrections.kinds import find_field
from portal.learners.corrections.models import Correction
from portal.learners.corrections.queries import rows_of, values_held
from portal.learners.corrections.sealed_texts import open_proposed
from portal.learners.corrections.services import decide_correction, decided_on


def seen_of(correction_id: UUID) -> str:
    """Return what the form of a proposal carries now."""
    row = session.get_one(Correction, (current_school_id(), correction_id), populate_existing=True)
    field = find_field(row.field)
    assert field is not None
    return decided_on(values_held(rows_of([row]).get(row.id), field), open_proposed(row), row.proposed_at)


def decide(correction_id: UUID, *, accept: bool, answer: str | None = None, by: Actor) -> None:
    """Accept or refuse a proposal as it stands."""
    decide_correction(correction_id, accept=accept, answer=answer, seen=seen_of(correction_id), by=by)
