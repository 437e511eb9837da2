"""Reads of notes at marks: the one at a row of a register, whether there is one, and a learner's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from portal.attendance.mark_notes.models import MarkNote
from portal.attendance.registers.queries import RegisterRow
from portal.core.crypto import keys
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.scope import Scope
from portal.courses.lessons.queries import LessonView
from portal.learners.scope.queries import reaches_learner
from portal.policy.queries import current_policy

BODY = "mark_note.body"
REASON = "mark_note.hidden_because"


@dataclass(frozen=True, kw_only=True)
class MarkNoteView:
    """A note, opened. `text` is None for her of whom it is hidden, who reads why."""

    text: str | None
    hidden_because: str | None
    written_by_name: str
    written_at: datetime

    @property
    def version(self) -> str:
        """By what a form says that it was this one that stood there."""
        return self.written_at.isoformat()


def are_kept() -> bool:
    """Say whether the school's policy keeps notes at all, these among them."""
    return current_policy().feature("notes") and current_policy().allows(BODY)


def find_mark_note(lesson: LessonView, row: RegisterRow, *, lock: bool = False) -> MarkNoteView | None:
    """Return the note at a row of a register that was reached before, as staff read it; with `lock` as it is now."""
    wanted = select(MarkNote).where(
        MarkNote.school_id == current_school_id(),
        MarkNote.lesson_id == lesson.id,
        MarkNote.learner_id == row.learner_id,
    )
    wanted = wanted.with_for_update().execution_options(populate_existing=True) if lock else wanted
    found = session.scalars(wanted).one_or_none()
    return _view(found, keys.unseal(row.learner_id, BODY, found.body)) if found is not None else None


def list_own_mark_notes(learner_id: UUID, scope: Scope) -> Mapping[UUID, MarkNoteView]:
    """Return by lesson what was written at a learner's marks, as she may read it herself: of a hidden one why it is."""
    rows = session.scalars(
        select(MarkNote).where(
            MarkNote.school_id == current_school_id(),
            MarkNote.learner_id == learner_id,
            reaches_learner(scope, MarkNote.learner_id),
        )
    ).all()
    texts = keys.unseal_values((learner_id, BODY, row.body if row.is_visible else None) for row in rows)
    return {row.lesson_id: _view(row, text) for row, text in zip(rows, texts, strict=True)}


def _view(row: MarkNote, text: str | None) -> MarkNoteView:
    return MarkNoteView(
        text=text,
        hidden_because=row.hidden_because,
        written_by_name=row.written_by_name,
        written_at=row.written_at,
    )
