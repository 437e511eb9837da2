"""A learner's trajectory: act, route, client, funding, agreement."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference, related
from portal.core.db.periods import HasPeriod
from portal.core.personal_data import personal, reaches
from portal.learners.record.models import Learner, Originated
from portal.organisations.models import ContactPerson, Organisation


class Act(StrEnum):
    """Under which act a trajectory falls."""

    WI2013 = "wi2013"
    WI2021 = "wi2021"
    VOLUNTARY = "voluntary"


class Route(StrEnum):
    """The route of a trajectory under the act of 2021, or another."""

    B1 = "b1"
    EDUCATION = "education"
    Z = "z"
    OTHER = "other"


class TargetGroup(StrEnum):
    """The group that the act puts a learner in."""

    ASYLUM = "asylum"
    FAMILY = "family"
    OTHER = "other"


class Funding(StrEnum):
    """Who pays."""

    DUO_LOAN = "duo_loan"
    MUNICIPALITY = "municipality"
    EMPLOYER = "employer"
    SELF = "self"


class Trajectory(HasPeriod, Originated, SchoolOwned):
    """A trajectory of a learner at this school."""

    __tablename__ = "trajectory"
    __people__ = reaches(learner="learner_id", representative=None, contact_person="client_manager_id", staff=None)
    __table_args__ = (CheckConstraint("ends_on is null or ends_on >= starts_on", name="ends_after_start"),)

    learner_id: Mapped[UUID] = reference("learner", info=personal("trajectory"))
    act: Mapped[Act] = one_of(Act, info=personal("trajectory"))
    route: Mapped[Route | None] = one_of(Route, info=personal("trajectory"), nullable=True)
    target_group: Mapped[TargetGroup | None] = one_of(TargetGroup, info=personal("trajectory"), nullable=True)
    funding: Mapped[Funding | None] = one_of(Funding, info=personal("trajectory"), nullable=True)
    reports_to_government: Mapped[bool] = mapped_column(default=False, info=personal("trajectory"))
    client_id: Mapped[UUID | None] = reference(
        "organisation", info=personal("trajectory"), nullable=True, ondelete=None
    )
    client_manager_id: Mapped[UUID | None] = reference(
        "contact_person",
        info=personal("trajectory", of=("learner_id", "client_manager_id")),
        nullable=True,
        ondelete="SET NULL (client_manager_id)",
    )
    starts_on: Mapped[date] = mapped_column(info=personal("trajectory"))
    ends_on: Mapped[date | None] = mapped_column(info=personal("trajectory"))
    guidance_ended_on: Mapped[date | None] = mapped_column(info=personal("trajectory"))
    agreement_on: Mapped[date | None] = mapped_column(info=personal("trajectory"))
    agreement: Mapped[str | None] = mapped_column(String(1000), info=personal("trajectory"))
    contract_number: Mapped[str | None] = mapped_column(String(40), info=personal("trajectory"))
    hours_bought: Mapped[int | None] = mapped_column(info=personal("trajectory"))
    minutes_before: Mapped[int] = mapped_column(default=0, info=personal("trajectory"))

    learner: Mapped[Learner] = related("Trajectory", "Learner", "learner_id")
    client: Mapped[Organisation | None] = related("Trajectory", "Organisation", "client_id")
    client_manager: Mapped[ContactPerson | None] = related("Trajectory", "ContactPerson", "client_manager_id")
