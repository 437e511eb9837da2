"""The proposals that wait for the school, with what stands there now."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, String, Uuid, bindparam, exists, func, or_, select
from sqlalchemy.orm import joinedload

from portal.core.crypto import keys
from portal.core.db.scope import current_school_id, hidden_learners, hides_anyone
from portal.core.db.session import read, session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import Reach, Scope
from portal.core.ports import Port
from portal.courses.scope import parameters_of
from portal.learners.corrections.kinds import CORRECTABLES, Correctable, fields_known, kind_of, options_of
from portal.learners.corrections.models import Correction, CorrectionState
from portal.learners.own_record.queries import CorrectionView, list_corrections_of, views_of
from portal.learners.record.fields import RecordField, as_text
from portal.learners.record.models import OWN_RECORD, Learner
from portal.learners.record.values import values_of
from portal.learners.scope.queries import reaches_learner
from portal.permissions import Permission


@dataclass(frozen=True)
class WaitingCorrection:
    """A proposal before the school: the value when it was made, the value now, the value proposed."""

    view: CorrectionView
    learner_id: UUID
    learner_name: str
    learner_number: str
    entry: str
    now: str
    values_now: Mapping[str, object]
    may_decide: bool

    @property
    def is_stale(self) -> bool:
        """Say whether the value changed since it was proposed to change it."""
        return as_text(self.values_now[self.view.field.key]) != self.view.old_text


def _fields_of(categories: frozenset[str]) -> list[str]:
    return [field.key for field in fields_known() if field.category in categories]


def _fields_for(by: Actor) -> list[str]:
    """Return the fields of which this person sees what waits: a teacher only those on which she decides."""
    return _fields_of(by.sees & by.changes if by.scope.reach is Reach.OWN_GROUPS else by.sees)


def may_decide(field: RecordField, by: Actor) -> bool:
    """Say whether this person accepts and refuses what is proposed for a field: she changes its category."""
    return by.may(Permission.CORRECTION_DECIDE) and field.category in by.changes


def entries_read_by(by: Actor) -> list[ColumnElement[bool]]:
    """Return what leaves out proposals about what this person doesn't read: entries, and what learners restricted."""
    conditions = _not_restricted() if hides_anyone() else []
    for kind in CORRECTABLES.all:
        is_read = kind.is_read_by(by)
        if is_read is not None:
            entry = kind.model
            held = exists().where(entry.school_id == Correction.school_id, entry.id == Correction.entry_id, is_read)
            conditions.append(or_(Correction.field.not_in([field.key for field in kind.fields]), held))
    return conditions


def _not_restricted() -> list[ColumnElement[bool]]:
    """Return what leaves out proposals whose old and new values are of a category that its learner restricted."""
    hidden = {category: hidden_learners(category) for category in {field.category for field in fields_known()}}
    return [
        or_(Correction.learner_id.not_in(ids), Correction.field.not_in(_fields_of(frozenset({category}))))
        for category, ids in sorted(hidden.items())
        if ids
    ]


@lru_cache
def _count_statement(reach: Reach, *, of_one: bool) -> Select[int]:
    """Count the waiting proposals about `fields` within a reach, or those of `learner` alone."""
    statement = select(func.count()).where(
        Correction.school_id == bindparam("school", type_=Uuid()),
        Correction.is_waiting,
        Correction.field == func.any(bindparam("fields", type_=ARRAY(String()))),
        reaches_learner(Scope(reach), Correction.learner_id),
    )
    return statement.where(Correction.learner_id == bindparam("learner", type_=Uuid())) if of_one else statement


def count_waiting(by: Actor, *, learner_id: UUID | None = None) -> int:
    """Return how many proposals `list_waiting` would list without its limit: those that this person may see.

    Of one learner where she is named.
    """
    of_whom = {"school": current_school_id(), "learner": learner_id} | parameters_of(by.scope)
    statement = _count_statement(by.scope.reach, of_one=learner_id is not None).where(*entries_read_by(by))
    return int(read(statement, of_whom | {"fields": _fields_for(by)}).scalar_one())


def list_waiting(by: Actor, *, limit: int = 100) -> list[WaitingCorrection]:
    """Return the proposals that wait for the school and that this person may see, the oldest first."""
    rows = session.scalars(
        select(Correction)
        .options(joinedload(Correction.learner))
        .where(
            Correction.school_id == current_school_id(),
            Correction.is_waiting,
            Correction.field.in_(_fields_for(by)),
            reaches_learner(by.scope, Correction.learner_id),
            *entries_read_by(by),
        )
        .order_by(Correction.proposed_at, Correction.id)
        .limit(limit)
    )
    return _views(rows, by)


def get_correction(correction_id: UUID, by: Actor) -> WaitingCorrection:
    """Return a proposal with what stands there now; raises NotFound."""
    row = session.scalar(
        select(Correction)
        .options(joinedload(Correction.learner))
        .where(
            Correction.school_id == current_school_id(),
            Correction.id == correction_id,
            reaches_learner(by.scope, Correction.learner_id),
            *entries_read_by(by),
        )
        .execution_options(populate_existing=True)
    )
    if row is None or row.field not in _fields_for(by):
        raise NotFound("correction")
    return _views([row], by)[0]


HEARD_BY: Port[Callable[[Collection[UUID], Scope], Mapping[UUID, Sequence[str]]]] = Port("learners.correction_heard_by")
"""Called with ids of proposals and a scope: returns by proposal, by name, who hears that it was carried out."""


@dataclass(frozen=True)
class OwnProposal:
    """What a learner asked to change, as she reads it back; `entry` is "" for a field of her own.

    `heard_by` are those who had the old value and hear of the change, by name.
    """

    view: CorrectionView
    entry: str
    heard_by: Sequence[str]


