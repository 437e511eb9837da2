"""A mail to many, and to whom it was sent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, reference
from portal.core.personal_data import by_account, no_person, not_personal, personal, reaches


class Mailing(SchoolOwned):
    """A newsletter, or news of services: written until `started_at`, sent to all by `finished_at`."""

    __tablename__ = "mailing"
    __people__ = reaches(learner=None, representative=None, contact_person=None, staff=by_account("written_by"))

    purpose: Mapped[str] = mapped_column(String(60), info=not_personal())
    subject: Mapped[str] = mapped_column(String(150), info=not_personal())
    body: Mapped[str] = mapped_column(info=not_personal())
    written_at: Mapped[datetime] = mapped_column(info=not_personal())
    written_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="written_by"))
    written_by_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("activity", of="written_by", identifies=True)
    )
    started_at: Mapped[datetime | None] = mapped_column(info=not_personal())
    finished_at: Mapped[datetime | None] = mapped_column(info=not_personal())
    job_id: Mapped[UUID | None] = mapped_column(info=not_personal())


class MailingCopy(SchoolOwned):
    """That somebody was sent a mailing, so that none goes to her twice; `reader` is a keyed digest of her id."""

    __tablename__ = "mailing_copy"
    __people__ = no_person("a keyed digest of an id: it keeps a mail from going twice, and says not to whom it went")
    __table_args__ = (UniqueConstraint("school_id", "mailing_id", "reader", name="uq_mailing_copy_reader"),)

    mailing_id: Mapped[UUID] = reference("mailing", info=not_personal())
    reader: Mapped[bytes] = mapped_column(LargeBinary, info=not_personal())
    sent_at: Mapped[datetime] = mapped_column(info=not_personal())
