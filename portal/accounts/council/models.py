"""What the works council said of following staff."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of
from portal.core.personal_data import by_account, not_personal, personal, reaches


class CouncilAnswer(StrEnum):
    """What the works council said of reminders and counts by teacher, or that a school has none."""

    NOT_YET = "not_yet"
    GIVEN = "given"
    NO_COUNCIL = "no_council"


class CouncilDecision(SchoolOwned):
    """What somebody recorded of the works council's consent to following staff (WOR art. 27(1)(k) and (l)).

    The newest counts; those before it say what counted until then, and who recorded it.
    """

    __tablename__ = "council_decision"
    __people__ = reaches(learner=None, representative=None, contact_person=None, staff=by_account("recorded_by"))
    __table_args__ = (CheckConstraint("answer <> 'given' or decided_on is not null", name="given_on_a_day"),)

    answer: Mapped[CouncilAnswer] = one_of(CouncilAnswer, info=not_personal())
    decided_on: Mapped[date | None] = mapped_column(info=not_personal())
    reference: Mapped[str | None] = mapped_column(String(300), info=not_personal())
    recorded_at: Mapped[datetime] = mapped_column(info=not_personal())
    recorded_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="recorded_by"))
    recorded_by_name: Mapped[str] = mapped_column(
        String(200), info=personal("activity", of="recorded_by", identifies=True)
    )

    @property
    def allows_monitoring(self) -> bool:
        """Say whether teachers may be reminded, and what is open counted by teacher."""
        return self.answer is not CouncilAnswer.NOT_YET
