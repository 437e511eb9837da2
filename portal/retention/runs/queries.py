"""Reads of runs: who is due now, how many may go without somebody's word, what was confirmed, how the nights went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from portal.core.clock import today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.lists import PER_PAGE, Paged
from portal.core.http.scope import Scope
from portal.core.personal_data import PersonKind
from portal.learners.scope.queries import names_of_learners
from portal.retention.ends.anchors import recorded_of
from portal.retention.ends.queries import PersonEnds, count_over, is_over, list_over, list_over_ids
from portal.retention.holds.queries import is_held
from portal.retention.models import RetentionRun, RunState
from portal.schools.queries import get_school

KINDS = (PersonKind.REPRESENTATIVE, PersonKind.CONTACT_PERSON, PersonKind.LEARNER, PersonKind.STAFF)
"""Whose terms the run keeps, in this order: who acted for a learner is told apart from her before she goes."""


def list_due(
    kind: PersonKind, day: date, scope: Scope, *, limit: int = 500, ids: Sequence[UUID] | None = None
) -> list[PersonEnds]:
    """Return who of a kind is past a term on this day and not under a hold, by id, as `list_over` does."""
    return list_over(kind, day, scope, limit=limit, ids=ids, also=[_may_go(kind, day)])


def list_due_ids(kind: PersonKind, day: date, scope: Scope, *, limit: int) -> Sequence[UUID]:
    """Return the ids of the first people that `list_due` has."""
    return list_over_ids(kind, day, scope, limit=limit, also=[_may_go(kind, day)])


def count_due(day: date, scope: Scope) -> int:
    """Return how many people of all kinds are past a term on this day and not under a hold."""
    return sum(count_over(kind, day, scope, also=[_may_go(kind, day)]) for kind in KINDS)


def count_held_back(day: date, scope: Scope) -> int:
    """Return how many people are past a term on this day and stay because of a hold."""
    return sum(count_over(kind, day, scope, also=[is_held(kind, day)]) for kind in KINDS)


def count_people(scope: Scope) -> int:
    """Return how many people of these kinds the school has."""
    scope.must_reach_school("retention")
    found = 0
    for kind in KINDS:
        recorded = recorded_of(kind)
        here = (recorded.model.school_id == current_school_id(), recorded.is_one)
        found += session.scalar(select(func.count()).select_from(recorded.model).where(*here)) or 0
    return found


def cap_of(people: int) -> int:
    """Return how many people may go in one night without somebody's word, in a school of so many."""
    school = get_school()
    return max(school.retention_cap_people, ceil(people * school.retention_cap_percent / 100))


def _may_go(kind: PersonKind, day: date) -> ColumnElement[bool]:
    """Say of a person's own row that nothing keeps her on this day, nor is she among those who were announced today."""
    announced = find_announced(today())
    if announced is None:
        return ~is_held(kind, day)
    return and_(~is_held(kind, day), ~is_over(kind, announced.long_over_on))


def find_announced(day: date) -> RetentionRun | None:
    """Return the run that announced whom the next ones erase, while the days to look at that last; else None."""
    wanted = select(RetentionRun).where(
        RetentionRun.school_id == current_school_id(), RetentionRun.ran_on <= day, RetentionRun.announced_until > day
    )
    return session.scalars(wanted.order_by(RetentionRun.ran_on.desc()).limit(1)).one_or_none()


def count_long_over(day: date, scope: Scope) -> int:
    """Return how many people of all kinds were past a term on this earlier day, and are under no hold today."""
    return sum(count_over(kind, day, scope, also=[~is_held(kind, today())]) for kind in KINDS)


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


@dataclass(frozen=True)
class NearlyDue:
    """A learner of whom something goes: on which day, which categories, and whether a hold keeps it."""

    learner_id: UUID
    name: str
    due_on: date
    categories: tuple[str, ...]
    is_held: bool


def list_nearly_due(until: date, scope: Scope, *, page: int = 1) -> Paged[NearlyDue]:
    """Return the learners of whom something may no longer be held on a day, those past a term already with them."""
    kind = PersonKind.LEARNER
    found = list_over(kind, until, scope, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    ids = [each.person_id for each in found]
    names = names_of_learners(ids, scope)
    held = (
        {each.person_id for each in list_over(kind, until, scope, ids=ids, also=[is_held(kind, until)])}
        if ids
        else set()
    )
    return Paged(
        [_nearly_due(each, until, names.get(each.person_id, ""), is_held=each.person_id in held) for each in found],
        page,
        count_over(kind, until, scope),
    )


def _nearly_due(found: PersonEnds, until: date, name: str, *, is_held: bool) -> NearlyDue:
    over = found.over_on(until)
    first = min(end for category in over if (end := found.ends[category]) is not None)
    return NearlyDue(found.person_id, name, first + timedelta(days=1), over, is_held)
