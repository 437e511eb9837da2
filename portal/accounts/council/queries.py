"""Reads of what was recorded of the works council."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.accounts.council.models import CouncilDecision
from portal.core.db.scope import current_school_id
from portal.core.db.session import session


def list_council_decisions() -> Sequence[CouncilDecision]:
    """Return what was recorded of the works council's consent, the newest first: that one counts."""
    row = CouncilDecision
    return session.scalars(
        select(row).where(row.school_id == current_school_id()).order_by(row.recorded_at.desc(), row.id.desc())
    ).all()


def may_monitor_staff() -> bool:
    """Say whether teachers may be reminded, and what is open counted by teacher (WOR art. 27(1)(k) and (l)).

    Not until it is recorded that the works council consented, or that there is none.
    """
    return any(each.allows_monitoring for each in list_council_decisions()[:1])
