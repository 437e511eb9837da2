"""Two marks of one lesson, where the records of two learners become one: one stays, the other is in the changes."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy.orm import aliased, joinedload

from portal.attendance.corrections import said_of_lesson
from portal.attendance.models import AttendanceMark, MarkChange, Status
from portal.core.clock import now
from portal.core.db.bulk import among
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.languages import _, comma
from portal.learners.corrections.merges import Twin, differing_proposals, settle_proposals
from portal.learners.corrections.models import Correction
from portal.learners.merges.settlements import Difference


def _colliding(kept_id: UUID, other_id: UUID) -> Sequence[Row[AttendanceMark, AttendanceMark]]:
    """Return the pairs of marks that both records have of the same lesson, in the order of the lessons."""
    mine, theirs = aliased(AttendanceMark), aliased(AttendanceMark)
    return session.execute(
        select(mine, theirs)
        .join(theirs, (theirs.school_id == mine.school_id) & (theirs.lesson_id == mine.lesson_id))
        .options(joinedload(mine.lesson))
        .where(mine.school_id == current_school_id(), mine.learner_id == kept_id, theirs.learner_id == other_id)
        .order_by(mine.lesson_id)
    ).all()


def _key(mark: AttendanceMark) -> str:
    return f"attendance_mark.{mark.lesson_id}"


def _value(mark: AttendanceMark) -> tuple[Status, int | None, int, bool | None]:
    return mark.status, mark.late_minutes, mark.early_minutes, mark.is_authorised


def _said(mark: AttendanceMark) -> str:
    """Return what a mark says, in words."""
    parts = [{"present": _("aanwezig"), "absent": _("afwezig"), "excused": _("afgemeld")}[mark.status.value]]
    if mark.late_minutes is None:
        parts.append(_("te laat, minuten nog niet ingevuld"))
    elif mark.late_minutes:
        parts.append(_("%(minutes)s minuten te laat", minutes=mark.late_minutes))
    if mark.early_minutes:
        parts.append(_("%(minutes)s minuten eerder weg", minutes=mark.early_minutes))
    if mark.is_authorised is not None:
        parts.append(_("geoorloofd") if mark.is_authorised else _("ongeoorloofd"))
    return comma().join(parts)


def differing_marks(kept_id: UUID, other_id: UUID, by: Actor) -> list[Difference]:
    """Return the lessons of which both records have another mark, or of whose mark each says something else that
    waits, for who sees attendance."""
    if "attendance" not in by.sees:
        return []
    pairs = _colliding(kept_id, other_id)
    marks = [
        Difference(_key(mine), said_of_lesson(mine).capitalize(), _said(mine), _said(theirs))
        for mine, theirs in pairs
        if _value(mine) != _value(theirs)
    ]
    return [*marks, *differing_proposals(kept_id, other_id, by, _twins(pairs))]


def _twins(pairs: Sequence[Row[AttendanceMark, AttendanceMark]]) -> dict[UUID, Twin]:
    return {mine.id: Twin(theirs.id, said_of_lesson(mine)) for mine, theirs in pairs}


def settle_marks(kept_id: UUID, other_id: UUID, by: Actor, taken: Collection[str]) -> None:
    """Let one of two marks stay. What the other said is in the changes of the register; what she contested in it is
    contested in the one that stays, and where she contested both, what was chosen."""
    pairs = _colliding(kept_id, other_id)
    settle_proposals(kept_id, other_id, by, taken, _twins(pairs))
    for mine, theirs in pairs:
        is_taken = _key(mine) in taken and "attendance" in by.sees
        gone, stays = (mine, theirs) if is_taken else (theirs, mine)
        if _value(gone) != _value(stays):
            session.add(_change(kept_id, gone, stays, by))
        session.execute(
            update(Correction)
            .where(Correction.school_id == current_school_id(), Correction.entry_id == gone.id)
            .values(entry_id=stays.id)
        )
        session.delete(gone)
    session.flush()


def hanging_changes(kept_id: UUID, merge_id: UUID, back: Collection[UUID]) -> dict[str, list[UUID]]:
    """Return the changes since a merging of marks that go back: they are of the same lesson."""
    lessons = select(AttendanceMark.lesson_id).where(
        AttendanceMark.school_id == current_school_id(),
        AttendanceMark.learner_id == kept_id,
        among(AttendanceMark.id, back),
    )
    since = select(MarkChange.id).where(
        MarkChange.school_id == current_school_id(),
        MarkChange.learner_id == kept_id,
        MarkChange.id > merge_id,
        MarkChange.lesson_id.in_(lessons),
    )
    return {MarkChange.__tablename__: list(session.scalars(since))}


def _change(learner_id: UUID, gone: AttendanceMark, stays: AttendanceMark, by: Actor) -> MarkChange:
    return MarkChange(
        lesson_id=stays.lesson_id,
        learner_id=learner_id,
        old_status=gone.status,
        old_late_minutes=gone.late_minutes,
        old_early_minutes=gone.early_minutes,
        old_is_authorised=gone.is_authorised,
        new_status=stays.status,
        new_late_minutes=stays.late_minutes,
        new_early_minutes=stays.early_minutes,
        new_is_authorised=stays.is_authorised,
        reason=_("Twee dossiers van een cursist zijn samengevoegd."),
        changed_by=by.account_id,
        changed_by_name=by.name,
        changed_at=now(),
    )
