"""Who changed what in a record, and when, from the audit; values open for those who see their category."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import format_date
from sqlalchemy import select

from portal.core.audit.declarations import area_label, event_label
from portal.core.audit.queries import Entry, list_of_learner
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.languages import _
from portal.core.values import Unusable
from portal.courses.models import Lesson
from portal.learners.corrections.kinds import find_field
from portal.learners.entries.kinds import list_withheld
from portal.learners.merges.queries import list_merged_ids, list_undone
from portal.learners.record.fields import RecordField
from portal.learners.record.labels import CHANNELS, SOURCES
from portal.learners.record.models import Learner, Source
from portal.learners.record.values import HIDDEN

_SHOWN = frozenset({"learners", "imports", "record"})
_SHOWN_TO = {
    "attendance": {"attendance"},
    "progress": {"level", "exam", "progress"},
    "purposes": {"consent"},
    "representation": {"dealings"},
    "disclosures": {"dealings"},
}
"""The other areas of the work, with the categories of which one must see any to read what was done there."""


@dataclass(frozen=True)
class Change:
    """One field before and after; `is_verbatim`: a browser's translation would spoil it."""

    label: str
    old: str
    new: str
    is_verbatim: bool


@dataclass(frozen=True)
class HistoryLine:
    """Something that was done to a record; `about` says of which lesson, where it was one."""

    id: UUID
    at: datetime
    what: str
    about: str
    who: str
    roles: tuple[str, ...]
    origin: str
    changes: list[Change]
    other_fields: int
    is_gone: bool


def list_history(
    learner: Learner, by: Actor, *, limit: int = 50, before: tuple[datetime, UUID] | None = None
) -> list[HistoryLine]:
    """Return what was done to a record, newest first, also to those that became part of it.

    Views and what this person may not see stay out.
    """
    merged = list_merged_ids(learner.id, by.scope)
    entries = list_of_learner(learner.id, also=merged, views=False, limit=limit, before=before, with_changes=True)
    withheld = list_withheld(by.scope)
    read = [entry for entry in entries if _may_read(entry.event, by) and entry.subject_id not in withheld]
    lessons = _lessons_of(read)
    lines = [_line(entry, by, lessons.get(entry.subject_id, "")) for entry in read]
    if not any(entry.event == "learners.merged" for entry in read):
        return lines
    undone = list_undone([learner.id, *merged], by.scope)  # what was taken over then is somebody else's
    return [replace(line, changes=[]) if line.id in undone else line for line in lines]


def _lessons_of(entries: Sequence[Entry]) -> dict[UUID | None, str]:
    """Return day and time of the lessons that entries are about, by their ids."""
    ids = {entry.subject_id for entry in entries if entry.subject_kind == Lesson.__tablename__}
    if not ids:
        return {}
    found = session.execute(
        select(Lesson.id, Lesson.held_on, Lesson.starts_at).where(
            Lesson.school_id == current_school_id(), Lesson.id.in_(ids)
        )
    )
    return {row.id: f"{_('les')} {format_date(row.held_on, 'long')}, {row.starts_at:%H:%M}" for row in found}


def _may_read(event: str, by: Actor) -> bool:
    area = event.partition(".")[0]
    return area in _SHOWN or bool(_SHOWN_TO.get(area, set()) & by.sees)


def _what(event: str) -> str:
    area, label = str(area_label(event)), str(event_label(event))
    return f"{area[:1].upper()}{area[1:]}: {label}"


def _line(entry: Entry, by: Actor, about: str) -> HistoryLine:
    changes, hidden = [], 0
    for key, (old, new) in sorted((entry.changes or {}).items()):
        field = find_field(key)
        if field is None or field.category not in by.sees:
            hidden += 1
        else:
            changes.append(
                Change(str(field.label), _field_text(field, old), _field_text(field, new), field.is_verbatim)
            )
    return HistoryLine(
        id=entry.id,
        at=entry.at,
        what=_what(entry.event),
        about=about,
        who=entry.actor_name or _by_kind(entry.actor_kind),
        roles=entry.actor_roles,
        origin=_origin(entry.facts),
        changes=changes,
        other_fields=hidden,
        is_gone=entry.is_gone,
    )


def _by_kind(kind: str) -> str:
    return {"learner": _("de cursist zelf"), "representative": _("wie namens de cursist handelt")}.get(
        kind, _("het portaal")
    )


def _origin(facts: Mapping[str, Any]) -> str:
    """Return from whom and by which channel values came, where an entry says so."""
    source, channel = facts.get("source"), facts.get("channel")
    parts = [str(SOURCES[Source(source)])] if source in set(Source) else []
    return " ".join([*parts, *([str(CHANNELS[channel])] if channel in CHANNELS else [])])


def _field_text(field: RecordField, text: str | None) -> str:
    if text is None or text == HIDDEN:
        return text or ""
    try:
        return field.show(field.read(text)) if field.kind != "link" else HIDDEN
    except (ValueError, Unusable):
        return str(text)
