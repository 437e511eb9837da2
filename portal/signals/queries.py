"""Reads for signals: what they rest on, the school's rules, and the signals of those within reach."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    String,
    Uuid,
    and_,
    bindparam,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)

from portal.attendance.models import AttendanceMark
from portal.core.clock import now, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import NotFound
from portal.core.http.access import Actor
from portal.core.http.lists import PER_PAGE, Paged
from portal.core.http.scope import Scope
from portal.courses.models import LearnerGroup
from portal.learners.caseloads.models import Coaching
from portal.learners.caseloads.queries import coached_by
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.learners.trajectories.models import Trajectory
from portal.permissions import Permission
from portal.signals.models import Signal, SignalAnswer, SignalKind, SignalRule

_ANY_OF = func.any(bindparam("learners", type_=ARRAY(Uuid())))


def list_rules() -> dict[SignalKind, SignalRule]:
    """Return the school's own rules by kind; nothing where it made none."""
    rules = session.scalars(select(SignalRule).where(SignalRule.school_id == current_school_id()))
    return {rule.kind: rule for rule in rules}


def thresholds_on() -> dict[SignalKind, int]:
    """Return the thresholds of the rules that are on, by kind."""
    return {kind: rule.threshold for kind, rule in list_rules().items() if rule.is_on}


def list_taught_ids(scope: Scope, day: date, *, after: UUID | None = None, most: int) -> list[UUID]:
    """Return the ids of learners of whom an enrolment or a trajectory runs, in order of id, after one of them."""
    here = current_school_id()
    statement = (
        select(Learner.id)
        .where(Learner.school_id == here, Learner.is_in_use, _is_taught(day), reaches_learner(scope))
        .order_by(Learner.id)
        .limit(most)
    )
    if after is not None:
        statement = statement.where(Learner.id > after)
    return list(session.scalars(statement))


def list_ids_in_lesson(lesson_id: UUID, scope: Scope, day: date) -> list[UUID]:
    """Return the ids of the learners with a mark in a lesson of whom an enrolment or a trajectory runs."""
    marked = select(AttendanceMark.learner_id).where(
        AttendanceMark.school_id == current_school_id(), AttendanceMark.lesson_id == lesson_id
    )
    statement = select(Learner.id).where(
        Learner.school_id == current_school_id(),
        Learner.is_in_use,
        Learner.id.in_(marked),
        _is_taught(day),
        reaches_learner(scope),
    )
    return list(session.scalars(statement.order_by(Learner.id)))


def _is_taught(day: date) -> ColumnElement[bool]:
    own = (Enrolment.school_id == Learner.school_id, Enrolment.learner_id == Learner.id)
    hers = (Trajectory.school_id == Learner.school_id, Trajectory.learner_id == Learner.id)
    return or_(exists().where(*own, Enrolment.holds_on(day)), exists().where(*hers, Trajectory.holds_on(day)))


def list_open_of(learner_ids: Sequence[UUID], scope: Scope) -> dict[tuple[UUID, SignalKind], Signal]:
    """Return the open signals of these learners, locked so that an answer and a new look don't cross."""
    rows = session.scalars(
        select(Signal)
        .where(
            Signal.school_id == current_school_id(),
            Signal.learner_id == _ANY_OF,
            Signal.is_open,
            reaches_learner(scope, Signal.learner_id),
        )
        .order_by(Signal.id)
        .with_for_update(),
        {"learners": list(learner_ids)},
    )
    return {(row.learner_id, row.kind): row for row in rows}


def list_open_of_those_who_left(scope: Scope, day: date) -> list[Signal]:
    """Return the open signals of learners within reach of whom no enrolment or trajectory runs any more."""
    rows = session.scalars(
        select(Signal)
        .join(Learner, and_(Learner.school_id == Signal.school_id, Learner.id == Signal.learner_id))
        .where(Signal.school_id == current_school_id(), Signal.is_open, not_(_is_taught(day)), reaches_learner(scope))
        .order_by(Signal.id)
        .with_for_update(of=Signal)
    )
    return list(rows)


