"""How far a learner is: levels on two ladders, results, evaluations and notes."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Index, String, or_
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, one_of, reference
from portal.core.personal_data import Sealed, by_account, not_personal, personal, reaches_learner


class Skill(StrEnum):
    """What a level is about."""

    READING = "reading"
    LISTENING = "listening"
    WRITING = "writing"
    SPEAKING = "speaking"
    CONVERSATION = "conversation"


class Rung(StrEnum):
    """A level, from low to high: literacy (Alfa A to C; C stands beside A1) and language (A0 to C1).

    Those with a minus or plus are entered where a school works with them (`School.uses_sublevels`).
    """

    ALFA_A = "Alfa A"
    ALFA_B = "Alfa B"
    ALFA_C = "Alfa C"
    A0 = "A0"
    A1_MINUS = "A1-"
    A1 = "A1"
    A1_PLUS = "A1+"
    A2_MINUS = "A2-"
    A2 = "A2"
    A2_PLUS = "A2+"
    B1_MINUS = "B1-"
    B1 = "B1"
    B1_PLUS = "B1+"
    B2_MINUS = "B2-"
    B2 = "B2"
    B2_PLUS = "B2+"
    C1_MINUS = "C1-"
    C1 = "C1"

    @property
    def is_sublevel(self) -> bool:
        """Say whether it lies between whole levels."""
        return self.value.endswith(("-", "+"))

    @property
    def is_literacy(self) -> bool:
        """Say whether it stands on the ladder of literacy."""
        return self.value.startswith("Alfa")

    @property
    def whole(self) -> "Rung":
        """The whole level that is reached: whoever has A2+ has A2, whoever has A2- has A1 and is nearly at A2."""
        return next(rung for rung in reversed(_up_to(self)) if not rung.is_sublevel)


def _up_to(rung: Rung) -> list[Rung]:
    rungs = list(Rung)
    return rungs[: rungs.index(rung) + 1]


class LevelSource(StrEnum):
    """Who or what found a level."""

    INTAKE = "intake"
    TEST = "test"
    TEACHER = "teacher"
    EXAM = "exam"


class Level(SchoolOwned):
    """A level in one skill on a day, and from where; `replaced` is what stood there of that day from there before."""

    __tablename__ = "level"
    __people__ = reaches_learner(staff=by_account("entered_by"))
    __table_args__ = (Index("ix_level_learner_day", "school_id", "learner_id", "found_on"),)

    learner_id: Mapped[UUID] = reference("learner", info=personal("level"))
    skill: Mapped[Skill] = one_of(Skill, info=personal("level"))
    level: Mapped[Rung] = one_of(Rung, info=personal("level"))
    source: Mapped[LevelSource] = one_of(LevelSource, info=personal("level"))
    found_on: Mapped[date] = mapped_column(info=personal("level"))
    replaced: Mapped[Rung | None] = one_of(Rung, info=personal("level"), nullable=True, check="replaced")
    entered_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="entered_by"))
    entered_by_name: Mapped[str] = mapped_column(
        String(200), info=personal("activity", of="entered_by", identifies=True)
    )
    entered_at: Mapped[datetime] = mapped_column(info=personal("level"))


class ExamPart(StrEnum):
    """A part of an exam that has a result and no level of its own."""

    KNM = "knm"
    ONA = "ona"
    READING = "reading"
    LISTENING = "listening"
    WRITING = "writing"
    SPEAKING = "speaking"


class Outcome(StrEnum):
    """How an exam ended; unknown while the result is waited for."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class ExamResult(SchoolOwned):
    """The result of an exam or a part of one; `replaced` is what stood there of that day from that source before."""

    __tablename__ = "exam_result"
    __people__ = reaches_learner(staff=by_account("entered_by"))

    learner_id: Mapped[UUID] = reference("learner", info=personal("exam"))
    part: Mapped[ExamPart] = one_of(ExamPart, info=personal("exam"))
    level: Mapped[Rung | None] = one_of(Rung, info=personal("exam"), nullable=True)
    taken_on: Mapped[date] = mapped_column(info=personal("exam"))
    is_passed: Mapped[bool | None] = mapped_column(info=personal("exam"))
    score: Mapped[str | None] = mapped_column(String(20), info=personal("exam"))
    replaced: Mapped[Outcome | None] = one_of(Outcome, info=personal("exam"), nullable=True, check="replaced")
    source: Mapped[LevelSource] = one_of(LevelSource, info=personal("exam"))
    entered_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="entered_by"))
    entered_by_name: Mapped[str] = mapped_column(
        String(200), info=personal("activity", of="entered_by", identifies=True)
    )
    entered_at: Mapped[datetime] = mapped_column(info=personal("exam"))


class EvaluationKind(StrEnum):
    """When an evaluation is held."""

    PROGRESS = "progress"
    FINAL = "final"


class Evaluation(SchoolOwned):
    """A progress or final evaluation, in words: development and participation."""

    __tablename__ = "evaluation"
    __people__ = reaches_learner(staff=by_account("written_by"))

    learner_id: Mapped[UUID] = reference("learner", info=personal("progress"))
    kind: Mapped[EvaluationKind] = one_of(EvaluationKind, info=personal("progress"))
    held_on: Mapped[date] = mapped_column(info=personal("progress"))
    body: Mapped[bytes] = mapped_column(Sealed, info=personal("progress"))
    written_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="written_by"))
    written_by_name: Mapped[str] = mapped_column(
        String(200), info=personal("activity", of="written_by", identifies=True)
    )
    written_at: Mapped[datetime] = mapped_column(info=personal("progress"))


class NoteReaders(StrEnum):
    """Who at the school reads a note, besides its writer."""

    PROGRESS = "progress"  # everybody who sees the learner's progress
    COACHING = "coaching"  # who coaches, and the office


class Note(SchoolOwned):
    """A note on a learner's progress, visible to her unless the writer gives a reason why not.

    `readers` says who at the school reads it; whether the learner does is another question.
    """

    __tablename__ = "note"
    __people__ = reaches_learner(staff=by_account("written_by"))

    learner_id: Mapped[UUID] = reference("learner", info=personal("progress"))
    body: Mapped[bytes] = mapped_column(Sealed, info=personal("progress"))
    readers: Mapped[NoteReaders] = one_of(NoteReaders, info=not_personal(), default=NoteReaders.PROGRESS)
    is_visible: Mapped[bool] = mapped_column(default=True, info=not_personal())
    hidden_because: Mapped[str | None] = mapped_column(String(200), info=personal("progress"))
    written_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="written_by"))
    written_by_name: Mapped[str] = mapped_column(
        String(200), info=personal("activity", of="written_by", identifies=True)
    )
    written_at: Mapped[datetime] = mapped_column(info=personal("progress"))

    @classmethod
    def is_read_by(cls, account_id: Any, *, coaches: Any) -> ColumnElement[bool]:
        """Say in SQL of a note whether somebody at the school reads it; `coaches`: she reads those for who coaches.

        Values or parameters.
        """
        return or_(cls.readers == NoteReaders.PROGRESS, cls.written_by == account_id, coaches)
