"""Reads of ends: of one person, and of everybody of a kind of whom something is past its term."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, and_, false, func, literal, null, or_, select
from sqlalchemy.dialects.postgresql import DATERANGE

from portal.core.clock import today
from portal.core.db.bulk import among_ids
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.scope import Reach, Scope
from portal.core.personal_data import PersonKind
from portal.learners.record.models import Learner
from portal.learners.scope.queries import names_of_learners
from portal.policy.queries import current_policy
from portal.policy.schema import Policy
from portal.retention.ends.anchors import Recorded, recorded_of
from portal.retention.ends.kinds import EndKind
from portal.retention.ends.terms import terms_of_kind
from portal.retention.models import PartialEnding


@dataclass(frozen=True)
class PersonEnds:
    """Until when each category may be held of a person. `is_running`: nothing is due, whatever the days.

    Where a part of her went before, `gone_until` is the last end of what was over then, and `gone` what went.
    """

    kind: EndKind
    person_id: UUID
    is_running: bool
    ends: Mapping[str, date | None]
    gone_until: date
    gone: frozenset[str]

    def over_on(self, day: date) -> tuple[str, ...]:
        """Return the categories that may no longer be held on this day."""
        if self.is_running:
            return ()
        return tuple(key for key, end in self.ends.items() if end is not None and end < day)

    @property
    def went(self) -> frozenset[str]:
        """The categories that went before, and whose days aren't later since."""
        return frozenset(each for each in self.gone if (end := self.ends.get(each)) and end <= self.gone_until)

    def due_on(self, day: date) -> date:
        """Return since when something may no longer be held on this day that was not over when a part of her went."""
        over = (end for key in self.over_on(day) if (end := self.ends[key]) is not None and end > self.gone_until)
        return min(over, default=day) + timedelta(days=1)


def get_ends(kind: PersonKind, person_id: UUID, day: date, scope: Scope) -> PersonEnds:
    """Return the ends of one person of this kind, as on this day; raises NotFound."""
    recorded, policy = recorded_of(kind), current_policy()
    if scope.reach is not Reach.SCHOOL and scope.own_learner_id != person_id:
        raise NotFound(kind.value)
    row = session.execute(_ends_of(recorded, policy, kind, day).where(recorded.model.id == person_id)).one_or_none()
    if row is None:
        raise NotFound(kind.value)
    return _as_ends(row, policy, kind)


def names_of(kind: EndKind, ids: Sequence[UUID], scope: Scope) -> dict[UUID, str]:
    """Return the names of these people, without who is hidden."""
    scope.must_reach_school(kind.value)
    if kind is PersonKind.LEARNER:
        return names_of_learners(ids, scope)
    own = recorded_of(kind).model
    rows = session.execute(select(own.id, own.name).where(own.school_id == current_school_id(), among_ids(own.id, ids)))
    return {row.id: row.name for row in rows}


class FoundOver(NamedTuple):
    """The first people past a term, and how many there are in all."""

    ids: list[UUID]
    people: int


def is_still_here(kind: PersonKind, person_id: UUID, scope: Scope) -> bool:
    """Say whether something of somebody goes on today, so that no term of hers counts yet; of who is hidden, yes."""
    found = list_ends(kind, [person_id], today(), scope)
    return not found or found[0].is_running


def list_ends(kind: PersonKind, ids: Sequence[UUID], day: date, scope: Scope) -> list[PersonEnds]:
    """Return the ends of these people, as on this day; whoever isn't there is passed over."""
    scope.must_reach_school(kind.value)
    recorded, policy = recorded_of(kind), current_policy()
    rows = session.execute(_ends_of(recorded, policy, kind, day).where(among_ids(recorded.model.id, ids))).all()
    return [_as_ends(row, policy, kind) for row in rows]