def list_quiet(learner_ids: Sequence[UUID], scope: Scope, day: date) -> set[tuple[UUID, SignalKind]]:
    """Return of which learners which question isn't asked again yet, since somebody answered it."""
    rows = session.execute(
        select(Signal.learner_id, Signal.kind).where(
            Signal.school_id == current_school_id(),
            Signal.learner_id == _ANY_OF,
            Signal.quiet_until >= day,
            reaches_learner(scope, Signal.learner_id),
        ),
        {"learners": list(learner_ids)},
    )
    return {(row.learner_id, row.kind) for row in rows}


class ListedSignal(NamedTuple):
    """A signal in a list: whose it is, in which groups she is, what it rests on, and what became of it."""

    id: UUID
    learner_id: UUID
    number: str
    name: str
    groups: Sequence[str]
    kind: SignalKind
    facts: Mapping[str, Any]
    raised_at: datetime
    seen_at: datetime
    answer: SignalAnswer | None
    answered_at: datetime | None
    answered_by_name: str | None
    quiet_until: date | None


class Whose(StrEnum):
    """Of whom signals are listed: the coach's own learners, those without a coach, or all within reach."""

    MINE = "mijn"
    WITHOUT_COACH = "zonder"
    ALL = "alle"


def usual_whose(actor: Actor) -> Whose:
    """Return whose signals come to somebody: a coach's those of hers, the office's those of who has no coach."""
    if actor.may(Permission.CASELOAD_OWN):
        return Whose.MINE
    return Whose.WITHOUT_COACH if actor.may(Permission.SIGNAL_ANSWER) else Whose.ALL


def _of_whom(whose: Whose, actor: Actor, day: date) -> ColumnElement[bool]:
    here = and_(Coaching.school_id == Signal.school_id, Coaching.learner_id == Signal.learner_id)
    if whose is Whose.MINE:
        return exists().where(here, coached_by(actor.account_id, day))
    return not_(exists().where(here, Coaching.holds_on(day))) if whose is Whose.WITHOUT_COACH else true()


@dataclass(frozen=True)
class Wanted:
    """Which signals a list shows: of whom, and those that wait for an answer or those answered in the last `days`."""

    whose: Whose = Whose.ALL
    is_answered: bool = False
    days: int = 30


