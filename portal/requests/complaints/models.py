"""A complaint and how it was handled."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, String, UniqueConstraint, or_
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, reference
from portal.core.personal_data import Sealed, by_account, not_personal, personal, reaches
from portal.learners.record.models import Originated


class Complaint(Originated, SchoolOwned):
    """A complaint of a learner, a contact person, a member of staff (`account_id`), or somebody unknown here.

    It waits until the school has answered it. It is handled by nobody whom it is about, where there is anyone else.
    """

    __tablename__ = "complaint"
    __seen_when_restricted__ = "who handles complaints answers what she complains of, also when all else stands still"
    __people__ = reaches(
        learner="learner_id",
        representative=by_account("filed_by"),
        contact_person="contact_person_id",
        staff=(
            by_account("account_id"),
            by_account("about_id"),
            by_account("filed_by"),
            by_account("handled_by"),
        ),
    )
    __table_args__ = (UniqueConstraint("school_id", "number", name="uq_complaint_number"),)

    learner_id: Mapped[UUID | None] = reference("learner", info=personal("complaint"), nullable=True)
    contact_person_id: Mapped[UUID | None] = reference("contact_person", info=personal("complaint"), nullable=True)
    account_id: Mapped[UUID | None] = reference("account", info=personal("complaint", of="account_id"), nullable=True)
    number: Mapped[str | None] = mapped_column(String(20), info=not_personal())
    """By which who complains and the school speak of it; none of what was written down before there were numbers."""
    asker_name: Mapped[str | None] = mapped_column(String(200), info=personal("complaint", identifies=True))
    asker_contact: Mapped[str | None] = mapped_column(String(254), info=personal("complaint", identifies=True))
    asker_number: Mapped[str | None] = mapped_column(String(40), info=personal("complaint", identifies=True))
    """The number that she says she has at the school, by which it is found who complains."""
    asker_birth_date: Mapped[date | None] = mapped_column(info=personal("complaint"))
    asked_for: Mapped[str | None] = mapped_column(String(200), info=personal("complaint", identifies=True))
    """The name of for whom she complains, where that is somebody else."""
    about_id: Mapped[UUID | None] = mapped_column(info=personal("activity", of="about_id"))
    """The member of staff whom it is about: it is never handled by her, where there is anyone else."""
    about_name: Mapped[str | None] = mapped_column(String(200), info=personal("complaint"))
    """Whom it is about, as somebody without a sign-in typed it: she gets no list of who works here."""
    filed_on: Mapped[date] = mapped_column(info=personal("complaint"))
    filed_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="filed_by"))
    filed_by_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("complaint", of=("learner_id", "filed_by"), identifies=True)
    )
    language: Mapped[str] = mapped_column(String(5), server_default="nl", default="nl", info=personal("complaint"))
    body: Mapped[bytes] = mapped_column(Sealed, info=personal("complaint"))
    due_on: Mapped[date | None] = mapped_column(info=personal("complaint"))
    handled_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="handled_by"))
    handled_by_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("activity", of="handled_by", identifies=True)
    )
    handling: Mapped[bytes | None] = mapped_column(Sealed, info=personal("complaint"))
    closed_on: Mapped[date | None] = mapped_column(info=personal("complaint"))

    @property
    def representative_id(self) -> UUID | None:
        """Return who represents a learner and complains of her own data: the row of a complaint doesn't say so yet."""
        return None

    @property
    def person_id(self) -> UUID:
        """Return under whose key its texts are sealed: its own, where nobody here knows who complains."""
        return self.learner_id or self.contact_person_id or self.account_id or self.id

    @hybrid_property
    def is_of_known_person(self) -> bool:
        """Say whether it is known whose it is: a learner, a contact person or a member of staff."""
        return self.person_id != self.id

    @is_of_known_person.inplace.expression
    @classmethod
    def _is_of_known_person(cls) -> ColumnElement[bool]:
        return or_(*(each.is_not(None) for each in (cls.learner_id, cls.contact_person_id, cls.account_id)))
