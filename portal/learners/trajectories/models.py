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


OF_FAMILY_OR_OTHER = (TargetGroup.FAMILY, TargetGroup.OTHER)
"""Of whom, under the act of 2021, the government hears more, and a municipality only on its request."""


class Trajectory(HasPeriod, Originated, SchoolOwned):
    """A trajectory of a learner at this school.

    `municipality_asked_on` and `municipality_request` say that its client, a municipality, asked how a learner of
    family or another group under the act of 2021 is doing: on which day, and its reference or words (Besluit
    inburgering 2021 art. 9.2(4)). From `municipality_request_ended_on` on, the day on which it took that back, it
    counts no more.
    """

    __tablename__ = "trajectory"
    __people__ = reaches(learner="learner_id", representative=None, contact_person="client_manager_id", staff=None)
    __table_args__ = (
        CheckConstraint("ends_on is null or ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint(
            "(municipality_asked_on is null) = (municipality_request is null)", name="request_has_day_and_words"
        ),
        CheckConstraint(
            "municipality_asked_on is null or (act = 'wi2021' and client_id is not null"
            " and target_group is not null and target_group in ('family', 'other'))",
            name="request_of_family_or_other",
        ),
        CheckConstraint(
            "municipality_request_ended_on is null or (municipality_asked_on is not null"
            " and municipality_request_ended_on >= municipality_asked_on)",
            name="request_ends_after_start",
        ),
    )

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
    municipality_asked_on: Mapped[date | None] = mapped_column(info=personal("trajectory"))
    municipality_request: Mapped[str | None] = mapped_column(String(200), info=personal("trajectory"))
    municipality_request_ended_on: Mapped[date | None] = mapped_column(info=personal("trajectory"))

    learner: Mapped[Learner] = related("Trajectory", "Learner", "learner_id")
    client: Mapped[Organisation | None] = related("Trajectory", "Organisation", "client_id")
    client_manager: Mapped[ContactPerson | None] = related("Trajectory", "ContactPerson", "client_manager_id")
