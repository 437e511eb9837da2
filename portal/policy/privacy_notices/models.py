"""That somebody was given the privacy statement: by mail, by letter, or beside a form that she filled in."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference
from portal.core.personal_data import by_account, not_personal, personal, reaches


class NoticeWay(StrEnum):
    """How somebody was given the statement."""

    EMAIL = "email"
    LETTER = "letter"
    FORM = "form"


_PEOPLE = ("learner_id", "representative_id", "contact_person_id", "account_id")


class PrivacyNotice(SchoolOwned):
    """That one person was given a version of the statement; once for a version, and for each form that showed it.

    `source` and `channel` are where the school said that it has her data from. `form` is the address whose page showed
    the statement (LB-01). `mail_id` is the mail that told her: one that couldn't leave told her nothing.
    """

    __tablename__ = "privacy_notice"
    __people__ = reaches(
        learner=("learner_id", "account_id"),
        representative=("representative_id", "account_id"),
        contact_person=("contact_person_id", "account_id"),
        staff=("account_id", by_account("told_by")),
    )
    __table_args__ = (
        CheckConstraint(f"num_nonnulls({', '.join(_PEOPLE)}) > 0", name="of_a_person"),
        *(
            UniqueConstraint(
                "school_id",
                column,
                "statement_version_id",
                "form",
                name=f"uq_privacy_notice_{column.removesuffix('_id')}",
            )
            for column in _PEOPLE
        ),
    )

    learner_id: Mapped[UUID | None] = reference("learner", info=personal("dealings"), nullable=True)
    representative_id: Mapped[UUID | None] = reference("representative", info=personal("dealings"), nullable=True)
    contact_person_id: Mapped[UUID | None] = reference("contact_person", info=personal("dealings"), nullable=True)
    account_id: Mapped[UUID | None] = reference("account", info=personal("dealings"), nullable=True)
    way: Mapped[NoticeWay] = one_of(NoticeWay, info=personal("dealings"))
    form: Mapped[str] = mapped_column(String(80), default="", server_default="", info=not_personal())
    statement_version_id: Mapped[UUID] = reference("policy_version", ondelete=None)
    language: Mapped[str] = mapped_column(String(8), info=personal("dealings"))
    source: Mapped[str | None] = mapped_column(String(20), info=personal("dealings"))
    channel: Mapped[str | None] = mapped_column(String(40), info=personal("dealings"))
    mail_id: Mapped[UUID | None] = mapped_column(info=not_personal())
    told_at: Mapped[datetime] = mapped_column(info=personal("dealings"))
    told_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="told_by"))
    told_by_name: Mapped[str] = mapped_column(String(200), info=personal("activity", of="told_by", identifies=True))
