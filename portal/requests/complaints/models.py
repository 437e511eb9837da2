"""A complaint and how it was handled."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, reference
from portal.core.personal_data import Sealed, personal, reaches_learner
from portal.learners.record.models import Originated


class Complaint(Originated, SchoolOwned):
    """A complaint and how it was handled."""

    __tablename__ = "complaint"
    __people__ = reaches_learner()

    learner_id: Mapped[UUID] = reference("learner", info=personal("complaint"))
    filed_on: Mapped[date] = mapped_column(info=personal("complaint"))
    body: Mapped[bytes] = mapped_column(Sealed, info=personal("complaint"))
    handling: Mapped[bytes | None] = mapped_column(Sealed, info=personal("complaint"))
    closed_on: Mapped[date | None] = mapped_column(info=personal("complaint"))