def list_over(
    kind: EndKind,
    day: date,
    scope: Scope,
    *,
    limit: int = 500,
    offset: int = 0,
    ids: Sequence[UUID] | None = None,
    also: Iterable[ColumnElement[bool]] = (),
) -> list[PersonEnds]:
    """Return people of whom something may no longer be held on this day, by id.

    Nobody who is still followed, acts or works here is among them, and nobody of whom all that is over is gone but
    what is kept with the rest. `ids` narrows it to these; `also` are conditions on the person's own row.
    """
    scope.must_reach_school(kind.value)
    recorded, policy = recorded_of(kind), current_policy()
    wanted = _ends_of(recorded, policy, kind, day).where(is_over(kind, day), *also)
    if ids is not None:
        wanted = wanted.where(among_ids(recorded.model.id, ids))
    rows = session.execute(wanted.order_by(recorded.model.id).limit(limit).offset(offset)).all()
    return [_as_ends(row, policy, kind) for row in rows]


def find_over(
    kind: EndKind, day: date, scope: Scope, *, limit: int, also: Iterable[ColumnElement[bool]] = ()
) -> FoundOver:
    """Return the ids of the first people that `list_over` has, and how many there are in all, in one pass."""
    scope.must_reach_school(kind.value)
    own_id = recorded_of(kind).model.id
    wanted = _over(kind, day, own_id, *also).add_columns(func.count().over().label("people"))
    rows = session.execute(wanted.order_by(own_id).limit(max(limit, 1))).all()
    return FoundOver([row.id for row in rows[:limit]], rows[0].people if rows else 0)


def count_over(kind: EndKind, day: date, scope: Scope, *, also: Iterable[ColumnElement[bool]] = ()) -> int:
    """Return how many people `list_over` has in all."""
    scope.must_reach_school(kind.value)
    return session.scalar(_over(kind, day, func.count(), *also)) or 0


def _over(kind: EndKind, day: date, column: Any, *also: ColumnElement[bool]) -> Select[Any]:
    recorded = recorded_of(kind)
    here = (recorded.model.school_id == current_school_id(), recorded.is_one, is_over(kind, day), *also)
    return select(column).select_from(recorded.model).where(*here)


def is_over(kind: EndKind, day: date) -> ColumnElement[bool]:
    """Say of a person's own row whether something of her may no longer be held on this day, and is there."""
    recorded = recorded_of(kind)
    between = func.daterange(func.least(gone_until(kind), day), day, "()", type_=DATERANGE)
    ended = (between.contains(recorded.last_day(term)) for term in terms_of_kind(current_policy(), kind))
    return and_(func.coalesce(or_(false(), *ended), false()), ~recorded.is_running(day))


def gone_until(kind: EndKind) -> ColumnElement[Any]:
    """Return of a person's own row the last end of what went of her already, or a day before all others."""
    never = literal(date.min, Date)
    if kind is not PersonKind.LEARNER:
        return never
    return func.coalesce(_of_part(PartialEnding.ended_on), never)


def _gone(kind: EndKind) -> ColumnElement[Any]:
    """Return of a person's own row which categories went already."""
    return _of_part(PartialEnding.categories) if kind is PersonKind.LEARNER else null()


def _of_part(column: Any) -> ColumnElement[Any]:
    part = select(column).where(PartialEnding.school_id == Learner.school_id, PartialEnding.learner_id == Learner.id)
    return part.correlate(Learner).scalar_subquery()


def _ends_of(recorded: Recorded, policy: Policy, kind: EndKind, day: date) -> Select[Any]:
    ends = (recorded.last_day(term).label(f"end_{number}") for number, term in enumerate(terms_of_kind(policy, kind)))
    gone = (gone_until(kind).label("gone_until"), _gone(kind).label("gone"))
    columns = (recorded.model.id.label("person_id"), recorded.is_running(day).label("is_running"), *gone, *ends)
    return select(*columns).where(recorded.model.school_id == current_school_id(), recorded.is_one)


def _as_ends(row: Any, policy: Policy, kind: EndKind) -> PersonEnds:
    ends = {
        category: getattr(row, f"end_{number}")
        for number, term in enumerate(terms_of_kind(policy, kind))
        for category in term.categories
    }
    gone = frozenset(row.gone or ())
    return PersonEnds(kind, row.person_id, row.is_running, ends, row.gone_until, gone)
