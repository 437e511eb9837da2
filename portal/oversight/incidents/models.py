"""An incident with data, the people whom it touched, and what the officer advised."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference
from portal.core.personal_data import PersonKind, by_account, not_personal, personal, reaches
from portal.requests.data_requests.models import AboutPerson

WITHIN = timedelta(hours=72)
"""How long after the school became aware it tells the authority at the latest (AVG art. 33(1))."""


class IncidentKind(StrEnum):
    """What went wrong, in short."""

    SENT_WRONG = "sent_wrong"
    LOST = "lost"
    SEEN = "seen"
    HACKED = "hacked"
    UNAVAILABLE = "unavailable"
    OTHER = "other"


class IncidentSource(StrEnum):
    """Where it went wrong: at the school, or at the hosting, which tells each school at once (AVG art. 33(2))."""

    SCHOOL = "school"
    HOSTING = "hosting"


class ToldWay(StrEnum):
    """How somebody was told."""

    EMAIL = "email"
    LETTER = "letter"


class Incident(SchoolOwned):
    """What happened with data, and what the school did and why: also what it didn't report (AVG art. 33(5)).

    `others` is how many people it touched who stand in no register, besides those who are named. `aware_at` is when the
    school became aware, as far as is known now, and `aware_reason` why that moment was changed last; the clock runs
    from `first_aware_at`, the earliest that was ever written down. `decided_at` is when it was decided whether the
    authority is told; the same answer given again leaves it.
    `categories` are those that somebody chose; of `categories_found` the log said so too, when it was asked.
    `hosting_reference` is the hosting's own name for it, the same at each school.
    """

    __tablename__ = "incident"
    __people__ = reaches(learner=None, representative=None, contact_person=None, staff=by_account("recorded_by"))
    __table_args__ = (
        UniqueConstraint("school_id", "hosting_reference", name="uq_incident_hosting_reference"),
        Index("ix_incident_aware_at", "school_id", "aware_at"),
        CheckConstraint("is_reported is null or report_reason is not null", name="report_has_reason"),
        CheckConstraint("is_told is null or told_reason is not null", name="telling_has_reason"),
        CheckConstraint("is_reported is not true or reported_at is not null", name="reported_at_a_moment"),
        CheckConstraint("others >= 0", name="others_counted"),
        CheckConstraint("categories_found <@ categories", name="found_is_chosen"),
        CheckConstraint("first_aware_at <= aware_at", name="aware_first"),
        CheckConstraint("(is_reported is null) = (decided_at is null)", name="decided_at_a_moment"),
    )

    title: Mapped[str] = mapped_column(String(200), info=not_personal())
    kind: Mapped[IncidentKind] = one_of(IncidentKind, info=not_personal())
    source: Mapped[IncidentSource] = one_of(IncidentSource, info=not_personal(), default=IncidentSource.SCHOOL)
    hosting_reference: Mapped[str | None] = mapped_column(String(60), info=not_personal())
    body: Mapped[str] = mapped_column(Text, info=not_personal())
    happened_on: Mapped[date | None] = mapped_column(info=not_personal())
    happened_until: Mapped[date | None] = mapped_column(info=not_personal())
    aware_at: Mapped[datetime] = mapped_column(info=not_personal())
    first_aware_at: Mapped[datetime] = mapped_column(info=not_personal())
    aware_reason: Mapped[str | None] = mapped_column(Text, info=not_personal())
    categories: Mapped[list[str]] = mapped_column(ARRAY(String(40)), info=not_personal())
    categories_found: Mapped[list[str]] = mapped_column(
        ARRAY(String(40)), default=list, server_default="{}", info=not_personal()
    )
    others: Mapped[int] = mapped_column(default=0, info=not_personal())
    consequences: Mapped[str | None] = mapped_column(Text, info=not_personal())
    measures: Mapped[str | None] = mapped_column(Text, info=not_personal())
    is_reported: Mapped[bool | None] = mapped_column(info=not_personal())
    reported_at: Mapped[datetime | None] = mapped_column(info=not_personal())
    report_reason: Mapped[str | None] = mapped_column(Text, info=not_personal())
    decided_at: Mapped[datetime | None] = mapped_column(info=not_personal())
    is_told: Mapped[bool | None] = mapped_column(info=not_personal())
    told_reason: Mapped[str | None] = mapped_column(Text, info=not_personal())
    recorded_at: Mapped[datetime] = mapped_column(info=not_personal())
    recorded_by: Mapped[UUID | None] = mapped_column(info=personal("account", of="recorded_by"))
    recorded_by_name: Mapped[str] = mapped_column(
        String(200), info=personal("account", of="recorded_by", identifies=True)
    )

    @property
    def due_at(self) -> datetime:
        """The moment until which telling the authority is in time."""
        return self.first_aware_at + WITHIN


HOLDERS: Mapping[PersonKind, str] = {
    PersonKind.LEARNER: "learner_id",
    PersonKind.REPRESENTATIVE: "representative_id",
    PersonKind.CONTACT_PERSON: "contact_person_id",
    PersonKind.STAFF: "account_id",
}
"""The column that holds who was touched, by what she is to the school."""


class IncidentPerson(AboutPerson, SchoolOwned):
    """That an incident touched one person, whatever she is to the school, and how and when she was told."""

    __tablename__ = "incident_person"
    __people__ = reaches(
        learner="learner_id",
        representative="representative_id",
        contact_person="contact_person_id",
        staff="account_id",
        is_of_one=True,
    )
    __table_args__ = (
        CheckConstraint(f"num_nonnulls({', '.join(HOLDERS.values())}) = 1", name="of_one_person"),
        *(
            UniqueConstraint(
                "school_id", "incident_id", column, name=f"uq_incident_person_{column.removesuffix('_id')}"
            )
            for column in HOLDERS.values()
        ),
    )

    incident_id: Mapped[UUID] = reference("incident", info=personal("dealings"))
    added_at: Mapped[datetime] = mapped_column(info=personal("dealings"))
    told_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))
    way: Mapped[ToldWay | None] = one_of(ToldWay, info=personal("dealings"), nullable=True)


class IncidentAdvice(SchoolOwned):
    """What the privacy officer advised; she decides nothing (AVG art. 38(6))."""

    __tablename__ = "incident_advice"
    __people__ = reaches(learner=None, representative=None, contact_person=None, staff=by_account("written_by"))

    incident_id: Mapped[UUID] = reference("incident")
    body: Mapped[str] = mapped_column(Text, info=not_personal())
    written_at: Mapped[datetime] = mapped_column(info=not_personal())
    written_by: Mapped[UUID | None] = mapped_column(info=personal("account", of="written_by"))
    written_by_name: Mapped[str] = mapped_column(
        String(200), info=personal("account", of="written_by", identifies=True)
    )
