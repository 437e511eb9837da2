"""The entries of a record: rows that staff add under a learner, each of a simple kind."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.database import SchoolOwned, one_of, reference
from portal.core.personal_data import Sealed, not_personal, personal, reaches
from portal.learners.models.learner import Originated


class Intake(Originated, SchoolOwned):
    """An intake with its result; which version of the statement was mentioned is kept (LB-01)."""

    __tablename__ = "intake"
    __person__ = reaches("learner_id")

    learner_id: Mapped[UUID] = reference("learner", info=personal("intake"))
    held_on: Mapped[date] = mapped_column(info=personal("intake"))
    result: Mapped[bytes | None] = mapped_column(Sealed, info=personal("intake"))
    statement_version_id: Mapped[UUID | None] = mapped_column(info=not_personal())
    statement_shown_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))


class Appointment(Originated, SchoolOwned):
    """An appointment with a learner."""

    __tablename__ = "appointment"
    __person__ = reaches("learner_id")

    learner_id: Mapped[UUID] = reference("learner", info=personal("appointment"))
    starts_at: Mapped[datetime] = mapped_column(info=personal("appointment"))
    subject: Mapped[str] = mapped_column(String(200), info=personal("appointment"))
    place: Mapped[str | None] = mapped_column(String(120), info=personal("appointment"))


class InvoiceLine(Originated, SchoolOwned):
    """A line of an invoice; the amount in cents of a euro."""

    __tablename__ = "invoice_line"
    __person__ = reaches("learner_id")
    __table_args__ = (CheckConstraint("amount_cents between -100000000 and 100000000", name="amount"),)

    learner_id: Mapped[UUID] = reference("learner", info=personal("finance"))
    number: Mapped[str] = mapped_column(String(40), info=personal("finance"))
    issued_on: Mapped[date] = mapped_column(info=personal("finance"))
    description: Mapped[str] = mapped_column(String(200), info=personal("finance"))
    amount_cents: Mapped[int] = mapped_column(info=personal("finance"))
    paid_on: Mapped[date | None] = mapped_column(info=personal("finance"))


class OrderLine(Originated, SchoolOwned):
    """Something that was ordered (LL-03)."""

    __tablename__ = "order_line"
    __person__ = reaches("learner_id")

    learner_id: Mapped[UUID] = reference("learner", info=personal("finance"))
    ordered_on: Mapped[date] = mapped_column(info=personal("finance"))
    description: Mapped[str] = mapped_column(String(200), info=personal("finance"))


class Complaint(Originated, SchoolOwned):
    """A complaint and how it was handled."""

    __tablename__ = "complaint"
    __person__ = reaches("learner_id")

    learner_id: Mapped[UUID] = reference("learner", info=personal("complaint"))
    filed_on: Mapped[date] = mapped_column(info=personal("complaint"))
    body: Mapped[bytes] = mapped_column(Sealed, info=personal("complaint"))
    handling: Mapped[bytes | None] = mapped_column(Sealed, info=personal("complaint"))
    closed_on: Mapped[date | None] = mapped_column(info=personal("complaint"))


class CorrespondenceKind(StrEnum):
    """What somebody wrote or said."""

    QUESTION = "question"
    REPORT = "report"
    OTHER = "other"


class Correspondence(Originated, SchoolOwned):
    """A question, a report or something else that a learner wrote or said."""

    __tablename__ = "correspondence"
    __person__ = reaches("learner_id")

    learner_id: Mapped[UUID] = reference("learner", info=personal("correspondence"))
    received_on: Mapped[date] = mapped_column(info=personal("correspondence"))
    kind: Mapped[CorrespondenceKind] = one_of(CorrespondenceKind, info=personal("correspondence"))
    body: Mapped[bytes] = mapped_column(Sealed, info=personal("correspondence"))


class IdentityDocument(Originated, SchoolOwned):
    """A client's recorded request for an identity document; the masked image follows it, never comes first (MN-05)."""

    __tablename__ = "identity_document"
    __person__ = reaches("learner_id")

    learner_id: Mapped[UUID] = reference("learner", info=personal("identification"))
    file_id: Mapped[UUID | None] = mapped_column(info=personal("identification"))
    requested_by: Mapped[str] = mapped_column(String(160), info=personal("identification"))
    requested_on: Mapped[date] = mapped_column(info=personal("identification"))


class LessonEvidence(Originated, SchoolOwned):
    """An image that proves presence in a lesson at a distance."""

    __tablename__ = "lesson_evidence"
    __person__ = reaches("learner_id")

    learner_id: Mapped[UUID] = reference("learner", info=personal("evidence"))
    lesson_id: Mapped[UUID] = reference("lesson", info=personal("evidence"), ondelete=None)
    file_id: Mapped[UUID] = mapped_column(info=personal("evidence"))
    added_at: Mapped[datetime] = mapped_column(info=personal("evidence"))
