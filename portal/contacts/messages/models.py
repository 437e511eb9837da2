"""What a contact wrote or said, and when it was handled."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, Index, String, and_
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from portal.contacts.models import CorrespondenceKind
from portal.core.db.base import SchoolOwned, one_of, reference
from portal.core.personal_data import Sealed, by_account, not_personal, personal, reaches


class MessageWay(StrEnum):
    """How a message came in."""

    WEBSITE = "website"
    EMAIL = "email"
    PHONE = "phone"
    LETTER = "letter"
    COUNTER = "counter"


class ContactMessage(SchoolOwned):
    """A question, a report or something else that a contact wrote or said.

    A question is open until `handled_on`. It is archived only for a reason, and has the term of that; else its term
    counts from the day on which it was handled (LL-08).
    """

    __tablename__ = "contact_message"
    __people__ = reaches(
        learner=None, representative=None, contact_person="contact_person_id", staff=by_account("handled_by")
    )
    __table_args__ = (
        CheckConstraint("not is_archived or (archive_reason is not null and handled_on is not null)", name="archived"),
        Index("ix_contact_message_open", "school_id", "received_on", postgresql_where="handled_on is null"),
    )

    contact_person_id: Mapped[UUID] = reference("contact_person", info=personal("correspondence"))
    received_on: Mapped[date] = mapped_column(info=personal("correspondence", of="contact_person_id"))
    way: Mapped[MessageWay] = one_of(MessageWay, info=personal("correspondence", of="contact_person_id"))
    kind: Mapped[CorrespondenceKind] = one_of(
        CorrespondenceKind, info=personal("correspondence", of="contact_person_id")
    )
    body: Mapped[bytes] = mapped_column(Sealed, info=personal("correspondence", of="contact_person_id"))
    reply: Mapped[bytes | None] = mapped_column(Sealed, info=personal("correspondence", of="contact_person_id"))
    handled_on: Mapped[date | None] = mapped_column(info=personal("correspondence", of="contact_person_id"))
    handled_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="handled_by"))
    handled_by_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("activity", of="handled_by", identifies=True)
    )
    is_archived: Mapped[bool] = mapped_column(default=False, info=not_personal())
    archive_reason: Mapped[bytes | None] = mapped_column(
        Sealed, info=personal("correspondence", of="contact_person_id")
    )

    @hybrid_property
    def is_open(self) -> bool:
        """Say whether it is a question that nobody has handled yet."""
        return self.kind is CorrespondenceKind.QUESTION and self.handled_on is None

    @is_open.inplace.expression
    @classmethod
    def _is_open(cls) -> ColumnElement[bool]:
        return and_(cls.kind == CorrespondenceKind.QUESTION, cls.handled_on.is_(None))
