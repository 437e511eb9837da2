"""Organisations a school deals with, kept apart from learners, and who works there (LL-02)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.clock import today
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


class Relation(StrEnum):
    """What somebody is to the school, who is no learner and doesn't work there (LL-02, LL-09)."""

    CUSTOMER = "customer"
    FORMER_CUSTOMER = "former_customer"
    PROSPECT = "prospect"
    SUPPLIER = "supplier"
    PARTNER = "partner"
    OTHER = "other"
    ENQUIRER = "enquirer"
    """She asked something, signed up for an intake or for the newsletter, by a form of her own."""


class ContactOrigin(StrEnum):
    """From whom the school has what it knows of somebody (LL-02)."""

    HERSELF = "herself"
    COMPANY = "company"
    OTHER_PARTY = "other_party"


class ContactPerson(SchoolOwned):
    """Somebody who is no learner: at an organisation or on her own; about her work, not about a learner.

    `company_name` is where she works as she says, where that is no organisation on record. `last_contact_on` is the
    last day on which the school and she heard of each other, from which her term counts.
    """

    __tablename__ = "contact_person"
    __people__ = reaches(learner=None, representative=None, contact_person="id", staff=None)

    organisation_id: Mapped[UUID | None] = reference("organisation", info=personal("work"), nullable=True)
    account_id: Mapped[UUID | None] = reference(
        "account", info=personal("account"), nullable=True, ondelete="SET NULL (account_id)"
    )
    relation: Mapped[Relation] = one_of(Relation, info=personal("company"), default=Relation.CUSTOMER)
    name: Mapped[str] = mapped_column(String(160), info=personal("name", identifies=True))
    email: Mapped[str | None] = mapped_column(String(254), info=personal("contact", identifies=True))
    phone: Mapped[str | None] = mapped_column(String(30), info=personal("contact", identifies=True))
    company_name: Mapped[str | None] = mapped_column(String(160), info=personal("company"))
    kvk_number: Mapped[str | None] = mapped_column(String(8), info=personal("company"))
    street: Mapped[str | None] = mapped_column(String(160), info=personal("address"))
    postcode: Mapped[str | None] = mapped_column(String(12), info=personal("address"))
    city: Mapped[str | None] = mapped_column(String(80), info=personal("address"))
    language: Mapped[str | None] = mapped_column(String(8), info=personal("contact"))
    origin: Mapped[ContactOrigin] = one_of(ContactOrigin, info=personal("dealings"), default=ContactOrigin.COMPANY)
    last_contact_on: Mapped[date] = mapped_column(
        default=today, server_default=func.current_date(), info=personal("dealings")
    )
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), info=personal("dealings"))

    organisation: Mapped[Organisation | None] = related("ContactPerson", "Organisation", "organisation_id")
