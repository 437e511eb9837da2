"""The school's questions for an evaluation, and evaluations that are filled in by teacher and learner and agreed."""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Index, String, and_, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference
from portal.core.personal_data import Sealed, by_account, no_person, not_personal, personal, reaches_learner
from portal.progress.models import EvaluationKind

LONGEST_QUESTION = 200


class AnswerKind(StrEnum):
    """How a question is answered: by a step of a scale from 1 to 5, or in words."""

    SCALE = "scale"
    TEXT = "text"


class EvaluationQuestion(SchoolOwned):
    """A question that the school asks in the middle or at the end of a course. One that is retired is asked no more."""

    __tablename__ = "evaluation_question"
    __people__ = no_person("what the school asks")

    kind: Mapped[EvaluationKind] = one_of(EvaluationKind, info=not_personal())
    answer_kind: Mapped[AnswerKind] = one_of(AnswerKind, info=not_personal())
    text: Mapped[str] = mapped_column(String(LONGEST_QUESTION), info=not_personal())
    is_retired: Mapped[bool] = mapped_column(default=False, info=not_personal())


class JointEvaluation(SchoolOwned):
    """An evaluation of a learner's time in a group, answered by her teacher and by herself.

    `questions` are those of the school when it was begun, so that both answer the same. What one of them changes
    takes both agreements away; once both agree it is fixed.
    """

    __tablename__ = "joint_evaluation"
    __people__ = reaches_learner(staff=(by_account("started_by"), by_account("agreed_by")))
    __table_args__ = (
        Index(
            "uq_joint_evaluation_open",
            "school_id",
            "learner_id",
            "kind",
            unique=True,
            postgresql_where=text("teacher_agreed_at is null or learner_agreed_at is null"),
        ),
    )

    learner_id: Mapped[UUID] = reference("learner", info=personal("progress"))
    enrolment_id: Mapped[UUID | None] = reference(
        "enrolment", info=personal("progress"), nullable=True, ondelete="SET NULL (enrolment_id)"
    )
    kind: Mapped[EvaluationKind] = one_of(EvaluationKind, info=personal("progress"))
    questions: Mapped[dict[str, Any]] = mapped_column(JSONB, info=not_personal())
    teacher_answers: Mapped[bytes | None] = mapped_column(Sealed, info=personal("progress"))
    learner_answers: Mapped[bytes | None] = mapped_column(Sealed, info=personal("progress"))
    teacher_remark: Mapped[bytes | None] = mapped_column(Sealed, info=personal("progress"))
    learner_remark: Mapped[bytes | None] = mapped_column(Sealed, info=personal("progress"))
    started_at: Mapped[datetime] = mapped_column(info=personal("progress"))
    started_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="started_by"))
    started_by_name: Mapped[str] = mapped_column(
        String(200), info=personal("activity", of="started_by", identifies=True)
    )
    teacher_agreed_at: Mapped[datetime | None] = mapped_column(info=personal("progress"))
    agreed_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="agreed_by"))
    agreed_by_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("activity", of="agreed_by", identifies=True)
    )
    learner_agreed_at: Mapped[datetime | None] = mapped_column(info=personal("progress"))

    @property
    def version(self) -> str:
        """Which answers stand in it: another as soon as one of the two changes them."""
        both = (self.teacher_answers or b"", self.learner_answers or b"")
        return sha256(b"".join(sha256(part).digest() for part in both)).hexdigest()[:16]

    @hybrid_property
    def is_fixed(self) -> bool:
        """Say whether both agreed, so that nothing in it changes any more."""
        return self.teacher_agreed_at is not None and self.learner_agreed_at is not None

    @is_fixed.inplace.expression
    @classmethod
    def _is_fixed(cls) -> ColumnElement[bool]:
        return and_(cls.teacher_agreed_at.is_not(None), cls.learner_agreed_at.is_not(None))
