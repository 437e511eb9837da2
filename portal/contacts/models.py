"""Correspondence: what somebody wrote or said."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference
from portal.core.personal_data import Sealed, personal, reaches_learner
from portal.learners.record.models import Originated


class CorrespondenceKind(StrEnum):
    """What somebody wrote or said."""

    QUESTION = "question"
    REPORT = "report"
    OTHER = "other"


class Correspondence(Originated, SchoolOwned):
    """A question, a report or something else that a learner wrote or said."""

    __tablename__ = "correspondence"
    __people__ = reaches_learner()

    learner_id: Mapped[UUID] = reference("learner", info=personal("correspondence"))
    received_on: Mapped[date] = mapped_column(info=personal("correspondence"))
    kind: Mapped[CorrespondenceKind] = one_of(CorrespondenceKind, info=personal("correspondence"))
    body: Mapped[bytes] = mapped_column(Sealed, info=personal("correspondence"))
