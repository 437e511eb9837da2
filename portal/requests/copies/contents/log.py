"""Who looked at a learner's data, changed or passed them on, when and why, as she reads it in a copy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.core.audit.declarations import learner_label, view_label
from portal.core.audit.queries import Entry, folded, list_of_learner
from portal.core.http.languages import _
from portal.requests.copies.contents.values import field_label
from portal.requests.log_names.presenters import staff_line
from portal.requests.log_names.queries import ReadableNames

_AT_ONCE = 1000


@dataclass(frozen=True, kw_only=True)
class Look:
    """An entry in words: when, who with which role and why, what was done, how often that day, the values it changed.

    A member of staff stands there by name or by role, as in *Wie keek*.
    """

    at: datetime
    event: str
    who: str
    role: str
    why: str
    what: str
    times: int
    changes: list[tuple[str, str, str]]


def list_all_entries(learner_id: UUID, also: Iterable[UUID]) -> list[Entry]:
    """Return every entry about a learner, the newest first, with the values that still open."""
    ids, found = list(also), list[Entry]()
    while True:
        before = (found[-1].at, found[-1].id) if found else None
        part = list_of_learner(learner_id, also=ids, limit=_AT_ONCE, before=before, with_changes=True)
        found += part
        if len(part) < _AT_ONCE:
            return found


def list_looks(entries: Iterable[Entry], names: ReadableNames) -> list[Look]:
    """Return entries in words; those that say the same of one person on one day are one."""
    return [
        Look(
            at=entry.at,
            event=entry.event,
            **_who(entry, names),
            what=_what(entry),
            times=times,
            changes=[(field_label(key), _said(pair[0]), _said(pair[1])) for key, pair in (entry.changes or {}).items()],
        )
        for entry, times in folded(entries)
    ]


def _who(entry: Entry, names: ReadableNames) -> dict[str, str]:
    """Return who did it, in which role and why."""
    if entry.actor_kind == "staff":
        staff = staff_line(entry, names)
        return {"who": staff.who, "role": staff.role, "why": staff.why}
    others = {"learner": _("U"), "representative": _("Wie voor u handelt")}
    return {"who": others.get(entry.actor_kind) or _("Het portaal zelf"), "role": "", "why": ""}


def _what(entry: Entry) -> str:
    if entry.is_view:
        return _("keek naar %(what)s", what=view_label(entry.facts.get("what", "")))
    return str(learner_label(entry.event))


def _said(value: Any) -> str:
    return "" if value is None else str(value)
