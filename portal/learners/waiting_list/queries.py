"""Who waits, for what and since when: the list of the office, and what one learner waits or waited for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, bindparam, exists, func, select
from sqlalchemy.orm import joinedload

from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import read, session
from portal.core.errors import NotFound
from portal.core.http.lists import PER_PAGE, Paged
from portal.core.http.scope import Reach, Scope
from portal.courses.models import Course, LearnerGroup
from portal.courses.scope import parameters_of
from portal.learners.record.models import Learner
from portal.learners.scope.queries import is_in_reach, reaches_learner
from portal.learners.trajectories.models import Route, Trajectory
from portal.learners.waiting_list.models import WaitingEnd, WaitingEntry

ORDERS: Mapping[str, tuple[Any, ...]] = {
    "since": (WaitingEntry.since_on, Learner.sort_name),
    "-since": (WaitingEntry.since_on.desc(), Learner.sort_name),
    "name": (Learner.sort_name,),
    "-name": (Learner.sort_name.desc(),),
    "course": (Course.name, WaitingEntry.since_on),
    "-course": (Course.name.desc(), WaitingEntry.since_on),
}
"""By what the waiting list is sorted: who waits longest first, unless another order is asked."""


@dataclass(frozen=True, kw_only=True)
class WaitingLine:
    """Somebody who waits or waited: for which course, perhaps which group, since when, and with which wish."""

    waiting_entry_id: UUID
    learner_id: UUID
    name: str
    number: str
    course_id: UUID
    course: str
    group: str | None
    since_on: date
    wish: str | None
    ended_on: date | None
    end_reason: WaitingEnd | None
    added_by_name: str

    @property
    def days(self) -> int:
        """How many days she waits, or waited."""
        return ((self.ended_on or today()) - self.since_on).days


@dataclass(frozen=True)
class WaitingSearch:
    """By what the list is narrowed."""

    course_id: UUID | None = None
    client_id: UUID | None = None
    route: Route | None = None


_SCHOOL = bindparam("school", type_=Uuid())


def _lines(school: Any) -> Select[Any]:
    entry = WaitingEntry
    columns: tuple[Any, ...] = (
        entry.id.label("waiting_entry_id"), entry.learner_id, Learner.full_name.label("name"), Learner.number,
        entry.course_id, Course.name.label("course"), LearnerGroup.name.label("group"), entry.since_on, entry.wish,
        entry.ended_on, entry.end_reason, entry.added_by_name,
    )  # fmt: skip
    return (
        select(*columns)
        .join(Learner, and_(Learner.school_id == entry.school_id, Learner.id == entry.learner_id))
        .join(Course, and_(Course.school_id == entry.school_id, Course.id == entry.course_id))
        .outerjoin(LearnerGroup, and_(LearnerGroup.school_id == entry.school_id, LearnerGroup.id == entry.group_id))
        .where(entry.school_id == school)
    )


def list_waiting(search: WaitingSearch, scope: Scope, *, order: str, page: int) -> Paged[WaitingLine]:
    """Return who within reach waits, narrowed and in the order that was asked; two statements."""
    narrowed = _lines(current_school_id()).where(
        WaitingEntry.is_waiting,
        Learner.is_in_use,
        reaches_learner(scope, WaitingEntry.learner_id),
        *_narrowing(search),
    )
    total = session.scalar(select(func.count()).select_from(narrowed.subquery())) or 0
    rows = session.execute(
        narrowed.order_by(*ORDERS[order], WaitingEntry.id).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    )
    return Paged([WaitingLine(**row) for row in rows.mappings()], page, total)


def _narrowing(search: WaitingSearch) -> list[ColumnElement[bool]]:
    conditions = [WaitingEntry.course_id == search.course_id] if search.course_id is not None else []
    asked = []
    if search.client_id is not None:
        asked.append(Trajectory.client_id == search.client_id)
    if search.route is not None:
        asked.append(Trajectory.route == search.route)
    if asked:
        conditions.append(
            exists().where(
                Trajectory.school_id == WaitingEntry.school_id,
                Trajectory.learner_id == WaitingEntry.learner_id,
                Trajectory.lasts_until(today()),
                *asked,
            )
        )
    return conditions


@lru_cache(maxsize=2 * len(Reach))
def _statement_of_one(reach: Reach, *, also_ended: bool) -> Select[Any]:
    """Made once for each reach: building a statement takes longer than running it."""
    statement = _lines(_SCHOOL).where(
        WaitingEntry.learner_id == bindparam("learner", type_=Uuid()),
        reaches_learner(Scope(reach), WaitingEntry.learner_id),
    )
    if not also_ended:
        statement = statement.where(WaitingEntry.is_waiting)
    return statement.order_by(WaitingEntry.since_on, WaitingEntry.id)


def list_waiting_of(learner_id: UUID, scope: Scope, *, also_ended: bool = False) -> Sequence[WaitingLine]:
    """Return for what a learner within reach waits, the longest first; with `also_ended` also what is over.

    Who doesn't see her trajectory sees none of it.
    """
    if "trajectory" not in scope.sees:
        return ()
    values = {"school": current_school_id(), "learner": learner_id, **parameters_of(scope)}
    rows = read(_statement_of_one(scope.reach, also_ended=also_ended), values)
    return [WaitingLine(**row._mapping) for row in rows]


def get_waiting(waiting_entry_id: UUID, scope: Scope, *, lock: bool = False) -> WaitingEntry:
    """Return that a learner within reach waits or waited, with her record; raises NotFound.

    With `lock` nobody else changes it until the commit.
    """
    row = session.get(
        WaitingEntry,
        (current_school_id(), waiting_entry_id),
        with_for_update={"of": WaitingEntry} if lock else None,
        populate_existing=lock,
        options=[joinedload(WaitingEntry.learner), joinedload(WaitingEntry.course), joinedload(WaitingEntry.group)],
    )
    if row is None or not is_in_reach(row.learner_id, scope):
        raise NotFound("waiting_entry")
    return row
