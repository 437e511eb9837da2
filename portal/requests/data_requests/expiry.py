"""Letting go of requests of nobody who is known: no person's term reaches them, so they have the policy's own."""

from sqlalchemy import delete, not_

from portal.core import audit
from portal.core.clock import start_of, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.policy.queries import current_policy
from portal.requests.data_requests.models import DataRequest


def end_requests(*, by: Actor) -> int:
    """Let go of the requests that were closed longer ago than the policy's term, of whom nobody knows; return how many.

    They are those of somebody whom the school doesn't know, and of whoever was erased. Their answers go with them.
    """
    before = start_of(current_policy().accountability_term.kept_since(today()))
    past = delete(DataRequest).where(
        DataRequest.school_id == current_school_id(),
        DataRequest.closed_at < before,
        not_(DataRequest.is_of_known_person),
    )
    count = len(session.execute(past.returning(DataRequest.id)).all())
    if count:
        audit.record("requests.ended", facts={"requests": count}, by=by)
    return count
