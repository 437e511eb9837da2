"""Saying that the bookkeeping has the invoices up to a day, so that they may go here at the end of their term."""

from datetime import date

from sqlalchemy import delete

from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.permissions import Permission
from portal.retention.invoices.queries import list_past_term
from portal.retention.models import PartialEnding
from portal.schools.services import note_invoices_handed_over


def hand_over_invoices(until: date, *, by: Actor) -> int:
    """Write down that the bookkeeping has all invoices up to and including a day, with the names (AWR art. 52).

    What waited for that is due again in the next night. Returns of how many learners; raises Invalid for a day to come.
    """
    by.must(Permission.RETENTION_KEEP)
    if until > today():
        raise Invalid("until", "day_to_come")
    waited = list_past_term(by.scope)
    note_invoices_handed_over(until, by=by)
    free = waited - list_past_term(by.scope)
    if free:
        session.execute(
            delete(PartialEnding).where(
                PartialEnding.school_id == current_school_id(), PartialEnding.learner_id.in_(free)
            )
        )
    return len(free)
