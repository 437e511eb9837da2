"""Reads of what was recorded of the works council."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.accounts.council.models import CouncilDecision, CouncilSubject
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.policy.queries import current_policy


def list_council_decisions(subject: CouncilSubject) -> Sequence[CouncilDecision]:
    """Return what was recorded of the works council's consent to this, the newest first: that one counts."""
    row = CouncilDecision
    return session.scalars(
        select(row)
        .where(row.school_id == current_school_id(), row.subject == subject)
        .order_by(row.recorded_at.desc(), row.id.desc())
    ).all()


def may_monitor_staff() -> bool:
    """Say whether teachers may be reminded, and what is open counted by teacher (WOR art. 27(1)(k) and (l)).

    Not until it is recorded that the works council consented, or that there is none.
    """
    return _is_allowed(CouncilSubject.MONITORING)


def may_name_staff() -> bool:
    """Say whether a learner reads the names of staff who looked at her data, and not the roles alone (C-579/21).

    So it is where the policy says it and it is recorded that staff agreed, or that there is no works council.
    """
    return current_policy().audit.looks == "name" and _is_allowed(CouncilSubject.NAMES)


def _is_allowed(subject: CouncilSubject) -> bool:
    return any(each.allows_it for each in list_council_decisions(subject)[:1])