def list_signals(actor: Actor, wanted: Wanted, *, day: date, page: int = 1) -> Paged[ListedSignal]:
    """Return a page of the signals of learners within reach, what waits longest first; one statement."""
    since = now() - timedelta(days=wanted.days)
    which = Signal.answered_at >= since if wanted.is_answered else Signal.is_open
    order = Signal.answered_at.desc() if wanted.is_answered else Signal.raised_at
    statement = (
        _listed(day)
        .add_columns(func.count().over().label("total"))
        .where(reaches_learner(actor.scope), which, _of_whom(wanted.whose, actor, day))
        .order_by(order, Learner.sort_name, Signal.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    rows = session.execute(statement).all()
    return Paged([ListedSignal(*row[:-1]) for row in rows], page, rows[0].total if rows else 0)


def _listed(day: date) -> Select[Any]:
    """Select signals of learners in use, in the order of ListedSignal."""
    groups = (
        select(func.coalesce(func.array_agg(LearnerGroup.name.distinct()), literal([], ARRAY(String()))))
        .join(Enrolment, and_(Enrolment.school_id == LearnerGroup.school_id, Enrolment.group_id == LearnerGroup.id))
        .where(
            Enrolment.school_id == Signal.school_id,
            Enrolment.learner_id == Signal.learner_id,
            Enrolment.holds_on(day),
        )
        .correlate(Signal)
        .scalar_subquery()
    )
    return (
        select(
            Signal.id,
            Signal.learner_id,
            Learner.number,
            Learner.full_name,
            groups,
            Signal.kind,
            Signal.facts,
            Signal.raised_at,
            Signal.seen_at,
            Signal.answer,
            Signal.answered_at,
            Signal.answered_by_name,
            Signal.quiet_until,
        )
        .join(Learner, and_(Learner.school_id == Signal.school_id, Learner.id == Signal.learner_id))
        .where(Signal.school_id == current_school_id(), Learner.is_in_use)
    )


def count_open(actor: Actor, day: date) -> int:
    """Return how many signals that come to somebody wait for an answer: as many as her list shows."""
    wanted = (
        select(func.count())
        .select_from(Signal)
        .join(Learner, and_(Learner.school_id == Signal.school_id, Learner.id == Signal.learner_id))
        .where(
            Signal.school_id == current_school_id(),
            Learner.is_in_use,
            reaches_learner(actor.scope),
            Signal.is_open,
            _of_whom(usual_whose(actor), actor, day),
        )
    )
    return session.scalar(wanted) or 0


def get_signal(signal_id: UUID, scope: Scope) -> ListedSignal:
    """Return a signal of a learner within reach; raises NotFound."""
    row = session.execute(_listed(now().date()).where(Signal.id == signal_id, reaches_learner(scope))).one_or_none()
    if row is None:
        raise NotFound("signal")
    return ListedSignal(*row)


def list_own_signals(scope: Scope) -> list[Signal]:
    """Return what was asked about the learner of this scope, the latest first, with what became of it."""
    statement = (
        select(Signal)
        .where(Signal.school_id == current_school_id(), Signal.learner_id == scope.get_own_learner_id())
        .order_by(Signal.raised_at.desc(), Signal.id)
    )
    return list(session.scalars(statement))


def list_open_signals(learner_id: UUID, scope: Scope) -> list[Signal]:
    """Return the open signals of a learner within reach, what waits longest first."""
    statement = (
        select(Signal)
        .where(
            Signal.school_id == current_school_id(),
            Signal.learner_id == learner_id,
            Signal.is_open,
            reaches_learner(scope, Signal.learner_id),
        )
        .order_by(Signal.raised_at, Signal.id)
    )
    return list(session.scalars(statement))


def kinds_open_of(
    learner_ids: Collection[UUID], scope: Scope
) -> dict[UUID, list[tuple[SignalKind, Mapping[str, Any]]]]:
    """Return the open signals of these learners with what they rest on, in one statement."""
    found: dict[UUID, list[tuple[SignalKind, Mapping[str, Any]]]] = {}
    rows = session.execute(
        select(Signal.learner_id, Signal.kind, Signal.facts)
        .where(
            Signal.school_id == current_school_id(),
            Signal.learner_id == _ANY_OF,
            Signal.is_open,
            reaches_learner(scope, Signal.learner_id),
        )
        .order_by(Signal.raised_at, Signal.id),
        {"learners": list(learner_ids)},
    )
    for row in rows:
        found.setdefault(row.learner_id, []).append((row.kind, row.facts))
    return found


def list_kinds(signal_ids: Collection[UUID], scope: Scope) -> dict[UUID, SignalKind]:
    """Return of what kind these signals of learners within reach are, by their id, in one statement."""
    if not signal_ids:
        return {}
    statement = select(Signal.id, Signal.kind).where(
        Signal.school_id == current_school_id(), Signal.id.in_(signal_ids), reaches_learner(scope, Signal.learner_id)
    )
    return {row.id: row.kind for row in session.execute(statement)}


def count_open_of_coach(account_id: UUID, scope: Scope) -> int:
    """Return how many signals wait for an answer about the learners whom somebody coaches today or later."""
    is_hers = exists().where(
        Coaching.school_id == Signal.school_id,
        Coaching.learner_id == Signal.learner_id,
        Coaching.account_id == account_id,
        Coaching.lasts_until(today()),
    )
    waiting = select(func.count()).select_from(Signal).where(Signal.school_id == current_school_id(), Signal.is_open)
    return session.scalar(waiting.where(is_hers, reaches_learner(scope, Signal.learner_id))) or 0
