"""A file for a recipient, and who is in it."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference, related
from portal.core.personal_data import (
    by_account,
    held_in,
    no_person,
    not_personal,
    personal,
    reaches,
    reaches_learner,
)
from portal.organisations.models import Organisation


class FileFormat(StrEnum):
    """In which form a file is made."""

    XLSX = "xlsx"
    CSV = "csv"
    PDF = "pdf"


class DisclosureState(StrEnum):
    """Where a file stands. It counts as given from its first download; void: a withdrawal came before that."""

    WAITING = "waiting"
    READY = "ready"
    DISCLOSED = "disclosed"
    VOID = "void"
    GONE = "gone"
    FAILED = "failed"


class Disclosure(SchoolOwned):
    """A file made for a recipient, for one purpose, from one template of the policy."""

    __tablename__ = "disclosure"
    __people__ = reaches(
        learner=held_in("disclosure_learner.disclosure_id", is_shared=True),
        representative=None,
        contact_person=None,
        staff=by_account("made_by"),
    )
    __table_args__ = (Index("ix_disclosure_made_at", "school_id", "made_at"),)

    recipient: Mapped[str] = mapped_column(String(60), info=not_personal())
    template: Mapped[str] = mapped_column(String(60), info=not_personal())
    purpose: Mapped[str] = mapped_column(String(60), info=not_personal())
    categories: Mapped[list[str]] = mapped_column(ARRAY(String(40)), info=not_personal())
    fields: Mapped[list[str]] = mapped_column(ARRAY(String(80)), info=not_personal())
    client_id: Mapped[UUID | None] = reference("organisation", nullable=True, ondelete=None)
    starts_on: Mapped[date] = mapped_column(info=not_personal())
    ends_on: Mapped[date] = mapped_column(info=not_personal())
    format: Mapped[FileFormat] = one_of(FileFormat, info=not_personal())
    state: Mapped[DisclosureState] = one_of(DisclosureState, info=not_personal())
    left_out: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict, info=not_personal())
    policy_version_id: Mapped[UUID] = mapped_column(info=not_personal())
    job_id: Mapped[UUID | None] = mapped_column(info=not_personal())
    file_id: Mapped[UUID | None] = mapped_column(info=not_personal(is_file=True))
    file_digest: Mapped[bytes | None] = mapped_column(LargeBinary, info=not_personal())
    made_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="made_by"))
    made_by_name: Mapped[str] = mapped_column(String(200), info=personal("activity", of="made_by", identifies=True))
    made_at: Mapped[datetime] = mapped_column(info=not_personal())
    first_downloaded_at: Mapped[datetime | None] = mapped_column(info=not_personal())
    gone_at: Mapped[datetime | None] = mapped_column(info=not_personal())

    client: Mapped[Organisation | None] = related("Disclosure", "Organisation", "client_id")


class DisclosureLearner(SchoolOwned):
    """That a learner's data stand in a file (MN-14)."""

    __tablename__ = "disclosure_learner"
    __people__ = reaches_learner()
    __table_args__ = (UniqueConstraint("school_id", "disclosure_id", "learner_id", name="uq_disclosure_learner"),)

    disclosure_id: Mapped[UUID] = reference("disclosure", info=personal("dealings"))
    learner_id: Mapped[UUID] = reference("learner", info=personal("dealings"))

    disclosure: Mapped[Disclosure] = related("DisclosureLearner", "Disclosure", "disclosure_id")


class RecipientAddress(SchoolOwned):
    """The e-mail address at which a recipient of the policy hears of withdrawals."""

    __tablename__ = "recipient_address"
    __people__ = no_person("an organisation's address")
    __table_args__ = (UniqueConstraint("school_id", "recipient", name="uq_recipient_address_recipient"),)

    recipient: Mapped[str] = mapped_column(String(60), info=not_personal())
    email: Mapped[str] = mapped_column(String(254), info=not_personal())


class NoticeReason(StrEnum):
    """What a recipient is told of a learner's data."""

    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"
    ERASED = "erased"
    RESTRICTED = "restricted"


class RecipientNotice(SchoolOwned):
    """That a recipient is to hear, or heard, what happened to a learner's data in its file (AVG art. 19).

    That she took her consent back, or what a request of hers (`data_request_id`) brought about: each once. What stood
    still until its answer, and what that answer was, are two. `categories` are those of its file that changed; none:
    all of them.
    """

    __tablename__ = "recipient_notice"
    __people__ = reaches_learner(staff=by_account("told_by"))
    __table_args__ = (
        UniqueConstraint("school_id", "withdrawal_id", "disclosure_id", name="uq_recipient_notice_withdrawal"),
        UniqueConstraint(
            "school_id", "data_request_id", "disclosure_id", "reason", name="uq_recipient_notice_data_request"
        ),
    )

    disclosure_id: Mapped[UUID] = reference("disclosure", info=personal("dealings"))
    learner_id: Mapped[UUID] = reference("learner", info=personal("dealings"))
    withdrawal_id: Mapped[UUID | None] = reference("withdrawal", info=personal("dealings"), nullable=True)
    data_request_id: Mapped[UUID | None] = mapped_column(info=personal("dealings"))
    reason: Mapped[NoticeReason] = one_of(NoticeReason, info=personal("dealings"), default=NoticeReason.WITHDRAWN)
    categories: Mapped[list[str]] = mapped_column(
        ARRAY(String(40)), default=list, server_default="{}", info=personal("dealings")
    )
    made_at: Mapped[datetime] = mapped_column(info=personal("dealings"))
    told_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))
    told_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="told_by"))
    told_by_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("activity", of="told_by", identifies=True)
    )

    disclosure: Mapped[Disclosure] = related("RecipientNotice", "Disclosure", "disclosure_id")
