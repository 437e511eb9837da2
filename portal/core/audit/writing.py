"""Adding entries: a change in the caller's transaction, views at the edge of a GET, a refusal apart."""

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from typing import Any, NamedTuple
from uuid import UUID

from flask import g, has_request_context
from sqlalchemy import text

from portal.core import keys
from portal.core.access import Actor, current_actor
from portal.core.apart import apart
from portal.core.clock import now, today
from portal.core.database import current_school_id, new_id, session

PURPOSE = "audit"
Changes = Mapping[str, tuple[Any, Any]]
Subject = tuple[str, UUID | None]

_ADD = text("""
with entry as (
    select * from jsonb_to_recordset(cast(:entries as jsonb)) as e (
        id uuid, event text, subject_kind text, subject_id uuid, facts jsonb, sealed text[], fold text, learners uuid[])
), about as (
    insert into audit_learner (school_id, learner_id, event_id, fold)
    select current_school(), l.learner_id, e.id, e.fold from entry e cross join unnest(e.learners) as l (learner_id)
    on conflict do nothing returning event_id, learner_id
), added as (
    insert into audit_event (school_id, id, at, event, actor_kind, actor_id, actor_name, actor_roles, learner_ids,
        subject_kind, subject_id, facts, sealed, origin)
    select current_school(), e.id, cast(:at as timestamptz), e.event, cast(:kind as text), cast(:actor as uuid),
        cast(:name as text), cast(:roles as text[]),
        case when e.fold is null then coalesce(e.learners, '{}')
             else (select array_agg(a.learner_id order by a.learner_id) from about a where a.event_id = e.id) end,
        e.subject_kind, e.subject_id, coalesce(e.facts, '{}'),
        (select array_agg(decode(s.value, 'base64') order by s.place)
            from unnest(e.sealed) with ordinality as s (value, place)),
        cast(:origin as text)
    from entry e where e.fold is null or exists (select from about a where a.event_id = e.id)
    returning school_id, id
)
insert into audit_unsealed (school_id, id) select school_id, id from added
""")


class _View(NamedTuple):
    what: str
    folds: bool
    subject: Subject | None


_views: ContextVar[dict[_View, dict[UUID, None]] | None] = ContextVar("views", default=None)
_origin: ContextVar[str | None] = ContextVar("origin", default=None)


def set_origin(origin: str | None) -> None:
    """Say what entries come from where there is no request: a job's id, a command."""
    _origin.set(origin)


def record(
    event: str,
    *,
    learner_id: UUID | None = None,
    learner_ids: Iterable[UUID] = (),
    subject: Subject | None = None,
    facts: Mapping[str, Any] | None = None,
    changes: Changes | None = None,
    changes_of: Mapping[UUID, Changes] | None = None,
    by: Actor | None = None,
) -> UUID:
    """Add one entry (`attendance.recorded`) to the transaction in hand, and return its id.

    `facts` hold ids, counts and choices, never a value of a person. `changes` maps a field's key to its value before
    and after, of the one learner named; `changes_of` does so for several. Both are sealed under each learner's key,
    and under the school's where no learner is named.
    """
    about = dict.fromkeys([*([learner_id] if learner_id else []), *learner_ids, *(changes_of or {})])
    values: dict[UUID, Changes] = dict(changes_of or {})
    if changes is not None and learner_id is not None:
        values[learner_id] = changes
    fields = sorted({*(changes or {}), *(field for each in values.values() for field in each)})
    entry = _entry(event, list(about), subject, {**(facts or {}), **({"fields": fields} if fields else {})})
    if values:
        entry["sealed"] = _seal(list(about), values)
    elif changes is not None:
        entry["sealed"] = [_as_text(keys.seal_for_school(_as_json(changes), PURPOSE))]
    session.execute(_ADD, _values([entry], by))
    return UUID(entry["id"])


def saw(learner_ids: Iterable[UUID], what: str, *, folds: bool = False, subject: Subject | None = None) -> None:
    """Note that whoever asks is shown something of these learners; written once at the edge of the GET.

    `what` says which page (`learners.record`). `folds` is for lists and searches: an entry names only whom this
    person had not seen in that list today. The event is `record.viewed`.
    """
    views = _views.get()
    if views is None:
        views = {}
        _views.set(views)
    views.setdefault(_View(what, folds, subject), {}).update(dict.fromkeys(learner_ids))


def write_views() -> None:
    """Add the views noted so far, in one statement; called at the edge of a request."""
    views = _views.get()
    _views.set(None)
    actor = current_actor()
    if not views or actor is None:
        return
    entries = []
    for view, learners in views.items():
        if learners:
            entry = _entry("record.viewed", list(learners), view.subject, {"what": view.what})
            if view.folds:
                entry["fold"] = f"{actor.account_id} {view.what} {today().isoformat()}"
            entries.append(entry)
    if entries:
        session.execute(_ADD, _values(entries, actor))


def forget_views() -> None:
    """Drop views that were noted for an answer that isn't given."""
    _views.set(None)


def refused(what: str, *, address: str | None = None, learner_id: UUID | None = None) -> None:
    """Add an entry that something was refused, in a transaction of its own that outlives the rollback."""
    forget_views()
    facts = {"what": what, "address": address}
    entry = _entry("access.refused", [learner_id] if learner_id else [], None, facts)
    with apart(current_school_id()) as connection:
        connection.execute(_ADD, _values([entry], None))


def _entry(
    event: str, learners: list[UUID], subject: Subject | None, facts: Mapping[str, Any] | None
) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "event": event,
        "learners": [str(each) for each in learners],
        "subject_kind": subject[0] if subject else None,
        "subject_id": str(subject[1]) if subject and subject[1] else None,
        "facts": dict(facts or {}),
    }


def _values(entries: list[dict[str, Any]], by: Actor | None) -> dict[str, Any]:
    actor = by or current_actor()
    kind = _kind(actor)
    return {
        "entries": _as_json(entries),
        "at": now(),
        "kind": kind,
        "actor": actor.account_id if actor else None,
        "name": None if actor is None or kind in {"learner", "representative"} else actor.name,
        "roles": sorted(actor.roles) if actor else [],
        "origin": g.get("request_number") if has_request_context() else _origin.get(),
    }


def _kind(actor: Actor | None) -> str:
    if actor is None:
        return "nobody" if has_request_context() else "portal"
    if actor.account_id is None:
        return "portal"
    if actor.is_staff:
        return "staff"
    return "representative" if actor.represents else "learner"


def _seal(about: list[UUID], values: Mapping[UUID, Changes]) -> list[str | None]:
    """Seal each learner's changes, in the order of `about`; for one whose key was destroyed nothing is kept."""
    living = keys.living([each for each in about if each in values])
    pairs = [(each, _as_json(values[each])) for each in about if each in living]
    sealed = dict(zip((each for each, _ in pairs), keys.seal_many(pairs, PURPOSE), strict=True))
    return [_as_text(sealed.get(each)) for each in about]


def _as_text(blob: bytes | None) -> str | None:
    return None if blob is None else b64encode(blob).decode()


def _as_json(value: Any) -> str:
    return json.dumps(value, default=str, ensure_ascii=False)
