"""A learner, and where each of her values came from."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Date,
    Index,
    Interval,
    LargeBinary,
    String,
    UniqueConstraint,
    and_,
    cast,
    func,
)
from sqlalchemy.ext.hybrid import hybrid_method, hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.clock import today
from portal.core.db.base import SchoolOwned, one_of, reference
from portal.core.personal_data import Sealed, derived, not_personal, personal, reaches, reaches_learner
from portal.learners.record.ages import AGE_OF_CONSENT, AGE_OF_MAJORITY, is_child_on, is_minor_on
from portal.learners.record.names import NO_NAME


class Gender(StrEnum):
    """Gender as the learner or her papers give it."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class MaritalStatus(StrEnum):
    """Marital status; kept only with a recorded ground (OP-04)."""

    SINGLE = "single"
    MARRIED = "married"
    PARTNERSHIP = "partnership"
    DIVORCED = "divorced"
    WIDOWED = "widowed"


class Source(StrEnum):
    """Where a value came from (MN-02)."""

    LEARNER = "learner"
    SCHOOL = "school"
    REFERRER = "referrer"


# In place of an entry's id, for a field of the learner's own row.
OWN_RECORD = UUID(int=0)


class Originated:
    """Where an entry came from, by which channel, and when (MN-02).

    A value of it that was changed since has a `FieldOrigin` of its own.
    """

    source: Mapped[Source] = one_of(Source, info=personal("dealings"), default=Source.SCHOOL)
    channel: Mapped[str | None] = mapped_column(String(40), info=personal("dealings"))
    since_on: Mapped[date] = mapped_column(default=today, server_default=func.current_date(), info=personal("dealings"))


def full_name_of(given_name: str | None, name_prefix: str | None, family_name: str | None) -> str:
    """Return given name, tussenvoegsel and family name, as one says them; without the dash of who has one name."""
    return " ".join(part for part in (given_name, name_prefix, family_name) if part and part != NO_NAME)


def _is_child_on(row: Any, day: Any) -> bool:
    return is_child_on(day, row.birth_date)


def _is_child_on_in_sql(table: Any, day: Any) -> ColumnElement[bool]:
    return _is_under(table, day, AGE_OF_CONSENT)


def _is_minor_on(row: Any, day: Any) -> bool:
    return is_minor_on(day, row.birth_date)


def _is_minor_on_in_sql(table: Any, day: Any) -> ColumnElement[bool]:
    return _is_under(table, day, AGE_OF_MAJORITY)


def _is_under(table: Any, day: Any, age: int) -> ColumnElement[bool]:
    youngest = cast(day, Date) - func.make_interval(age, type_=Interval())
    return and_(table.birth_date.is_not(None), table.birth_date > cast(youngest, Date))


