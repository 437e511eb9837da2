"""What a learner may say against a mark in a register, and how it is stored once the school takes it over."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask_babel import format_date
from sqlalchemy.orm import joinedload

from portal.attendance.models import AttendanceMark, Status
from portal.attendance.registers.queries import list_register
from portal.attendance.registers.services import record_attendance
from portal.core.errors import Conflict
from portal.core.http.access import Actor
from portal.core.http.languages import _, _l, comma
from portal.courses.lessons.queries import get_lesson
from portal.learners.corrections.kinds import Correctable
from portal.learners.record.fields import ChoiceLabels, RecordField, fields_in

_LABELS = {
    "status": _l("Presentie"),
    "late_minutes": _l("Minuten te laat"),
    "early_minutes": _l("Minuten eerder weg"),
}
_STATUSES: ChoiceLabels = {
    Status.PRESENT: _l("aanwezig"),
    Status.ABSENT: _l("afwezig"),
    Status.EXCUSED: _l("afgemeld"),
}


def _change(row: Any, values: Sequence[tuple[RecordField, Any]], _channel: str, by: Actor) -> None:
    """Store it as any correction of the register, with the reason that the learner said so; that keeps no channel."""
    lesson = get_lesson(row.lesson_id, by)
    there = next(iter(list_register(lesson, row.learner_id)), None)
    if there is None:
        raise Conflict("entry_gone")
    said: dict[str, Any] = {field.column: value if field.column == "status" else value or 0 for field, value in values}
    wanted = replace(there.mark, **said)
    if wanted.is_present:
        wanted = replace(wanted, is_authorised=None)
    else:
        wanted = replace(wanted, late_minutes=0, early_minutes=0)
    record_attendance(lesson, [replace(wanted, reason=_("De cursist zei dat dit niet klopte."))], by=by)


def said_of_lesson(row: Any) -> str:
    """Return of which lesson a mark is, in words."""
    lesson = row.lesson
    return f"{_('les')} {format_date(lesson.held_on, 'long')}{comma()}{lesson.starts_at:%H:%M}"


CORRECTABLES: tuple[Correctable, ...] = (
    Correctable(
        "presentie",
        AttendanceMark,
        _l("presentie"),
        tuple(fields_in(AttendanceMark, _LABELS, choices={"status": _STATUSES})),
        _change,
        said_of_lesson,
        options=(joinedload(AttendanceMark.lesson),),
    ),
)
