"""Adding entries: a change in the caller's transaction, views at the edge of a GET, a refusal apart."""

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from typing import Any, NamedTuple
from uuid import UUID

from flask import g, has_request_context
from sqlalchemy import text

from portal.core.audit.declarations import chain_of
from portal.core.audit.models import Chain
from portal.core.audit.values import Changes, encode, seal_changes, seal_school_changes
from portal.core.clock import now, today
from portal.core.db.base import new_id
from portal.core.db.bulk import as_array
from portal.core.db.commit_hooks import on_commit
from portal.core.db.scope import current_school_id
from portal.core.db.session import read
from portal.core.db.transactions import independent_transaction
from portal.core.http.access import Actor, current_actor

Subject = tuple[str, UUID | None]

_COLUMNS = """school_id, id, at, event, actor_kind, actor_id, actor_name, actor_roles, subject_kind, subject_id, facts,
        sealed, origin, chain, learner_ids"""
_FROM = """current_school(), cast({0}id as uuid), cast({0}at as timestamptz), {0}event, {0}kind,
        cast({0}actor as uuid), {0}name, cast({0}roles as text[]), {0}subject_kind, cast({0}subject_id as uuid),
        cast({0}facts as jsonb), cast({0}sealed as jsonb), {0}origin, {0}chain"""
_VALUES = _FROM.format(":")
_WAITS = """insert into audit_unsealed (school_id, id, chain, learner_ids)
    select school_id, id, chain, learner_ids from added"""
ADDED = f"""added as (
    insert into audit_event ({_COLUMNS}) values ({_VALUES}, cast(:learners as uuid[]))
    returning school_id, id, chain, learner_ids
), queued as ({_WAITS})"""  # noqa: S608  (our own text)
"""Adds an entry within a statement that changes something besides: parts of its `with`; its values: `entry`."""
_MOST_ADDRESS = 300
_ADD = text(f"with {ADDED} select")
_ADD_ALL = text(f"""
with given as (
    select * from jsonb_to_recordset(cast(:entries as jsonb)) as given (id text, at text, event text, kind text,
        actor text, name text, roles text, subject_kind text, subject_id text, facts text, sealed text, origin text,
        chain text, learners text)
), added as (
    insert into audit_event ({_COLUMNS}) select {_FROM.format("given.")}, cast(given.learners as uuid[]) from given
    returning school_id, id, chain, learner_ids
)
{_WAITS}
""")  # noqa: S608  (our own text)
_ADD_FOLDED = text(f"""
with about as (
    insert into audit_learner (school_id, learner_id, event_id, fold)
    select current_school(), learner_id, cast(:id as uuid), :fold
    from unnest(cast(:learners as uuid[])) as l (learner_id)
    on conflict do nothing returning learner_id
), added as (
    insert into audit_event ({_COLUMNS})
    select {_VALUES}, (select array_agg(learner_id order by learner_id) from about)
    where exists (select from about) returning school_id, id, chain, learner_ids
)
{_WAITS}
""")  # noqa: S608  (our own text)
_MOST_FOLDS = 2_000
PEOPLE = frozenset({"contact_person", "representative", "account"})
"""Kinds of subject that are people themselves, with keys of their own."""


class _View(NamedTuple):
    what: str
    folds: bool
    subject: Subject | None


_views: ContextVar[dict[_View, dict[UUID, None]] | None] = ContextVar("views", default=None)
_refused_ways_in: ContextVar[tuple[dict[str, Any], ...]] = ContextVar("refused_ways_in", default=())
_origin: ContextVar[str | None] = ContextVar("origin", default=None)
_folded: dict[str, set[UUID]] = {}
"""Whom this process knows to stand in a fold already: a list seen again asks nothing of the database."""


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
    """Add one entry (`attendance.recorded`) to the transaction in hand, and return its id; as `entry` takes it."""
    values = entry(
        event,
        learner_id=learner_id,
        learner_ids=learner_ids,
        subject=subject,
        facts=facts,
        changes=changes,
        changes_of=changes_of,
        by=by,
    )
    read(_ADD, values)
    made: UUID = values["id"]
    return made


def record_all(entries: Iterable[Mapping[str, Any]]) -> None:
    """Add many entries, each as `entry` makes it, to the transaction in hand in one statement."""
    read(_ADD_ALL, {"entries": encode(list(entries))})


