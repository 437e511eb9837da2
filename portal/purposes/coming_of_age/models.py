"""That a learner turns 16: when she and her parents were told, and since when she decides herself."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, reference
from portal.core.personal_data import by_account, personal, reaches


class ComingOfAge(SchoolOwned):
    """The notice of a sixteenth birthday, and that the day came.

    `by_letter`: somebody who should know has no address, so that the office sends a letter, at `letter_at`.
    """

    __tablename__ = "coming_of_age"
    __people__ = reaches(
        learner="learner_id", representative=None, contact_person=None, staff=by_account("letter_sent_by")
    )

    learner_id: Mapped[UUID] = reference("learner", info=personal("dealings"))
    sixteen_on: Mapped[date] = mapped_column(info=personal("dealings"))
    told_at: Mapped[datetime] = mapped_column(info=personal("dealings"))
    by_letter: Mapped[bool] = mapped_column(default=False, info=personal("dealings"))
    letter_sent_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))
    letter_sent_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="letter_sent_by"))
    reached_at: Mapped[datetime | None] = mapped_column(info=personal("dealings"))
