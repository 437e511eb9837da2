"""Reads of runs: who is due now, how many may go without somebody's word, what was confirmed, how the nights went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.lists import PER_PAGE, Paged
from portal.core.http.scope import Scope
from portal.core.personal_data import PersonKind
from portal.retention.ends.anchors import recorded_of
from portal.retention.ends.kinds import EndKind, RowKind, person_kind_of
from portal.retention.ends.queries import FoundOver, PersonEnds, count_over, find_over, is_over, list_over, names_of
from portal.retention.holds.queries import is_held
from portal.retention.models import RetentionRun, RunState
from portal.schools.queries import get_school

KINDS: tuple[EndKind, ...] = (
    PersonKind.REPRESENTATIVE,
    PersonKind.CONTACT_PERSON,
    RowKind.VISITOR,
    PersonKind.LEARNER,
    PersonKind.STAFF,
)
"""Whose terms the run keeps, in this order: who acted for a learner is told apart from her before she goes."""


def list_due(
    kind: EndKind,
    day: date,
    scope: Scope,
    *,
    limit: int = 500,
    ids: Sequence[UUID] | None = None,
    tonight: date | None = None,
) -> list[PersonEnds]:
    """Return who of a kind is past a term on this day and not under a hold, by id, as `list_over` does.

    `tonight`, else today, is the night of the run: whoever was announced and waits then isn't among them.
    """
    return list_over(kind, day, scope, limit=limit, ids=ids, also=[_may_go(kind, day, tonight)])


def find_due(kind: EndKind, day: date, scope: Scope, *, limit: int, tonight: date | None = None) -> FoundOver:
    """Return the ids of the first people that `list_due` has, and how many there are in all."""
    return find_over(kind, day, scope, limit=limit, also=[_may_go(kind, day, tonight)])


def count_due(day: date, scope: Scope, *, tonight: date | None = None) -> int:
    """Return how many people of all kinds `list_due` has."""
    return sum(count_over(kind, day, scope, also=[_may_go(kind, day, tonight)]) for kind in KINDS)


def count_held_back(day: date, scope: Scope) -> int:
    """Return how many people are past a term on this day and stay because of a hold."""
    return sum(count_held(kind, day, scope) for kind in KINDS)


def count_held(kind: EndKind, day: date, scope: Scope) -> int:
    """Return how many people of a kind are past a term on this day and stay because of a hold."""
    return count_over(kind, day, scope, also=[is_held(person_kind_of(kind), day)])


def count_people(scope: Scope) -> int:
    """Return how many people the school has, of all kinds; a visitor is a contact person."""
    scope.must_reach_school("retention")
    found = 0
    for kind in PersonKind:
        recorded = recorded_of(kind)
        here = (recorded.model.school_id == current_school_id(), recorded.is_one)
        found += session.scalar(select(func.count()).select_from(recorded.model).where(*here)) or 0
    return found


def cap_of(people: int) -> int:
    """Return how many people may go in one night without somebody's word, in a school of so many."""
    return get_school().retention_cap(people)


def _may_go(kind: EndKind, day: date, tonight: date | None) -> ColumnElement[bool]:
    """Say of a person's own row that nothing keeps her on this day, nor is she among who was announced for later."""
    announced = find_announced(tonight or today())
    if announced is None:
        return ~is_held(person_kind_of(kind), day)
    return and_(~is_held(person_kind_of(kind), day), ~is_over(kind, announced.long_over_on))


def find_announced(day: date) -> RetentionRun | None:
    """Return the run that announced whom the next ones erase, while the days to look at that last; else None."""
    wanted = select(RetentionRun).where(
        RetentionRun.school_id == current_school_id(), RetentionRun.ran_on <= day, RetentionRun.announced_until > day
    )
    return session.scalars(wanted.order_by(RetentionRun.ran_on.desc()).limit(1)).one_or_none()


def count_long_over(day: date, scope: Scope) -> int:
    """Return how many people of all kinds were past a term on this earlier day, and are under no hold today."""
    return sum(count_over(kind, day, scope, also=[~is_held(person_kind_of(kind), today())]) for kind in KINDS)


def is_first_night(day: date) -> bool:
    """Say whether no night before this one found anybody past a term."""
    earlier = select(RetentionRun.id).where(
        RetentionRun.school_id == current_school_id(),
        RetentionRun.ran_on < day,
        or_(RetentionRun.due > 0, RetentionRun.announced > 0),
    )
    return session.scalar(earlier.limit(1)) is None


