"""That somebody signed up for an intake, by a form of her own."""

from datetime import date
from uuid import UUID

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, reference
from portal.core.personal_data import Sealed, not_personal, personal, reaches


class IntakeApplication(SchoolOwned):
    """What somebody filled in to have an intake: she is a contact until the office makes her a learner.

    `channel` says by which way it came; `statement_version_id` which statement stood beside the form.
    """

    __tablename__ = "intake_application"
    __people__ = reaches(learner=None, representative=None, contact_person="contact_person_id", staff=None)
    __table_args__ = (
        UniqueConstraint("school_id", "contact_person_id", name="uq_intake_application_contact_person_id"),
    )

    contact_person_id: Mapped[UUID] = reference("contact_person", info=personal("intake"))
    given_name: Mapped[str] = mapped_column(String(80), info=personal("name", identifies=True))
    family_name: Mapped[str] = mapped_column(String(80), info=personal("name", identifies=True))
    birth_date: Mapped[date] = mapped_column(info=personal("birth"))
    wish: Mapped[bytes | None] = mapped_column(Sealed, info=personal("intake"))
    channel: Mapped[str] = mapped_column(String(40), info=personal("dealings"))
    received_on: Mapped[date] = mapped_column(info=personal("intake"))
    statement_version_id: Mapped[UUID | None] = mapped_column(info=not_personal())
