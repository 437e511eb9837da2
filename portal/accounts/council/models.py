"""What the works council said of following staff."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of
from portal.core.personal_data import by_account, not_personal, personal, reaches


class CouncilAnswer(StrEnum):
    """What the works council said, or that a school has none."""

    NOT_YET = "not_yet"
    GIVEN = "given"
    NO_COUNCIL = "no_council"


class CouncilSubject(StrEnum):
    """What staff are asked to agree to: being counted and reminded, or being named to learners whose data they saw."""

    MONITORING = "monitoring"
    NAMES = "names"


class CouncilDecision(SchoolOwned):
    """What somebody recorded of the works council's consent to following or naming staff (WOR art. 27(1)(k) and (l)).

    The newest on a subject counts; those before it say what counted until then, and who recorded it.
    """

    __tablename__ = "council_decision"
    __people__ = reaches(learner=None, representative=None, contact_person=None, staff=by_account("recorded_by"))
    __table_args__ = (CheckConstraint("answer <> 'given' or decided_on is not null", name="given_on_a_day"),)

    subject: Mapped[CouncilSubject] = one_of(CouncilSubject, info=not_personal(), default=CouncilSubject.MONITORING)
    answer: Mapped[CouncilAnswer] = one_of(CouncilAnswer, info=not_personal())
    decided_on: Mapped[date | None] = mapped_column(info=not_personal())
    reference: Mapped[str | None] = mapped_column(String(300), info=not_personal())
    recorded_at: Mapped[datetime] = mapped_column(info=not_personal())
    recorded_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="recorded_by"))
    recorded_by_name: Mapped[str] = mapped_column(
        String(200), info=personal("activity", of="recorded_by", identifies=True)
    )

    @property
    def allows_it(self) -> bool:
        """Say whether what it is about may be done."""
        return self.answer is not CouncilAnswer.NOT_YET