def _locked(wanted: Select[RetentionRun]) -> Select[RetentionRun]:
    return wanted.with_for_update().execution_options(populate_existing=True)


def find_run(day: date, *, lock: bool = False) -> RetentionRun | None:
    """Return the run of a night, or None."""
    wanted = select(RetentionRun).where(RetentionRun.school_id == current_school_id(), RetentionRun.ran_on == day)
    return session.scalars(_locked(wanted) if lock else wanted).one_or_none()


def find_confirmed(*, lock: bool = False) -> RetentionRun | None:
    """Return the latest run that somebody confirmed, or None."""
    wanted = (
        select(RetentionRun)
        .where(RetentionRun.school_id == current_school_id(), RetentionRun.confirmed_at.is_not(None))
        .order_by(RetentionRun.ran_on.desc())
        .limit(1)
    )
    return session.scalars(_locked(wanted) if lock else wanted).one_or_none()


def list_runs(scope: Scope, *, limit: int = 30) -> Sequence[RetentionRun]:
    """Return the latest runs, the newest first."""
    scope.must_reach_school("retention")
    wanted = select(RetentionRun).where(RetentionRun.school_id == current_school_id())
    return session.scalars(wanted.order_by(RetentionRun.ran_on.desc()).limit(limit)).all()


def find_waiting() -> RetentionRun | None:
    """Return the latest run where people wait for somebody's word, or where she gave it and not all went; else None."""
    wanted = select(RetentionRun).where(RetentionRun.school_id == current_school_id())
    latest = session.scalars(wanted.order_by(RetentionRun.ran_on.desc()).limit(1)).one_or_none()
    if latest is not None and latest.state is RunState.WAITS and latest.waiting:
        return latest
    confirmed = find_confirmed()
    return confirmed if confirmed is not None and confirmed.is_under_way else None


LISTED: tuple[EndKind, ...] = (
    PersonKind.LEARNER,
    PersonKind.REPRESENTATIVE,
    PersonKind.CONTACT_PERSON,
    RowKind.VISITOR,
    PersonKind.STAFF,
)
"""In which order people are listed."""


@dataclass(frozen=True, kw_only=True)
class NearlyDue:
    """Somebody of whom something goes: on which day, which categories, and whether a hold keeps it."""

    kind: EndKind
    person_id: UUID
    name: str
    due_on: date
    categories: tuple[str, ...]
    is_held: bool


def list_nearly_due(until: date, scope: Scope, *, page: int = 1) -> Paged[NearlyDue]:
    """Return of whom something may no longer be held on a day, those past a term already with them; learners first."""
    counts = {kind: count_over(kind, until, scope) for kind in LISTED}
    rows, skipped = list[NearlyDue](), (page - 1) * PER_PAGE
    for kind, count in counts.items():
        if skipped < count and len(rows) < PER_PAGE:
            rows += _list_nearly_due(kind, until, scope, limit=PER_PAGE - len(rows), offset=skipped)
        skipped = max(skipped - count, 0)
    return Paged(rows, page, sum(counts.values()))


def _list_nearly_due(kind: EndKind, until: date, scope: Scope, *, limit: int, offset: int) -> list[NearlyDue]:
    found = list_over(kind, until, scope, limit=limit, offset=offset)
    ids = [each.person_id for each in found]
    names = names_of(kind, ids, scope)
    over = [each.person_id for each in found if each.due_on(until) <= today()]
    held = _held(kind, until, over, today(), scope) | _held(kind, until, list(set(ids) - set(over)), until, scope)
    return [
        NearlyDue(
            kind=kind,
            person_id=each.person_id,
            name=names.get(each.person_id, ""),
            due_on=each.due_on(until),
            categories=tuple(key for key in each.over_on(until) if key not in each.went),
            is_held=each.person_id in held,
        )
        for each in found
    ]


def _held(kind: EndKind, until: date, ids: list[UUID], day: date, scope: Scope) -> set[UUID]:
    """Return whom of these people a hold keeps on a day."""
    also = [is_held(person_kind_of(kind), day)]
    return {each.person_id for each in list_over(kind, until, scope, ids=ids, also=also)} if ids else set()
