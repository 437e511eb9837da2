"""An identity document that a client asked for."""

from datetime import date
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, reference
from portal.core.personal_data import personal, reaches_learner
from portal.learners.record.models import Originated


class IdentityDocument(Originated, SchoolOwned):
    """A client's recorded request for an identity document; the masked image follows it, never comes first (MN-05)."""

    __tablename__ = "identity_document"
    __people__ = reaches_learner()

    learner_id: Mapped[UUID] = reference("learner", info=personal("identification"))
    file_id: Mapped[UUID | None] = mapped_column(info=personal("identification", is_file=True))
    requested_by: Mapped[str] = mapped_column(String(160), info=personal("identification"))
    requested_on: Mapped[date] = mapped_column(info=personal("identification"))
