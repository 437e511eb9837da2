"""Who looked at somebody's data, changed or passed them on, and what she did herself, as she reads it in a copy."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from portal.accounts.council.queries import may_name_staff
from portal.core.audit.declarations import area_label, event_label, learner_label, view_label
from portal.core.audit.queries import Entry, LogFilter, folded, list_of_learner, list_of_school
from portal.core.clock import local
from portal.core.db.base import Base
from portal.core.http.languages import _
from portal.core.http.scope import Scope
from portal.core.personal_data import find_field
from portal.policy.queries import current_policy
from portal.requests.copies.contents.rows import HeldRow
from portal.requests.copies.contents.subjects import DataSubject
from portal.requests.copies.contents.values import field_label
from portal.requests.log_names.presenters import staff_line
from portal.requests.log_names.queries import ReadableNames, get_readable_names

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


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What she saw or did herself on one day: when last, what, how often, and of how many learners, none by name."""

    at: datetime
    event: str
    what: str
    times: int
    learners: int


def list_entries_about(subject: DataSubject, rows: Iterable[HeldRow]) -> list[Entry]:
    """Return every entry about a person, the newest first, with the values of a learner that still open.

    Of who is no learner these are the entries about a row of hers, but for what she did herself.
    """
    if subject.is_learner:
        return list_all_entries(subject.id, [each for each in subject.ids if each != subject.id])
    found = _all_of(LogFilter(subject_ids=tuple({*subject.ids, *subject.account_ids, *(row.id for row in rows)})))
    return [each for each in found if each.actor_id is None or each.actor_id not in subject.account_ids]


def list_deeds(subject: DataSubject) -> list[Deed]:
    """Return what the log holds of what a person did, the newest first; of a learner that stands with who looked."""
    alike: dict[tuple[date, str, str], list[Entry]] = {}
    for account_id in () if subject.is_learner else subject.account_ids:
        for entry in _all_of(LogFilter(actor_id=account_id)):
            alike.setdefault((local(entry.at).date(), entry.event, deed_of(entry)), []).append(entry)
    return [
        Deed(
            at=entries[0].at,
            event=event,
            what=what,
            times=len(entries),
            learners=len({learner_id for each in entries for learner_id in each.learner_ids}),
        )
        for (_day, event, what), entries in alike.items()
    ]


def deed_of(entry: Entry) -> str:
    """Return what an entry says was seen or done: the part of the work, and the deed."""
    name = entry.facts.get("what", "") if entry.is_view else entry.event
    if entry.is_view:
        return _("Bekeken: %(what)s", what=area_label(name))
    return ": ".join(str(each) for each in (area_label(name), event_label(name)) if each)


def readable_names(subject: DataSubject, scope: Scope) -> ReadableNames:
    """Return whose names she reads in who looked: of who is no learner those of all staff, or none (`looks`)."""
    return get_readable_names(subject.id, scope) if subject.is_learner else ReadableNames(of_all=may_name_staff())


def _all_of(narrowed: LogFilter) -> list[Entry]:
    found: list[Entry] = []
    while True:
        before = (found[-1].at, found[-1].id) if found else None
        part = list_of_school(narrowed, limit=_AT_ONCE, before=before)
        found += part
        if len(part) < _AT_ONCE:
            return found


def list_all_entries(learner_id: UUID, also: Iterable[UUID]) -> list[Entry]:
    """Return every entry about a learner, the newest first, with the values that still open."""
    ids, found = list(also), list[Entry]()
    while True:
        before = (found[-1].at, found[-1].id) if found else None
        part = list_of_learner(learner_id, also=ids, limit=_AT_ONCE, before=before, with_changes=True)
        found += part
        if len(part) < _AT_ONCE:
            return found


def list_looks(entries: Iterable[Entry], names: ReadableNames, left_out: Collection[str] = ()) -> list[Look]:
    """Return entries in words; those that say the same of one person on one day are one.

    What was changed in a category that is left out isn't said.
    """
    return [
        Look(
            at=entry.at,
            event=entry.event,
            **_who(entry, names),
            what=_what(entry),
            times=times,
            changes=[
                (field_label(key), _said(pair[0]), _said(pair[1]))
                for key, pair in (entry.changes or {}).items()
                if _category_of(key) not in left_out
            ],
        )
        for entry, times in folded(entries)
    ]


def _category_of(key: str) -> str:
    """Return the category in which a field (`learner.phone`) is kept; "" where no column declares it."""
    held, declared = current_policy().category_of(key), find_field(Base.metadata, key)
    return held.key if held is not None else declared.category if declared is not None else ""


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
