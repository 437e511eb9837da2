"""A note at what the register says of one learner in one lesson."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Exists, String, UniqueConstraint, exists
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned, reference
from portal.core.personal_data import Sealed, by_account, not_personal, personal, reaches_learner

LONGEST = 300
"""How many characters it may have."""


class MarkNote(SchoolOwned):
    """What somebody wrote at a mark, one for each learner and lesson; visible to her unless a reason says why not."""

    __tablename__ = "mark_note"
    __people__ = reaches_learner(staff=by_account("written_by"))
    __table_args__ = (UniqueConstraint("school_id", "lesson_id", "learner_id", name="uq_mark_note_lesson_learner"),)

    lesson_id: Mapped[UUID] = reference("lesson", info=personal("progress"))
    learner_id: Mapped[UUID] = reference("learner", info=personal("progress"))
    body: Mapped[bytes] = mapped_column(Sealed, info=personal("progress"))
    is_visible: Mapped[bool] = mapped_column(default=True, info=not_personal())
    hidden_because: Mapped[str | None] = mapped_column(String(200), info=personal("progress"))
    written_by: Mapped[UUID | None] = mapped_column(info=personal("activity", of="written_by"))
    written_by_name: Mapped[str] = mapped_column(
        String(200), info=personal("activity", of="written_by", identifies=True)
    )
    written_at: Mapped[datetime] = mapped_column(info=personal("progress"))


def has_note(school_id: Any, lesson_id: Any, learner_id: Any) -> Exists:
    """Say within a statement whether there is a note at a row of a register; the three are columns."""
    note = MarkNote
    return exists().where(note.school_id == school_id, note.lesson_id == lesson_id, note.learner_id == learner_id)