def list_own_proposals(scope: Scope) -> list[OwnProposal]:
    """Return what a learner proposed in categories of her scope, and what the school answered, the newest first."""
    known = set(_fields_of(scope.sees))
    rows = [row for row in list_corrections_of(scope) if row.field in known]
    held = rows_of(rows)
    heard = HEARD_BY.only([row.id for row in rows], scope)
    return [
        OwnProposal(view, title_of(row.field, held.get(row.id)), heard.get(row.id, ()))
        for row, view in zip(rows, views_of(rows), strict=True)
    ]


@dataclass(frozen=True)
class OwnAnswer:
    """That the school answered what a learner proposed or said against a finding: about which field, and when."""

    label: str
    is_accepted: bool
    decided_at: datetime


def list_recent_answers(scope: Scope, *, since: datetime) -> list[OwnAnswer]:
    """Return what the school answered the learner of this scope since a moment, in its categories, the newest first."""
    rows = session.execute(
        select(Correction.field, Correction.state, Correction.decided_at)
        .where(
            Correction.school_id == current_school_id(),
            Correction.learner_id == scope.get_own_learner_id(),
            Correction.field.in_(_fields_of(scope.sees)),
            Correction.state.in_((CorrectionState.ACCEPTED, CorrectionState.REFUSED)),
            Correction.decided_at >= since,
        )
        .order_by(Correction.decided_at.desc(), Correction.id)
    )
    labels = {field.key: str(field.label) for field in fields_known()}
    return [OwnAnswer(labels[row.field], row.state is CorrectionState.ACCEPTED, row.decided_at) for row in rows]


def list_own_views(tables: Collection[str], scope: Scope) -> dict[UUID, list[CorrectionView]]:
    """Return by entry of these tables what the learner of this scope said against it, the newest first."""
    return _by_entry(list_corrections_of(scope), tables, scope.sees)


def list_views_on(learner_id: UUID, tables: Collection[str], by: Actor) -> dict[UUID, list[CorrectionView]]:
    """Return by entry of these tables what a learner within reach says against it and what waits for an answer."""
    rows = session.scalars(
        select(Correction)
        .where(
            Correction.school_id == current_school_id(),
            Correction.learner_id == learner_id,
            Correction.is_waiting,
            reaches_learner(by.scope, Correction.learner_id),
            *entries_read_by(by),
        )
        .order_by(Correction.proposed_at.desc(), Correction.id)
    )
    return _by_entry(rows, tables, by.sees)


def _by_entry(
    rows: Iterable[Correction], tables: Collection[str], categories: frozenset[str]
) -> dict[UUID, list[CorrectionView]]:
    known = {key for key in _fields_of(categories) if key.partition(".")[0] in tables}
    about = [row for row in rows if row.field in known and row.entry_id != OWN_RECORD]
    found: dict[UUID, list[CorrectionView]] = {}
    for row, view in zip(about, views_of(about), strict=True):
        found.setdefault(row.entry_id, []).append(view)
    return found


def rows_of(corrections: Iterable[Correction], *, lock: bool = False) -> dict[UUID, Any]:
    """Return by a proposal's id the row that it is about: a learner's, or an entry's; a statement for each table.

    An entry that is gone is absent. With `lock` nobody changes them before the commit.
    """
    found: dict[UUID, Any] = {}
    by_model: dict[Any, list[Correction]] = {}
    for each in corrections:
        kind = kind_of(each.field)
        by_model.setdefault(kind.model if kind is not None else Learner, []).append(each)
    for model, asked in by_model.items():
        ids = {each.id: each.learner_id if model is Learner else each.entry_id for each in asked}
        wanted = select(model).where(model.school_id == current_school_id(), model.id.in_(ids.values()))
        wanted = wanted.options(*options_of(model))
        if lock:
            wanted = wanted.with_for_update(of=model).execution_options(populate_existing=True)
        held = {row.id: row for row in session.scalars(wanted)}
        found |= {key: held[row_id] for key, row_id in ids.items() if row_id in held}
    return found


def values_held(row: Any, field: RecordField) -> dict[str, object]:
    """Return the value of a field in the row that holds it; None where that is gone."""
    return values_of(row, [field]) if row is not None else {field.key: None}


def title_of(field: str, row: Any) -> str:
    """Return what the entry is called that a proposal is about; "" for the learner's own row or one that is gone."""
    kind = kind_of(field)
    return kind.title(row) if kind is not None and row is not None else ""


def get_own_entry(kind: Correctable, entry_id: UUID, scope: Scope) -> Any:
    """Return an entry of the learner of this scope that she sees; raises NotFound."""
    learner_id = scope.get_own_learner_id()
    row = session.get(kind.model, (current_school_id(), entry_id), options=kind.options)
    is_shown = kind.fields[0].category in scope.sees
    if row is None or row.learner_id != learner_id or not is_shown or not kind.is_seen(row):
        raise NotFound("entry")
    return row


def _views(rows: Iterable[Correction], by: Actor) -> list[WaitingCorrection]:
    found = list(rows)
    keys.fetch_keys((row.learner_id, row.field) for row in found)
    rows_held = rows_of(found)
    views = []
    for row, view in zip(found, views_of(found), strict=True):
        held, field = rows_held.get(row.id), view.field
        values = values_held(held, field)
        views.append(
            WaitingCorrection(
                view=view,
                entry=title_of(field.key, held),
                learner_id=row.learner_id,
                learner_name=row.learner.full_name,
                learner_number=row.learner.number,
                now=field.show(values[field.key]),
                values_now=values,
                may_decide=may_decide(field, by),
            )
        )
    return views
