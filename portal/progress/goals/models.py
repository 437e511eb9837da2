"""A goal that a learner sets herself."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference
from portal.core.personal_data import personal, reaches_learner
from portal.progress.models import Rung, Skill


class Goal(SchoolOwned):
    """A level that a learner wants to have in a month, in one skill or (no skill) in all; hers to change."""

    __tablename__ = "goal"
    __people__ = reaches_learner()
    __table_args__ = (CheckConstraint("extract(day from by_month) = 1", name="by_month"),)

    learner_id: Mapped[UUID] = reference("learner", info=personal("level"))
    skill: Mapped[Skill | None] = one_of(Skill, info=personal("level"), nullable=True)
    level: Mapped[Rung] = one_of(Rung, info=personal("level"))
    by_month: Mapped[date] = mapped_column(info=personal("level"))
    set_at: Mapped[datetime] = mapped_column(info=personal("level"))
