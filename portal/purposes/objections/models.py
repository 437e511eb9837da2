"""An objection of a learner to one use of her data (AVG art. 21)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, reference
from portal.core.db.periods import HasEnding
from portal.core.personal_data import by_account, personal, reaches


class Objection(HasEnding, SchoolOwned):
    """That a learner objects to one purpose: the use stops from then on, also while the school weighs it.

    It holds until `ended_at`, when the school proved compelling grounds or she took it back. `settled_at` says since
    when it holds for good; none while the school weighs. `data_request_id` is the request by which she made it.
    """

    __tablename__ = "objection"
    __seen_when_restricted__ = "it says what stops, and is read to stop it"
    __people__ = reaches(
        learner="learner_id", representative=by_account("made_by"), contact_person=None, staff=by_account("made_by")
    )
    __table_args__ = (
        Index(
            "uq_objection_in_force",
            "school_id",
            "learner_id",
            "purpose",
            unique=True,
            postgresql_where="ended_at is null",
        ),
        Index("ix_objection_purpose", "school_id", "purpose", "learner_id", postgresql_where="ended_at is null"),
    )

    learner_id: Mapped[UUID] = reference("learner", info=personal("consent"))
    purpose: Mapped[str] = mapped_column(String(60), info=personal("consent"))
    data_request_id: Mapped[UUID | None] = mapped_column(info=personal("consent"))
    made_at: Mapped[datetime] = mapped_column(info=personal("consent"))
    made_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="made_by"))
    settled_at: Mapped[datetime | None] = mapped_column(info=personal("consent"))
    ended_at: Mapped[datetime | None] = mapped_column(info=personal("consent"))
