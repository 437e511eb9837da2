"""An appointment with a learner."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, reference
from portal.core.personal_data import personal, reaches_learner
from portal.learners.record.models import Originated


class Appointment(Originated, SchoolOwned):
    """An appointment with a learner."""

    __tablename__ = "appointment"
    __people__ = reaches_learner()

    learner_id: Mapped[UUID] = reference("learner", info=personal("appointment"))
    starts_at: Mapped[datetime] = mapped_column(info=personal("appointment"))
    subject: Mapped[str] = mapped_column(String(200), info=personal("appointment"))
    with_whom: Mapped[str | None] = mapped_column(String(120), info=personal("appointment"))
    place: Mapped[str | None] = mapped_column(String(120), info=personal("appointment"))
