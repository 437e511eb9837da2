"""Organisations a school deals with, kept apart from learners, and who works there (LL-02)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference, related
from portal.core.personal_data import no_person, not_personal, personal, reaches


class OrganisationKind(StrEnum):
    """What an organisation is to the school."""

    MUNICIPALITY = "municipality"
    EMPLOYER = "employer"
    CLIENT = "client"
    OTHER = "other"


class Organisation(SchoolOwned):
    """A client or another organisation."""

    __tablename__ = "organisation"
    __people__ = no_person("an organisation")
    __table_args__ = (UniqueConstraint("school_id", "name", name="uq_organisation_name"),)

    name: Mapped[str] = mapped_column(String(160), info=not_personal())
    kind: Mapped[OrganisationKind] = one_of(OrganisationKind, info=not_personal())
    kvk_number: Mapped[str | None] = mapped_column(String(8), info=not_personal())


class ContactPerson(SchoolOwned):
    """Somebody at an organisation, such as a client manager: about her work, not about a learner."""

    __tablename__ = "contact_person"
    __people__ = reaches(learner=None, representative=None, contact_person="id", staff=None)

    organisation_id: Mapped[UUID] = reference("organisation", info=personal("work"))
    account_id: Mapped[UUID | None] = reference(
        "account", info=personal("account"), nullable=True, ondelete="SET NULL (account_id)"
    )
    name: Mapped[str] = mapped_column(String(160), info=personal("name", identifies=True))
    email: Mapped[str | None] = mapped_column(String(254), info=personal("contact", identifies=True))
    phone: Mapped[str | None] = mapped_column(String(30), info=personal("contact", identifies=True))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), info=personal("dealings"))

    organisation: Mapped[Organisation] = related("ContactPerson", "Organisation", "organisation_id")
