"""Reading the audit: who looked at a learner, who changed what. Values open with her key, or are gone."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, case, cast, func, not_, or_, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import defer

from portal.core.audit.models import AuditEvent, AuditExpiry, Chain, whom
from portal.core.audit.values import open_changes
from portal.core.clock import local
from portal.core.db.session import session

_VIEWED = "record.viewed"


@dataclass(frozen=True)
class Entry:
    """An entry as one may be shown it. `changes` maps a field's key to before and after, of those that still open.

    `is_gone` says that there were others, whose key has been destroyed: show "verwijderd".
    """

    id: UUID
    at: datetime
    event: str
    actor_kind: str
    actor_id: UUID | None
    actor_name: str | None
    actor_roles: tuple[str, ...]
    learner_ids: tuple[UUID, ...]
    subject_kind: str | None
    subject_id: UUID | None
    facts: dict[str, Any]
    changes: dict[str, tuple[Any, Any]] | None
    is_gone: bool

    @property
    def is_view(self) -> bool:
        """Say whether something was looked at, not changed."""
        return self.event == _VIEWED


def list_of_learner(
    learner_id: UUID,
    *,
    also: Iterable[UUID] = (),
    views: bool | None = None,
    own_looks: bool | None = None,
    limit: int = 50,
    before: tuple[datetime, UUID] | None = None,
    with_changes: bool = False,
) -> list[Entry]:
    """Return the entries about one learner, newest first: views alone, all but views, or both.

    `own_looks`: what she, or who acts for her, looked at alone, or all but that.

    `also` are ids under which entries about the same person stand too: an entry stays with the id it was written for.
    `before` is `(at, id)` of the last one shown. Values are opened when asked for, in one statement on the keys.
    """
    ids = [learner_id, *also]
    wanted = select(AuditEvent).where(AuditEvent.id.in_(select(whom(ids).c.event_id)))
    if own_looks is not None:
        is_own = and_(AuditEvent.event == "record.viewed", AuditEvent.actor_kind.in_(["learner", "representative"]))
        wanted = wanted.where(is_own if own_looks else not_(is_own))
    return _entries(_page(wanted, views, limit, before), ids if with_changes else [])


def list_of_ids(learner_ids: Iterable[UUID], entry_ids: Collection[UUID]) -> list[Entry]:
    """Return those of these entries that are about one of these learners, newest first, without values."""
    if not entry_ids:
        return []
    about = select(whom(list(learner_ids)).c.event_id)
    wanted = select(AuditEvent).where(AuditEvent.id.in_(list(entry_ids)), AuditEvent.id.in_(about))
    return _entries(_page(wanted, None, len(entry_ids), None))


def folded(entries: Iterable[Entry]) -> list[tuple[Entry, int]]:
    """Return entries that say the same of one person, one after another on one day, as the latest and their number."""
    found: list[tuple[Entry, int]] = []
    for entry in entries:
        last, count = found[-1] if found else (None, 0)
        if last is not None and _says(last) == _says(entry):
            found[-1] = (last, count + 1)
        else:
            found.append((entry, 1))
    return found


def _says(entry: Entry) -> tuple[Any, ...]:
    what = entry.facts.get("what"), *sorted(entry.changes or ())
    return entry.actor_kind, entry.actor_id, entry.event, what, local(entry.at).date()


@dataclass(frozen=True)
class Withheld:
    """What a reader of the log isn't shown: what was done with these things, and these views of these learners."""

    subject_ids: frozenset[UUID] = frozenset()
    views: frozenset[str] = frozenset()
    learner_ids: frozenset[UUID] = frozenset()

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield what an entry answers to that may be shown."""
        if self.subject_ids:
            yield or_(AuditEvent.subject_id.is_(None), AuditEvent.subject_id.not_in(self.subject_ids))
        if self.learner_ids:
            is_of_them = AuditEvent.learner_ids.bool_op("&&")(cast(list(self.learner_ids), ARRAY(Uuid)))
            is_view = and_(AuditEvent.event == _VIEWED, AuditEvent.facts["what"].astext.in_(self.views))
            yield not_(and_(is_view, is_of_them))


@dataclass(frozen=True)
class LogFilter:
    """What narrows the school's log: who did it, of whom, of which things, an event, an area, views alone, days."""

    actor_id: UUID | None = None
    learner_ids: tuple[UUID, ...] = ()
    subject_ids: tuple[UUID, ...] = ()
    event: str | None = None
    area: str | None = None
    views: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    withheld: Withheld = Withheld()

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield what an entry answers to."""
        if self.actor_id is not None:
            yield AuditEvent.actor_id == self.actor_id
        if self.learner_ids:
            yield AuditEvent.id.in_(select(whom(self.learner_ids).c.event_id))
        if self.subject_ids:
            yield AuditEvent.subject_id.in_(self.subject_ids)
        if self.event is not None:
            yield AuditEvent.event == self.event
        if self.area is not None:
            what = case((AuditEvent.event == _VIEWED, AuditEvent.facts["what"].astext), else_=AuditEvent.event)
            yield what.startswith(f"{self.area}.", autoescape=True)
        if self.since is not None:
            yield AuditEvent.at >= self.since
        if self.until is not None:
            yield AuditEvent.at < self.until
        yield from self.withheld.conditions()


def list_of_school(
    narrowed: LogFilter | None = None, *, limit: int = 50, before: tuple[datetime, UUID] | None = None
) -> list[Entry]:
    """Return the school's entries, newest first, without values; those alone that a filter lets through."""
    narrowed = narrowed or LogFilter()
    return _entries(_page(select(AuditEvent).where(*narrowed.conditions()), narrowed.views, limit, before))


