"""The register in pieces that are drawn once: what decides how a piece looks, and what stands in it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import url_for
from markupsafe import Markup

from portal.attendance.registers.forms import RowView, Segment, segment_of
from portal.attendance.registers.queries import MarkValue
from portal.core.clock import today
from portal.core.http.csrf import csrf_token
from portal.core.http.languages import _, written
from portal.core.http.stencils import Piece, stencils
from portal.courses.lessons.queries import LessonView


class RowShape(NamedTuple):
    """What decides how a row looks, whoever it is about: one stencil is cut for each."""

    is_closed: bool
    is_filled: bool
    stored: str
    chosen: str
    has_minutes: bool
    leaves_early: bool
    is_stored: bool
    has_rival: bool
    asks_reason: bool
    has_error: bool


class RegisterShape(NamedTuple):
    """What decides how a register looks around its rows."""

    has_rows: bool
    is_closed: bool
    has_open: bool
    has_step: bool
    was_refused: bool


class HeadShape(NamedTuple):
    """What decides how the head of the page looks."""

    takes_marks: bool
    has_open: bool
    has_room: bool
    has_substitute: bool
    is_cancelled: bool
    has_reason: bool
    is_closed: bool
    is_past: bool


def draw_row(lesson: LessonView, view: RowView) -> Markup:
    """Return the row of one learner."""
    return _rows(lesson, [view])


def draw_register(lesson: LessonView, rows: Sequence[RowView], *, was_refused: bool = False) -> Piece:
    """Return a register with its rows and what is left to do."""
    stored = [view for view in rows if view.is_stored]
    total, left = len(rows), _left(rows)
    step = stored[0].row.step_id if stored else None
    shape = RegisterShape(total > 0, is_closed(lesson), left > 0, step is not None, was_refused)
    holes = {
        "rows": _rows(lesson, rows),
        "url": url_for("attendance.register", lesson_id=lesson.id),
        "undo": url_for("attendance.undo", lesson_id=lesson.id),
        "csrf": csrf_token(),
        "step": str(step or ""),
        "open": str(left),
        "done": str(total - left),
        "total": str(total),
        "filled": _("{done} van {total} ingevuld").replace("{done}", str(total - left)).replace("{total}", str(total)),
        "left": _("Nog open: {open}").replace("{open}", str(left)),
        "stored": _("Opgeslagen: %(count)s", count=len(stored)) if stored else "",
    }
    return shape, holes


def draw_head(lesson: LessonView, rows: Sequence[RowView]) -> Piece:
    """Return the head of the page: which lesson it is, and what is to be known of it."""
    closed = is_closed(lesson)
    shape = HeadShape(
        takes_marks=bool(rows) and not closed,
        has_open=_left(rows) > 0,
        has_room=bool(lesson.room),
        has_substitute=bool(lesson.substitute_name),
        is_cancelled=lesson.is_cancelled,
        has_reason=bool(lesson.cancelled_because),
        is_closed=closed,
        is_past=lesson.held_on < today(),
    )
    holes = {
        "group": lesson.group_name,
        "day": written("weekday", lesson.held_on).capitalize(),
        "starts": written("time", lesson.starts_at),
        "ends": written("time", lesson.ends_at),
        "room": lesson.room or "",
        "substitute": lesson.substitute_name or "",
        "reason": lesson.cancelled_because or "",
        "everyone": url_for("attendance.everyone_present", lesson_id=lesson.id),
        "csrf": csrf_token(),
    }
    return shape, holes


def is_closed(lesson: LessonView) -> bool:
    """Say whether nothing can be filled in: cancelled, or still to come."""
    return lesson.is_cancelled or lesson.held_on > today()


def _left(rows: Sequence[RowView]) -> int:
    return sum(1 for view in rows if not view.row.version)


def _rows(lesson: LessonView, rows: Sequence[RowView]) -> Markup:
    url, closed = url_for("attendance.record", lesson_id=lesson.id), is_closed(lesson)
    return stencils().draw("attendance/_row.html", *(_row(view, url, closed) for view in rows))


def _row(view: RowView, url: str, closed: bool) -> Piece:
    row, value = view.row, view.row.value
    learner, minutes, stored = str(row.learner_id), _minutes_in_words(value), str(segment_of(value))
    holes: dict[str, Any] = {
        "id": learner,
        "key": learner[-9:],
        "name": row.name,
        "initials": row.initials,
        "url": url,
        "step": str(row.step_id) if view.is_stored else "",
        "seen": f"{row.version}.{stored}.{value.late_minutes}.{value.early_minutes}",
        "late": view.late,
        "early": view.early,
        "minutes": minutes,
    }
    if view.rival is not None or view.asks_reason or view.error:
        holes |= {"rival": _told_of_rival(view), "reason": view.reason, "error": view.error}
    shape = RowShape(
        closed,
        row.version > 0,
        stored,
        str(view.segment),
        minutes != "",
        view.early != "",
        view.is_stored,
        view.rival is not None,
        view.asks_reason,
        view.error != "",
    )
    return shape, holes


def _minutes_in_words(value: MarkValue) -> str:
    if not (value.late_minutes or value.early_minutes):
        return ""
    late = _("%(minutes)s minuten te laat", minutes=value.late_minutes) if value.late_minutes else ""
    early = _("%(minutes)s minuten eerder weg", minutes=value.early_minutes) if value.early_minutes else ""
    return ", ".join(part for part in (late, early) if part)


def _told_of_rival(view: RowView) -> str:
    if view.rival is None:
        return ""
    said = {
        Segment.OPEN: _("nog niet ingevuld"),
        Segment.PRESENT: _("aanwezig"),
        Segment.LATE: _("te laat"),
        Segment.ABSENT: _("afwezig"),
        Segment.EXCUSED: _("afgemeld"),
    }
    return _(
        "%(name)s heeft dit intussen gewijzigd in: %(value)s. U koos: %(own)s. Klopt dat, kies het dan opnieuw.",
        name=view.row.marked_by_name or _("Iemand anders"),
        value=said[segment_of(view.row.value)],
        own=said[view.rival.segment],
    )