class Learner(SchoolOwned):
    """Somebody who follows, followed or will follow a course. Which columns a school uses, its policy says."""

    __tablename__ = "learner"
    __people__ = reaches(learner="id", representative=None, contact_person=None, staff=None)
    __table_args__ = (
        UniqueConstraint("school_id", "number", name="uq_learner_number"),
        UniqueConstraint("school_id", "account_id", name="uq_learner_account"),
        Index("ix_learner_sort_name", "school_id", "sort_name", "id"),
        Index("ix_learner_birth_date", "school_id", "birth_date"),
        Index("ix_learner_bsn_digest", "school_id", "bsn_digest"),
        Index("ix_learner_sound_given", "school_id", "sound_given"),
        Index("ix_learner_sound_family", "school_id", "sound_family"),
        *(
            Index(f"ix_learner_{second}", "school_id", second, postgresql_where=f"{second} is not null")
            for second in ("sound_given_second", "sound_family_second")
        ),
        CheckConstraint("(bsn is null) = (bsn_digest is null)", name="bsn_with_digest"),
    )

    number: Mapped[str] = mapped_column(String(20), info=personal("name", identifies=True))
    given_name: Mapped[str] = mapped_column(String(120), info=personal("name", identifies=True))
    name_prefix: Mapped[str | None] = mapped_column(String(30), info=personal("name"))
    family_name: Mapped[str] = mapped_column(String(120), info=personal("name", identifies=True))
    street: Mapped[str | None] = mapped_column(String(120), info=personal("address"))
    house_number: Mapped[str | None] = mapped_column(String(20), info=personal("address"))
    postcode: Mapped[str | None] = mapped_column(String(12), info=personal("address"))
    city: Mapped[str | None] = mapped_column(String(80), info=personal("address"))
    country: Mapped[str | None] = mapped_column(String(60), info=personal("address"))
    email: Mapped[str | None] = mapped_column(String(254), info=personal("contact", identifies=True))
    phone: Mapped[str | None] = mapped_column(String(30), info=personal("contact", identifies=True))
    phone_other: Mapped[str | None] = mapped_column(String(30), info=personal("contact", identifies=True))
    preferred_language: Mapped[str | None] = mapped_column(String(5), info=personal("contact"))
    gender: Mapped[Gender | None] = one_of(Gender, info=personal("birth"), nullable=True)
    birth_date: Mapped[date | None] = mapped_column(info=personal("birth"))
    birth_place: Mapped[str | None] = mapped_column(String(120), info=personal("birth"))
    birth_country: Mapped[str | None] = mapped_column(String(80), info=personal("birth"))
    nationality: Mapped[str | None] = mapped_column(String(80), info=personal("identification"))
    document_kind: Mapped[str | None] = mapped_column(String(40), info=personal("identification"))
    document_number: Mapped[bytes | None] = mapped_column(Sealed, info=personal("identification", identifies=True))
    document_valid_until: Mapped[date | None] = mapped_column(info=personal("identification"))
    bsn: Mapped[bytes | None] = mapped_column(Sealed, info=personal("bsn", identifies=True))
    bsn_digest: Mapped[bytes | None] = mapped_column(LargeBinary, info=derived("bsn"))
    residence_status: Mapped[str | None] = mapped_column(String(80), info=personal("residence"))
    arrived_on: Mapped[date | None] = mapped_column(info=personal("residence"))
    education_level: Mapped[str | None] = mapped_column(String(120), info=personal("education"))
    diplomas: Mapped[str | None] = mapped_column(String(500), info=personal("education"))
    competences: Mapped[str | None] = mapped_column(String(500), info=personal("education"))
    languages: Mapped[str | None] = mapped_column(String(200), info=personal("education"))
    work_experience: Mapped[str | None] = mapped_column(String(500), info=personal("work"))
    employer: Mapped[str | None] = mapped_column(String(120), info=personal("work"))
    marital_status: Mapped[MaritalStatus | None] = one_of(MaritalStatus, info=personal("circumstances"), nullable=True)
    care_duties: Mapped[bytes | None] = mapped_column(Sealed, info=personal("circumstances"))
    circumstances: Mapped[bytes | None] = mapped_column(Sealed, info=personal("circumstances"))
    conditions: Mapped[bytes | None] = mapped_column(Sealed, info=personal("circumstances"))
    company_name: Mapped[str | None] = mapped_column(String(120), info=personal("company"))
    kvk_number: Mapped[str | None] = mapped_column(String(8), info=personal("company"))
    iban: Mapped[bytes | None] = mapped_column(Sealed, info=personal("finance", identifies=True))
    special_notes: Mapped[bytes | None] = mapped_column(Sealed, info=personal("special"))

    account_id: Mapped[UUID | None] = reference(
        "account", info=personal("account"), nullable=True, ondelete="SET NULL (account_id)"
    )
    sort_name: Mapped[str] = mapped_column(
        String(280, collation="C"), info=derived("given_name", "name_prefix", "family_name")
    )
    search_text: Mapped[str] = mapped_column(
        info=derived("given_name", "name_prefix", "family_name", "number", "email")
    )
    sound_given: Mapped[str | None] = mapped_column(String(12), info=derived("given_name"))
    sound_given_second: Mapped[str | None] = mapped_column(String(12), info=derived("given_name"))
    sound_family: Mapped[str | None] = mapped_column(String(12), info=derived("family_name"))
    sound_family_second: Mapped[str | None] = mapped_column(String(12), info=derived("family_name"))
    version: Mapped[int] = mapped_column(default=1, info=not_personal())
    last_contact_on: Mapped[date] = mapped_column(info=personal("dealings"))
    merged_into_id: Mapped[UUID | None] = reference("learner", nullable=True, ondelete="CASCADE")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), info=personal("dealings"))

    @hybrid_property
    def full_name(self) -> str:
        """Given name, tussenvoegsel and family name, as one says them."""
        return full_name_of(self.given_name, self.name_prefix, self.family_name)

    @full_name.inplace.expression
    @classmethod
    def _full_name(cls) -> ColumnElement[str]:
        parts = (
            func.nullif(func.nullif(part, ""), NO_NAME) for part in (cls.given_name, cls.name_prefix, cls.family_name)
        )
        return func.concat_ws(" ", *parts, type_=String())

    @hybrid_property
    def is_in_use(self) -> bool:
        """Say whether the record wasn't merged into another."""
        return self.merged_into_id is None

    @is_in_use.inplace.expression
    @classmethod
    def _is_in_use(cls) -> ColumnElement[bool]:
        return cls.merged_into_id.is_(None)

    is_child_on = hybrid_method(_is_child_on, _is_child_on_in_sql)
    """Whether she is under 16 on a day, so that a parent decides for her (LL-04; AVG art. 8)."""
    is_minor_on = hybrid_method(_is_minor_on, _is_minor_on_in_sql)
    """Whether she is under 18 on a day: then what a policy asks about a child concerns her (BW 1:233)."""

    @property
    def initials(self) -> str:
        """The first letters of the given and the family name."""
        return (self.given_name[:1] + self.family_name[:1]).upper()


class FieldOrigin(SchoolOwned):
    """Where the value that stands in a field came from, by which channel, when, and on what ground (MN-02, OP-04).

    Of an entry only the values that were changed since it was made have one.
    """

    __tablename__ = "field_origin"
    __people__ = reaches_learner()
    __table_args__ = (UniqueConstraint("school_id", "learner_id", "field", "entry_id", name="uq_field_origin_field"),)

    learner_id: Mapped[UUID] = reference("learner", info=personal("dealings"))
    field: Mapped[str] = mapped_column(String(80), info=not_personal())
    entry_id: Mapped[UUID] = mapped_column(default=OWN_RECORD, server_default=str(OWN_RECORD), info=not_personal())
    source: Mapped[Source] = one_of(Source, info=personal("dealings"))
    channel: Mapped[str | None] = mapped_column(String(40), info=personal("dealings"))
    since_on: Mapped[date] = mapped_column(info=personal("dealings"))
    ground: Mapped[str | None] = mapped_column(String(300), info=personal("dealings"))
