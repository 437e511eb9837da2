"""What a restored database must not bring back of holds: those that somebody ended, so that the terms count."""

from sqlalchemy import select, update

from portal.core.clock import now, today
from portal.core.crypto.ledger import Ending, EndingsSince
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.restores.ports import AppliedAgain
from portal.core.restores.tries import tried_rows
from portal.retention.models import RetentionHold


def end_holds_again(ended: EndingsSince) -> int:
    """End holds again, and return how many; the ledger doesn't hold who did."""
    here = RetentionHold.school_id == current_school_id()
    held = session.scalars(select(RetentionHold.id).where(here, RetentionHold.is_in_force_on(today()))).all()
    ids = ended.among(Ending.HOLD, held)
    if ids:
        session.execute(update(RetentionHold).where(here, RetentionHold.id.in_(ids)).values(ended_at=now()))
    return len(ids)


TRIED = (
    tried_rows(Ending.HOLD, "ended holds keep data", RetentionHold.id, lambda: [RetentionHold.is_in_force_on(today())]),
)
AGAIN = (AppliedAgain(Ending.HOLD, end_holds_again),)
