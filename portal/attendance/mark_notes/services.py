"""Writing a note at a mark and taking it away, by who keeps the register; sealed under the learner's key."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from portal.attendance.mark_notes.models import LONGEST, MarkNote
from portal.attendance.mark_notes.queries import BODY, REASON, are_kept, find_mark_note
from portal.attendance.registers.queries import RegisterRow, get_register, opens_at
from portal.core import audit
from portal.core.clock import now
from portal.core.crypto import keys
from portal.core.db.scope import current_school_id, hidden_learners
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.health_terms import check_health_terms
from portal.core.http.access import Actor
from portal.courses.lessons.queries import LessonView
from portal.learners.conditions.queries import category_name
from portal.learners.record.models import Learner
from portal.permissions import Permission
from portal.policy.queries import current_policy


def get_row(lesson_id: UUID, learner_id: UUID, *, by: Actor) -> tuple[LessonView, RegisterRow]:
    """Return a lesson that she keeps the register of, and a learner's row in it.

    Raises NotFound: also where the school keeps no notes, she doesn't see what is written of progress, or its learner
    restricted that.
    """
    by.must(Permission.REGISTER_KEEP)
    if not are_kept() or "progress" not in by.sees:
        raise NotFound("feature_off")
    lesson, rows = get_register(lesson_id, by, learner_id)
    if not rows or learner_id in hidden_learners("progress"):
        raise NotFound("learner")
    return lesson, rows[0]


def find_learner_id(lesson_id: UUID, key: str, *, by: Actor) -> UUID:
    """Return whose row of a register a key names; raises NotFound."""
    by.must(Permission.REGISTER_KEEP)
    _lesson, rows = get_register(lesson_id, by)
    found = next((row.learner_id for row in rows if row.key == key), None)
    if found is None:
        raise NotFound("learner")
    return found


def write_mark_note(
    lesson_id: UUID, learner_id: UUID, body: str, *, seen: str, by: Actor, hidden_because: str | None = None
) -> RegisterRow:
    """Write the note at a learner's row, in the place of the one that was `seen` (its version; "" for none).

    She sees it, unless `hidden_because` says why not. An empty text takes the note away. Returns her row as it was.
    Raises NotFound; Conflict where the register isn't open yet ("lesson_in_future") or never will be
    ("lesson_cancelled"), or where somebody wrote another note meanwhile ("note_changed"); Invalid for a text that is
    too long, that tells of somebody's health, and for hiding where the policy keeps no reason for that (MN-17).
    """
    lesson, row = get_row(lesson_id, learner_id, by=by)
    _must_be_open(lesson)
    _must_be_in_use(row)
    text = body.strip()
    stands = find_mark_note(lesson, row, lock=True)
    if stands is not None and (stands.text, stands.hidden_because) == (text, hidden_because):
        return row
    if (stands.version if stands is not None else "") != seen and (text or stands is not None):
        raise Conflict("note_changed")
    if not text:
        _remove(lesson, learner_id, by)
        return row
    _check(text, hidden_because)
    values = {
        "body": keys.seal(learner_id, BODY, text),
        "is_visible": hidden_because is None,
        "hidden_because": hidden_because,
        "written_by": by.account_id,
        "written_by_name": by.name,
        "written_at": now(),
    }
    statement = upsert(MarkNote).values(lesson_id=lesson.id, learner_id=learner_id, **values)
    session.execute(statement.on_conflict_do_update(constraint="uq_mark_note_lesson_learner", set_=values))
    _log("attendance.note_written", lesson, learner_id, by, is_visible=hidden_because is None)
    return row


def _must_be_open(lesson: LessonView) -> None:
    if lesson.is_cancelled:
        raise Conflict("lesson_cancelled")
    if opens_at(lesson) > now():
        raise Conflict("lesson_in_future")


def _must_be_in_use(row: RegisterRow) -> None:
    """Raise NotFound where her record became part of another; it isn't, and nobody else writes, before the commit."""
    there = select(Learner.id).where(
        Learner.school_id == current_school_id(), Learner.id == row.learner_id, Learner.is_in_use
    )
    if session.scalar(there.with_for_update(key_share=True)) is None:
        raise NotFound("learner")


def _check(text: str, hidden_because: str | None) -> None:
    if len(text) > LONGEST:
        raise Invalid("body", "too_long", most=LONGEST)
    check_health_terms("body", text)
    if hidden_because is None:
        return
    if not current_policy().allows(REASON):
        raise Invalid("hidden_because", "not_in_policy", category=category_name(current_policy(), REASON))
    check_health_terms("hidden_because", hidden_because)


def _remove(lesson: LessonView, learner_id: UUID, by: Actor) -> None:
    gone = session.scalars(
        delete(MarkNote)
        .where(
            MarkNote.school_id == current_school_id(),
            MarkNote.lesson_id == lesson.id,
            MarkNote.learner_id == learner_id,
        )
        .returning(MarkNote.id)
    )
    if gone.all():
        _log("attendance.note_removed", lesson, learner_id, by)


def _log(event: str, lesson: LessonView, learner_id: UUID, by: Actor, **facts: object) -> None:
    audit.record(event, learner_id=learner_id, subject=("lesson", lesson.id), facts=facts, by=by)
