"""A complaint and how it was handled."""

from datetime import date
from uuid import UUID

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, reference
from portal.core.personal_data import Sealed, by_account, not_personal, personal, reaches_learner
from portal.learners.record.models import Originated


class Complaint(Originated, SchoolOwned):
    """A complaint and how it was handled."""

    __tablename__ = "complaint"
    __people__ = reaches_learner(staff=by_account("about_id"))
    __table_args__ = (UniqueConstraint("school_id", "number", name="uq_complaint_number"),)

    learner_id: Mapped[UUID] = reference("learner", info=personal("complaint"))
    number: Mapped[str | None] = mapped_column(String(20), info=not_personal())
    """By which she and the school speak of it; none of what was written down for her by the office."""
    about_id: Mapped[UUID | None] = mapped_column(info=personal("activity", of="about_id"))
    """The member of staff whom it is about: it is never handled by her, where there is anyone else."""
    filed_on: Mapped[date] = mapped_column(info=personal("complaint"))
    body: Mapped[bytes] = mapped_column(Sealed, info=personal("complaint"))
    due_on: Mapped[date | None] = mapped_column(info=personal("complaint"))
    handling: Mapped[bytes | None] = mapped_column(Sealed, info=personal("complaint"))
    closed_on: Mapped[date | None] = mapped_column(info=personal("complaint"))
