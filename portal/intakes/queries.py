"""Reads of intakes across learners."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from portal.core.db.scope import current_school_id
from portal.intakes.models import Intake


def learners_told_at_intake() -> Select[UUID, datetime | None]:
    """Return the statement that selects to whom the privacy statement was pointed out at an intake, and when."""
    return select(Intake.learner_id, Intake.statement_shown_at).where(
        Intake.school_id == current_school_id(), Intake.statement_version_id.is_not(None)
    )
