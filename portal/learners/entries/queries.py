"""Reads of the entries of a record: of one kind, or all that one learner has in two statements."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, exists, literal, select, union_all
from sqlalchemy.orm import contains_eager

from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.scope import Scope
from portal.learners.enrolments.models import Enrolment
from portal.learners.entries.kinds import EntryKind
from portal.learners.scope.queries import is_in_reach
from portal.learners.trajectories.models import Trajectory
from portal.organisations.models import ContactPerson, Organisation

_SCHOOL, _LEARNER = bindparam("school", type_=Uuid()), bindparam("learner", type_=Uuid())


@lru_cache(maxsize=64)
def _which(models: tuple[Any, ...]) -> Select[*tuple[Any, ...]]:
    """Made once for what a school keeps: building it takes longer than running it."""
    return select(*(exists().where(model.school_id == _SCHOOL, model.learner_id == _LEARNER) for model in models))


@lru_cache(maxsize=256)
def _rows(models: tuple[Any, ...]) -> Select[*tuple[Any, ...]]:
    """Return the statement for all rows that these tables have of a learner, each in its own column beside `which`."""
    ids = [
        select(literal(at).label("which"), model.id.label("id")).where(
            model.school_id == _SCHOOL, model.learner_id == _LEARNER
        )
        for at, model in enumerate(models)
    ]
    of = union_all(*ids).subquery("of_learner")
    statement = select(of.c.which, *models).select_from(of)
    for at, model in enumerate(models):
        statement = statement.outerjoin(
            model, (of.c.which == at) & (model.school_id == _SCHOOL) & (model.id == of.c.id)
        )
    if Enrolment in models:
        statement = statement.outerjoin(Enrolment.group).options(contains_eager(Enrolment.group))
    if Trajectory in models:
        statement = statement.outerjoin(Trajectory.client).outerjoin(Trajectory.client_manager)
        statement = statement.add_columns(Organisation.name.label("client"), ContactPerson.name.label("manager"))
    return statement


@dataclass(frozen=True)
class Held:
    """What stands under a learner: rows by table, the newest first, and the names of what they point to."""

    rows: Mapping[Any, list[Any]]
    names: Mapping[UUID, str]


def list_held(kinds: Iterable[EntryKind], learner_id: UUID, scope: Scope, there: Iterable[Any] | None = None) -> Held:
    """Return the entries of these kinds of a learner within reach, and her enrolments with their groups.

    `there` are the tables that have any, where that is known.
    """
    if not is_in_reach(learner_id, scope):
        raise NotFound("learner")
    kinds = tuple(kinds)
    order = {kind.model: kind.order for kind in kinds} | {Enrolment: "starts_on"}
    whose = {"school": current_school_id(), "learner": learner_id}
    held = _which_are_there(tuple(order), whose) if there is None else tuple(there)
    if not held:
        return Held({}, {})
    rows: dict[Any, list[Any]] = {model: [] for model in held}
    names: dict[UUID, str] = {}
    withheld = _withheld(kinds, held, scope)
    for found in session.execute(_rows(held), whose):
        entry = found[found.which + 1]
        if entry.id in withheld:
            continue
        rows[held[found.which]].append(entry)
        if isinstance(entry, Trajectory):
            named = {entry.client_id: found.client, entry.client_manager_id: found.manager}
            names |= {key: name for key, name in named.items() if key is not None}
    for model in held:
        rows[model].sort(key=lambda entry: (getattr(entry, order[type(entry)]), entry.id), reverse=True)
    return Held(rows, names)


def _withheld(kinds: Iterable[EntryKind], held: Iterable[Any], scope: Scope) -> frozenset[UUID]:
    """Return which entries whose scope it is doesn't read, of the kinds of which there are any."""
    there = set(held)
    asked = (kind.withheld for kind in kinds if kind.model in there and kind.withheld is not None)
    return frozenset().union(*(withheld(scope) for withheld in asked))


def _which_are_there(models: tuple[Any, ...], whose: dict[str, Any]) -> tuple[Any, ...]:
    row = session.execute(_which(models), whose).one()
    return tuple(model for model, is_there in zip(models, row, strict=True) if is_there)


def get_entry(kind: EntryKind, learner_id: UUID, entry_id: UUID, scope: Scope, *, lock: bool = False) -> Any:
    """Return an entry of this learner, who is within reach; raises NotFound."""
    found = session.get(kind.model, (current_school_id(), entry_id), with_for_update=lock, populate_existing=lock)
    if found is None or found.learner_id != learner_id or not is_in_reach(learner_id, scope):
        raise NotFound("entry")
    if entry_id in _withheld([kind], [kind.model], scope):
        raise NotFound("entry")
    return found