def entry(
    event: str,
    *,
    learner_id: UUID | None = None,
    learner_ids: Iterable[UUID] = (),
    subject: Subject | None = None,
    facts: Mapping[str, Any] | None = None,
    changes: Changes | None = None,
    changes_of: Mapping[UUID, Changes] | None = None,
    by: Actor | None = None,
) -> dict[str, Any]:
    """Return the values of an entry, for `record_all` or a statement that adds it (`ADDED`).

    `facts` hold ids, counts and choices, never a value of a person. `changes` maps a field's key to its value before
    and after, of the one learner named, else of the person who is the subject; `changes_of` does so for several
    learners. They are sealed under each person's key for the field's category, and under the school's where nobody is
    named.
    """
    about = list(dict.fromkeys([*([learner_id] if learner_id else []), *learner_ids, *(changes_of or {})]))
    values: dict[UUID, Changes] = dict(changes_of or {})
    person_id = learner_id or (subject[1] if subject is not None and subject[0] in PEOPLE else None)
    if changes is not None and person_id is not None:
        values[person_id] = changes
    fields = sorted({*(changes or {}), *(field for each in values.values() for field in each)})
    made = _entry(event, about, subject, {**(facts or {}), **({"fields": fields} if fields else {})}, by)
    if values:
        made["sealed"] = encode(seal_changes(values))
    elif changes is not None:
        made["sealed"] = encode(seal_school_changes(changes))
    return made


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


def saw_person(subject: Subject, what: str) -> None:
    """Note that whoever asks is shown what is held of one person who is no learner: one of PEOPLE and her id."""
    saw((), what, subject=subject)


def write_views() -> None:
    """Add the refused ways in and the views noted so far, each in one statement; called at the edge of a request."""
    for entry in _refused_ways_in.get():
        read(_ADD, entry)
    views = _views.get()
    _views.set(None)
    _refused_ways_in.set(())
    actor = current_actor()
    if not views or actor is None:
        return
    for view, learners in views.items():
        if not learners and (view.subject is None or view.subject[0] not in PEOPLE):
            continue
        if view.folds:
            _write_folded(view, learners, actor)
        else:
            entry = _entry("record.viewed", list(learners), view.subject, {"what": view.what}, actor)
            read(_ADD, entry)


def _write_folded(view: _View, learners: Iterable[UUID], actor: Actor) -> None:
    """Add an entry about whom this person had not seen in this list today; nothing where she had seen all."""
    fold = f"{actor.account_id} {view.what} {today().isoformat()}"
    place = f"{current_school_id()} {fold}"
    known = _folded.get(place, set())
    unknown = [each for each in learners if each not in known]
    if not unknown:
        return
    entry = _entry("record.viewed", unknown, view.subject, {"what": view.what}, actor)
    read(_ADD_FOLDED, {**entry, "fold": fold})

    def remember() -> None:
        if len(_folded) >= _MOST_FOLDS:
            _folded.clear()
        _folded.setdefault(place, set()).update(unknown)

    on_commit(remember)


def forget_views() -> None:
    """Drop views that were noted for an answer that isn't given."""
    _views.set(None)


def refused_way_in(what: str) -> None:
    """Note that a request proved nothing: a wrong password or code, too many of them, a token that isn't good.

    The entry stands in the chain of sign-ins, and is written where the request ends, whatever of it is rolled back.
    """
    made = _entry("access.refused", [], None, {"what": what}, None)
    _refused_ways_in.set((*_refused_ways_in.get(), {**made, "chain": Chain.ACTIVITY.value}))


def refused(
    what: str, *, address: str | None = None, learner_id: UUID | None = None, chain: Chain = Chain.MAIN
) -> None:
    """Add an entry that something was refused, in a transaction of its own that outlives the rollback.

    A sign-in that was refused is a sign-in trace: give that `chain`.
    """
    forget_views()
    facts = {"what": what, "address": address[:_MOST_ADDRESS] if address else None}
    entry = _entry("access.refused", [learner_id] if learner_id else [], None, facts, None)
    entry["chain"] = chain.value
    with independent_transaction(current_school_id()) as connection:
        connection.execute(_ADD, entry)


def _entry(
    event: str, learners: list[UUID], subject: Subject | None, facts: Mapping[str, Any], by: Actor | None
) -> dict[str, Any]:
    actor = by or current_actor()
    kind = _kind(actor)
    return {
        "id": new_id(),
        "at": now(),
        "event": event,
        "chain": _chain_of(event, kind).value,
        "kind": kind,
        "actor": actor.account_id if actor else None,
        "name": None if actor is None or kind in {"learner", "representative"} else actor.name,
        "roles": as_array(sorted(actor.roles) if actor else ()),
        "learners": as_array(learners),
        "subject_kind": subject[0] if subject else None,
        "subject_id": subject[1] if subject else None,
        "facts": encode(facts),
        "sealed": None,
        "origin": g.get("request_number") if has_request_context() else _origin.get(),
    }


def _chain_of(event: str, actor_kind: str) -> Chain:
    """Return the chain of an entry; what a learner saw of her own data is her use of the portal and nobody's look."""
    own_look = event == "record.viewed" and actor_kind == "learner"
    return Chain.ACTIVITY if own_look else chain_of(event)


def _kind(actor: Actor | None) -> str:
    if actor is None:
        return "nobody" if has_request_context() else "portal"
    if actor.account_id is None:
        return "portal"
    if actor.is_staff:
        return "staff"
    return "representative" if actor.represents else "learner"
