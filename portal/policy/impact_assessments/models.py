"""On which day a school decided on its impact assessment, and who advised on it."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of
from portal.core.personal_data import by_account, not_personal, personal, reaches


class Adviser(StrEnum):
    """Who advised on it: a school with a privacy officer asks her (art. 35(2))."""

    OFFICER = "officer"
    OUTSIDE = "outside"
    NOBODY = "nobody"


class ImpactAssessment(SchoolOwned):
    """That an impact assessment was decided on, on a day. The newest counts; those before it stay as they were."""

    __tablename__ = "impact_assessment"
    __people__ = reaches(learner=None, representative=None, contact_person=None, staff=by_account("recorded_by"))
    __table_args__ = (Index("ix_impact_assessment_recorded_at", "school_id", "recorded_at"),)

    decided_on: Mapped[date] = mapped_column(info=not_personal())
    adviser: Mapped[Adviser] = one_of(Adviser, info=not_personal())
    reference: Mapped[str | None] = mapped_column(String(300), info=not_personal())
    recorded_at: Mapped[datetime] = mapped_column(info=not_personal())
    recorded_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="recorded_by"))
    recorded_by_name: Mapped[str] = mapped_column(
        String(200), info=personal("activity", of="recorded_by", identifies=True)
    )