def list_of_subject(subject_id: UUID, *, limit: int = 50) -> list[Entry]:
    """Return the entries about one thing (a lesson, an account), newest first, without values."""
    wanted = select(AuditEvent).where(AuditEvent.subject_id == subject_id)
    return _entries(_page(wanted, None, limit, None))


def expired_until() -> dict[Chain, datetime | None]:
    """Return until when the entries of each chain have expired, by the moment of their seal; None where none has."""
    newest = select(AuditExpiry.chain, func.max(AuditExpiry.last_at).label("moment")).group_by(AuditExpiry.chain)
    return {**dict.fromkeys(Chain), **{row.chain: row.moment for row in session.execute(newest)}}


def _page(
    wanted: Select[AuditEvent], views: bool | None, limit: int, before: tuple[datetime, UUID] | None
) -> Select[AuditEvent]:
    if views is not None:
        wanted = wanted.where((AuditEvent.event == _VIEWED) == views)
    if before is not None:
        wanted = wanted.where(tuple_(AuditEvent.at, AuditEvent.id) < tuple_(*before))
    return wanted.order_by(AuditEvent.at.desc(), AuditEvent.id.desc()).limit(limit)


def _entries(wanted: Select[AuditEvent], opened_for: Collection[UUID] = ()) -> list[Entry]:
    """Return entries; of their values those of these people alone are read, for an import's entry has thousands."""
    people = [str(each) for each in opened_for]
    found = session.execute(
        wanted.options(defer(AuditEvent.sealed, raiseload=True)).add_columns(
            *(AuditEvent.sealed[each] for each in people)
        )
    ).all()
    rows = [each[0] for each in found]
    opened = open_changes(
        {person_id: parts for person_id, parts in zip(people, each[1:], strict=True) if parts is not None}
        for each in found
    )
    return [
        Entry(
            id=row.id, at=row.at, event=row.event, actor_kind=row.actor_kind, actor_id=row.actor_id,
            actor_name=row.actor_name, actor_roles=tuple(row.actor_roles), learner_ids=tuple(row.learner_ids),
            subject_kind=row.subject_kind, subject_id=row.subject_id, facts=row.facts,
            changes=changes or None, is_gone=is_gone,
        )
        for row, (changes, is_gone) in zip(rows, opened, strict=True)
    ]  # fmt: skip
