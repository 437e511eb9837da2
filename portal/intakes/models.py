"""An intake with its result."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, reference
from portal.core.personal_data import Sealed, not_personal, personal, reaches_learner
from portal.learners.record.models import Originated


class Intake(Originated, SchoolOwned):
    """An intake with its result; which version of the statement was mentioned is kept (LB-01)."""

    __tablename__ = "intake"
    __people__ = reaches_learner()

    learner_id: Mapped[UUID] = reference("learner", info=personal("intake"))
    held_on: Mapped[date] = mapped_column(info=personal("intake"))
    result: Mapped[bytes | None] = mapped_column(Sealed, info=personal("intake"))
    statement_version_id: Mapped[UUID | None] = mapped_column(info=not_personal())
    statement_shown_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))
