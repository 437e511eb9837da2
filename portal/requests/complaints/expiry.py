"""Letting go of complaints of nobody who is known: no person's term reaches them, so they have the policy's own."""

from sqlalchemy import delete, not_

from portal.core import audit
from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.policy.queries import current_policy
from portal.requests.complaints.models import Complaint


def end_complaints(*, by: Actor) -> int:
    """Let go of the complaints that were answered longer ago than the policy's term, of whom nobody knows: how many."""
    past = delete(Complaint).where(
        Complaint.school_id == current_school_id(),
        Complaint.closed_on < current_policy().accountability_term.kept_since(today()),
        not_(Complaint.is_of_known_person),
    )
    count = len(session.execute(past.returning(Complaint.id)).all())
    if count:
        audit.record("requests.complaints_ended", facts={"complaints": count}, by=by)
    return count
