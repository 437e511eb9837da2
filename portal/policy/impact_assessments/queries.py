"""Reads of the days on which the school decided on its impact assessment."""

from collections.abc import Sequence

from sqlalchemy import exists, select

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.policy.impact_assessments.models import ImpactAssessment


def list_assessments() -> Sequence[ImpactAssessment]:
    """Return what was recorded, the newest first: that one counts."""
    row = ImpactAssessment
    return session.scalars(
        select(row).where(row.school_id == current_school_id()).order_by(row.recorded_at.desc(), row.id.desc())
    ).all()


def has_assessment() -> bool:
    """Say whether the school recorded that it decided on its impact assessment (AVG art. 35(1)).

    Signals, pictures as proof of presence and a client's sign-in aren't switched on before.
    """
    found = exists().where(ImpactAssessment.school_id == current_school_id())
    return bool(session.scalar(select(found)))
