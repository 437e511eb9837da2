"""Statements of what somebody at a level can do, and of whom they were said to be true."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference
from portal.core.personal_data import by_account, no_person, not_personal, personal, reaches_learner
from portal.progress.models import Rung, Skill


class CanDoStatement(SchoolOwned):
    """A statement of the school: what somebody at a level in a skill can do. One that is retired is asked no more."""

    __tablename__ = "can_do_statement"
    __people__ = no_person("what a level means")

    __table_args__ = (CheckConstraint("level !~ '[-+]$'", name="whole_level"),)

    skill: Mapped[Skill] = one_of(Skill, info=not_personal())
    level: Mapped[Rung] = one_of(Rung, info=not_personal())
    text: Mapped[str] = mapped_column(String(200), info=not_personal())
    is_retired: Mapped[bool] = mapped_column(default=False, info=not_personal())


class Answer(StrEnum):
    """Whether she can do it."""

    YES = "yes"
    NOT_YET = "not_yet"


class CanDoSource(StrEnum):
    """Who says it."""

    TEACHER = "teacher"
    LEARNER = "learner"


class CanDo(SchoolOwned):
    """Whether a learner can do what a statement says: a teacher's finding of a day, or what she ticked herself.

    `replaced` is what a teacher's finding of that day said before. What she ticked isn't signed: it is hers.
    """

    __tablename__ = "can_do"
    __people__ = reaches_learner(staff=by_account("entered_by"))

    learner_id: Mapped[UUID] = reference("learner", info=personal("level"))
    statement_id: Mapped[UUID] = reference("can_do_statement", info=personal("level"))
    is_able: Mapped[bool] = mapped_column(info=personal("level"))
    source: Mapped[CanDoSource] = one_of(CanDoSource, info=personal("level"))
    found_on: Mapped[date] = mapped_column(info=personal("level"))
    replaced: Mapped[Answer | None] = one_of(Answer, info=personal("level"), nullable=True)
    entered_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="entered_by"))
    entered_by_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("activity", of="entered_by", identifies=True)
    )
    entered_at: Mapped[datetime] = mapped_column(info=personal("level"))
