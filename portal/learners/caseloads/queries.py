"""Whose coach somebody is, who can be one, and for whom a coach stands in today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Account, Membership
from portal.core.audit import AuditEvent
from portal.core.clock import now, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.learners.caseloads.models import Coaching, CoachSubstitute
from portal.learners.group_changes.queries import TAKEN_BACK_WITHIN, Plan, TickedLearner
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.permissions import Role


@dataclass(frozen=True)
class Coach:
    """Somebody who coaches, with how many learners she has today and until when others stand in for her."""

    account_id: UUID
    name: str
    learners: int = 0
    substitutes: tuple[CoachSubstitute, ...] = ()


@dataclass(frozen=True)
class CoachOf:
    """Whose learner somebody is, and since or from when."""

    account_id: UUID
    name: str
    starts_on: date


def is_coach(day: date) -> ColumnElement[bool]:
    """Say of `account` whether she is a coach on a day."""
    role = exists().where(
        Membership.school_id == Account.school_id,
        Membership.account_id == Account.id,
        Membership.role == Role.COACH,
        Membership.holds_on(day),
    )
    return and_(Account.is_in_force, role)


def _of_school() -> ColumnElement[bool]:
    return and_(Coaching.school_id == current_school_id())


def list_coach_names() -> list[tuple[UUID, str]]:
    """Return who is a coach today: id and name, by name."""
    coaches = select(Account.id, Account.name).where(Account.school_id == current_school_id(), is_coach(today()))
    return [(row.id, row.name) for row in session.execute(coaches.order_by(func.lower(Account.name), Account.id))]


def list_coaches() -> list[Coach]:
    """Return the coaches of the school, and who has learners without being one any more, by name; two statements."""
    count = (
        select(func.count())
        .select_from(Coaching)
        .where(Coaching.school_id == Account.school_id, Coaching.account_id == Account.id, Coaching.holds_on(today()))
        .correlate(Account)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Account.id, Account.name, count.label("learners"))
        .where(Account.school_id == current_school_id(), or_(is_coach(today()), count > 0))
        .order_by(func.lower(Account.name), Account.id)
    ).all()
    found: dict[UUID, list[CoachSubstitute]] = {}
    for each in session.scalars(_substitutes()):
        found.setdefault(each.coach_id, []).append(each)
    return [Coach(row.id, row.name, row.learners, tuple(found.get(row.id, ()))) for row in rows]


def _substitutes() -> Select[CoachSubstitute]:
    return (
        select(CoachSubstitute)
        .options(joinedload(CoachSubstitute.account))
        .where(CoachSubstitute.school_id == current_school_id(), CoachSubstitute.lasts_until(today()))
        .order_by(CoachSubstitute.starts_on, CoachSubstitute.id)
    )


def get_coach(account_id: UUID, scope: Scope) -> Coach:
    """Return a coach of the school, or who has learners without being one any more; raises NotFound."""
    scope.must_reach_school("coach")
    found = next((each for each in list_coaches() if each.account_id == account_id), None)
    if found is None:
        raise NotFound("coach")
    return found


def get_substitute(coach_id: UUID, substitute_id: UUID, scope: Scope) -> CoachSubstitute:
    """Return that somebody stands in for a coach; raises NotFound."""
    scope.must_reach_school("coach_substitute")
    row = session.get(CoachSubstitute, (current_school_id(), substitute_id))
    if row is None or row.coach_id != coach_id:
        raise NotFound("coach_substitute")
    return row


def find_coach_of(learner_id: UUID, scope: Scope) -> CoachOf | None:
    """Return whose learner somebody within reach is today, else from when to come; None where she has no coach."""
    row = session.execute(
        select(Account.id, Account.name, Coaching.starts_on)
        .join(Account, and_(Account.school_id == Coaching.school_id, Account.id == Coaching.account_id))
        .where(
            _of_school(),
            Coaching.learner_id == learner_id,
            Coaching.lasts_until(today()),
            reaches_learner(scope, Coaching.learner_id),
        )
        .order_by(Coaching.starts_on)
        .limit(1)
    ).first()
    return row and CoachOf(row.id, row.name, row.starts_on)


def list_learners_of(coach: Coach, scope: Scope) -> list[TickedLearner]:
    """Return whom a coach has today, as far as a scope reaches them, by name."""
    wanted = (
        select(Learner.id, Learner.full_name.label("name"))
        .join(Coaching, and_(Coaching.school_id == Learner.school_id, Coaching.learner_id == Learner.id))
        .where(
            _of_school(), Coaching.account_id == coach.account_id, Coaching.holds_on(today()), reaches_learner(scope)
        )
        .order_by(Learner.sort_name, Learner.id)
    )
    return [TickedLearner(row.id, row.name) for row in session.execute(wanted)]


def list_learners_from(account_id: UUID, scope: Scope, *, on: date) -> list[TickedLearner]:
    """Return the learners within reach whom somebody coaches on a day or later, by name."""
    hers = exists().where(
        Coaching.school_id == Learner.school_id,
        Coaching.learner_id == Learner.id,
        Coaching.account_id == account_id,
        Coaching.lasts_until(on),
    )
    wanted = (
        select(Learner.id, Learner.full_name.label("name"))
        .where(Learner.school_id == current_school_id(), hers, reaches_learner(scope))
        .order_by(Learner.sort_name, Learner.id)
    )
    return [TickedLearner(row.id, row.name) for row in session.execute(wanted)]


def list_stood_in(account_id: UUID, scope: Scope) -> Sequence[CoachSubstitute]:
    """Return for whom somebody stands in today or later, with the coach, in order."""
    scope.must_reach_school("coach_substitute")
    return session.scalars(
        select(CoachSubstitute)
        .options(joinedload(CoachSubstitute.coach))
        .where(
            CoachSubstitute.school_id == current_school_id(),
            CoachSubstitute.account_id == account_id,
            CoachSubstitute.lasts_until(today()),
        )
        .order_by(CoachSubstitute.starts_on, CoachSubstitute.id)
    ).all()


def plan_coach(
    lines: Sequence[TickedLearner], *, account_id: UUID | None, on: date, scope: Scope
) -> Plan[TickedLearner]:
    """Return who can get a coach from a day on, or have none: not who has that one already."""
    held = _held_from([each.learner_id for each in lines], on, scope)

    def stays(line: TickedLearner) -> bool:
        rows = held.get(line.learner_id, [])
        if account_id is None:
            return not rows
        return len(rows) == 1 and rows[0].account_id == account_id and rows[0].is_open_ended and rows[0].starts_on <= on

    why = "no_coach" if account_id is None else "same_coach"
    return Plan([each for each in lines if not stays(each)], [(each, why) for each in lines if stays(each)])


def _held_from(learner_ids: Sequence[UUID], on: date, scope: Scope) -> Mapping[UUID, list[Coaching]]:
    rows = session.scalars(
        select(Coaching).where(
            _of_school(),
            Coaching.learner_id.in_(learner_ids),
            Coaching.lasts_until(on),
            reaches_learner(scope, Coaching.learner_id),
        )
    )
    found: dict[UUID, list[Coaching]] = {}
    for row in rows:
        found.setdefault(row.learner_id, []).append(row)
    return found


def get_given(entry_id: UUID, scope: Scope) -> AuditEvent:
    """Return which coaches were given at once, as the audit has it; raises NotFound."""
    scope.must_reach_school("coaching")
    entry = session.get(AuditEvent, (current_school_id(), entry_id))
    if entry is None or entry.event != "learners.coach_given_together":
        raise NotFound("coaching")
    return entry


def is_recent(entry: AuditEvent) -> bool:
    """Say whether what was done at once can still be taken back."""
    return now() - entry.at < TAKEN_BACK_WITHIN


def coached_by(account: Any, day: Any) -> ColumnElement[bool]:
    """Say of `coaching` whether it is of this coach on this day, or of one for whom she stands in then.

    Values or parameters.
    """
    stands_in = select(CoachSubstitute.coach_id).where(
        CoachSubstitute.school_id == Coaching.school_id,
        CoachSubstitute.account_id == account,
        CoachSubstitute.holds_on(day),
    )
    return and_(Coaching.holds_on(day), or_(Coaching.account_id == account, Coaching.account_id.in_(stands_in)))


def count_coached(by: Actor) -> int:
    """Return how many learners a coach has today, with those of whom she stands in for."""
    hers = select(func.count()).select_from(Coaching).where(_of_school(), coached_by(by.account_id, today()))
    return session.scalar(hers.where(reaches_learner(by.scope, Coaching.learner_id))) or 0


def list_coach_ids(learner_ids: Sequence[UUID], scope: Scope) -> dict[UUID, list[UUID]]:
    """Return by learner within reach the accounts of who coaches her today, and of who stands in for that coach."""
    stands_in = and_(
        CoachSubstitute.school_id == Coaching.school_id,
        CoachSubstitute.coach_id == Coaching.account_id,
        CoachSubstitute.holds_on(today()),
    )
    rows = session.execute(
        select(Coaching.learner_id, Coaching.account_id, CoachSubstitute.account_id.label("substitute_id"))
        .outerjoin(CoachSubstitute, stands_in)
        .where(
            _of_school(),
            Coaching.learner_id.in_(learner_ids),
            Coaching.holds_on(today()),
            reaches_learner(scope, Coaching.learner_id),
        )
    )
    found: dict[UUID, list[UUID]] = {}
    for row in rows:
        both = [row.account_id, row.substitute_id] if row.substitute_id is not None else [row.account_id]
        found.setdefault(row.learner_id, []).extend(both)
    return found
