"""Two notes at one lesson, where the records of two learners become one: a person says which one stays."""

from collections.abc import Collection, Sequence
from uuid import UUID

from flask_babel import format_date
from sqlalchemy import Row, select
from sqlalchemy.orm import aliased

from portal.attendance.mark_notes.models import MarkNote
from portal.attendance.mark_notes.queries import BODY
from portal.core.crypto import keys
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.languages import _
from portal.courses.models import Lesson
from portal.learners.merges.settlements import Difference


def _colliding(kept_id: UUID, other_id: UUID) -> Sequence[Row[MarkNote, MarkNote, Lesson]]:
    """Return the pairs of notes that both records have at the same lesson, in the order of the lessons."""
    mine, theirs = aliased(MarkNote), aliased(MarkNote)
    return session.execute(
        select(mine, theirs, Lesson)
        .join(theirs, (theirs.school_id == mine.school_id) & (theirs.lesson_id == mine.lesson_id))
        .join(Lesson, (Lesson.school_id == mine.school_id) & (Lesson.id == mine.lesson_id))
        .where(mine.school_id == current_school_id(), mine.learner_id == kept_id, theirs.learner_id == other_id)
        .order_by(Lesson.held_on, Lesson.starts_at, mine.id)
    ).all()


def _key(note: MarkNote) -> str:
    return f"mark_note.{note.lesson_id}"


def _said(note: MarkNote) -> str:
    return keys.unseal(note.learner_id, BODY, note.body) or ""


def differing_notes(kept_id: UUID, other_id: UUID, by: Actor) -> list[Difference]:
    """Return the lessons at which each record has another note, for who sees progress."""
    if "progress" not in by.sees:
        return []
    pairs = [(mine, _said(mine), _said(theirs), lesson) for mine, theirs, lesson in _colliding(kept_id, other_id)]
    return [
        Difference(_key(mine), _("Notitie bij de les van %(day)s", day=_day(lesson)), own, others)
        for mine, own, others, lesson in pairs
        if own != others
    ]


def _day(lesson: Lesson) -> str:
    return f"{format_date(lesson.held_on, 'long')}, {lesson.starts_at:%H:%M}"


def settle_notes(kept_id: UUID, other_id: UUID, by: Actor, taken: Collection[str]) -> None:
    """Let one of two notes at a lesson stay: the kept record's, unless the other's was chosen."""
    for mine, theirs, _lesson in _colliding(kept_id, other_id):
        is_taken = _key(mine) in taken and "progress" in by.sees
        session.delete(mine if is_taken else theirs)
    session.flush()
