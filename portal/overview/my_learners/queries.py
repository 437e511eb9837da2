"""A coach's learners with their last lessons, levels, hours, contacts and signals: six statements, however many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    DateTime,
    ScalarSelect,
    Select,
    TableValuedAlias,
    Text,
    Time,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    func,
    not_,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on
from sqlalchemy.sql.selectable import LateralFromClause

from portal.accounts.models import Account
from portal.attendance.models import AttendanceMark
from portal.attendance.registers.queries import keeps_attendance
from portal.contacts.models import Correspondence
from portal.core.clock import local, now, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import read
from portal.core.http.access import Actor
from portal.courses.models import LearnerGroup, Lesson
from portal.hours.queries import list_minutes_attended
from portal.learners.caseloads.models import Coaching
from portal.learners.caseloads.queries import coached_by
from portal.learners.enrolments.models import Enrolment
from portal.learners.record.models import Learner
from portal.learners.trajectories.models import Trajectory
from portal.permissions import Permission
from portal.policy.queries import current_policy
from portal.progress.appointments.models import Appointment
from portal.progress.models import Level, Note
from portal.signals.evaluation import LOOKS_BACK
from portal.signals.models import Signal, SignalAnswer, SignalKind
from portal.signals.queries import kinds_open_of
from portal.signals.services import are_kept

LESSONS = 12
"""How many of her last lessons the list shows of each learner."""


@dataclass(frozen=True, kw_only=True)
class LastLessons:
    """A learner's last lessons, the oldest first: what each was, and the day of each.

    `percent` is how much of the last as many that are filled in she followed, by time, without those that she missed
    *geoorloofd*: what the signal of low attendance counts too, so of older lessons where some of these are open. None
    where there are none.
    """

    kinds: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    percent: int | None = None


class SkillLevel(NamedTuple):
    """The latest level in a skill, the one before it, and when it was found."""

    skill: str
    level: str
    before: str | None
    found_on: date


@dataclass(frozen=True, kw_only=True)
class CoachedLearner:
    """A learner of a coach's list. `coach` is "" for her own, else the name of whom she stands in for.

    `answered` is the last call or talk by which somebody answered a signal about her, and when. `bought` are hours,
    `attended` minutes; None where nothing was bought, or attendance isn't kept.
    """

    id: UUID
    name: str
    sort_name: str
    number: str
    coach: str
    groups: tuple[tuple[str, str], ...]
    ends_on: date | None
    bought: int | None
    attended: int | None
    noted_at: datetime | None
    wrote_on: date | None
    met_at: datetime | None
    answered: tuple[SignalAnswer, datetime] | None
    meets_at: datetime | None
    lessons: LastLessons
    levels: tuple[SkillLevel, ...]
    signals: tuple[SignalKind, ...] = ()


_SCHOOL: ColumnElement[UUID] = bindparam("school", type_=Uuid())
_COACH: ColumnElement[UUID] = bindparam("coach", type_=Uuid())
_DAY: ColumnElement[date] = bindparam("day", type_=Date())
_MOMENT: ColumnElement[datetime] = bindparam("moment", type_=DateTime(timezone=True))
_LEARNERS: ColumnElement[Any] = bindparam("learners", type_=ARRAY(Uuid()))


def _of(table: Any) -> tuple[ColumnElement[bool], ...]:
    return table.school_id == Learner.school_id, table.learner_id == Learner.id


def _groups() -> ScalarSelect[Any]:
    """The groups in which a learner is today: id, name, and her last day in it."""
    ends_on = func.least(Enrolment.ends_on, LearnerGroup.ends_on)
    each = func.json_build_array(LearnerGroup.id, LearnerGroup.name, ends_on)
    return (
        select(func.json_agg(aggregate_order_by(each, LearnerGroup.name)))
        .select_from(Enrolment)
        .join(LearnerGroup, and_(LearnerGroup.school_id == Enrolment.school_id, LearnerGroup.id == Enrolment.group_id))
        .where(*_of(Enrolment), Enrolment.holds_on(_DAY), LearnerGroup.lasts_until(_DAY))
        .correlate(Learner)
        .scalar_subquery()
    )


def _trajectories() -> ScalarSelect[Any]:
    """Of her trajectories that run: hours bought, minutes from before, and the last day, none where one is open."""
    last = case((func.bool_or(Trajectory.is_open_ended), None), else_=func.max(Trajectory.ends_on))
    before = func.sum(Trajectory.minutes_before)
    return (
        select(func.json_build_array(func.sum(Trajectory.hours_bought), before, last))
        .where(*_of(Trajectory), Trajectory.holds_on(_DAY))
        .correlate(Learner)
        .scalar_subquery()
    )


def _answered() -> ScalarSelect[Any]:
    """The last call or talk by which a signal was answered, with its moment."""
    return (
        select(func.json_build_array(cast(Signal.answer, Text), Signal.answered_at))
        .where(*_of(Signal), or_(Signal.answer == SignalAnswer.CALLED, Signal.answer == SignalAnswer.SPOKE))
        .order_by(Signal.answered_at.desc(), Signal.id)
        .limit(1)
        .correlate(Learner)
        .scalar_subquery()
    )


def _moment(what: Any, of: Any, *conditions: ColumnElement[bool]) -> ScalarSelect[Any]:
    return select(what).where(*_of(of), *conditions).correlate(Learner).scalar_subquery()


@lru_cache(maxsize=1)
def _people() -> Select[Any]:
    """Made once: building a statement takes longer than running it."""
    at = Appointment.starts_at
    return (
        select(
            Learner.id, Learner.full_name.label("name"), Learner.sort_name, Learner.number,
            case((Coaching.account_id == _COACH, ""), else_=Account.name).label("coach"),
            _groups().label("groups"),
            _trajectories().label("trajectories"),
            _moment(func.max(Note.written_at), Note).label("noted_at"),
            _moment(func.max(Correspondence.received_on), Correspondence).label("wrote_on"),
            _moment(func.max(at), Appointment, at < _MOMENT).label("met_at"),
            _moment(func.min(at), Appointment, at >= _MOMENT).label("meets_at"),
            _answered().label("answered"),
        )
        .select_from(Coaching)
        .join(Learner, and_(Learner.school_id == Coaching.school_id, Learner.id == Coaching.learner_id))
        .join(Account, and_(Account.school_id == Coaching.school_id, Account.id == Coaching.account_id))
        .where(Coaching.school_id == _SCHOOL, coached_by(_COACH, _DAY), Learner.is_in_use)
        .order_by(Learner.sort_name, Learner.id)
    )  # fmt: skip


def _last_of_each(learner: TableValuedAlias, name: str, *counting: ColumnElement[bool]) -> LateralFromClause:
    """The last lessons of a learner in the groups that she is or was in, begun and not cancelled.

    With `counting` they are those whose mark of hers is so, with the minutes of it, as far back as signals look.
    """
    mark, newest = AttendanceMark, (Lesson.held_on.desc(), Lesson.starts_at.desc())
    begun = tuple_(Lesson.held_on, Lesson.starts_at) <= tuple_(_DAY, bindparam("clock", type_=Time()))
    statement = select(Lesson.id, Lesson.held_on, Lesson.starts_at, Lesson.minutes.label("minutes"))
    if counting:
        hers = and_(mark.school_id == _SCHOOL, mark.lesson_id == Lesson.id, mark.learner_id == Enrolment.learner_id)
        statement = statement.add_columns(mark.minutes.label("followed")).join(mark, hers)
        statement = statement.where(Lesson.held_on >= _DAY - LOOKS_BACK, *counting)
    of_group = (
        statement.where(
            Lesson.school_id == _SCHOOL,
            Lesson.group_id == Enrolment.group_id,
            begun,
            Lesson.held_on >= Enrolment.starts_on,
            Enrolment.lasts_until(Lesson.held_on),
            not_(Lesson.is_cancelled),
        )
        .order_by(*newest)
        .limit(LESSONS)
        .correlate(Enrolment)
        .lateral(f"{name}_of_group")
    )
    return (
        select(Enrolment.learner_id, *of_group.c)
        .select_from(Enrolment)
        .join(of_group, true())
        .where(Enrolment.school_id == _SCHOOL, Enrolment.learner_id == learner.c.id, Enrolment.starts_on <= _DAY)
        .order_by(of_group.c.held_on.desc(), of_group.c.starts_at.desc())
        .limit(LESSONS)
        .correlate(learner)
        .lateral(name)
    )


_COUNTS = or_(AttendanceMark.is_present, AttendanceMark.is_authorised.is_not(True))
"""Of a mark: it counts for how much she followed."""


@lru_cache(maxsize=1)
def _shares() -> Select[Any]:
    """How much of her last lessons that count each learner followed, in percent."""
    learner = func.unnest(_LEARNERS).table_valued("id").render_derived(name="learner")
    counted = _last_of_each(learner, "counted", _COUNTS)
    percent = 100 * func.sum(counted.c.followed) / func.nullif(func.sum(counted.c.minutes), 0)
    return (
        select(learner.c.id, percent.label("percent")).select_from(learner).join(counted, true()).group_by(learner.c.id)
    )


@lru_cache(maxsize=1)
def _last_lessons() -> Select[Any]:
    """The last lessons of each learner in the groups that she is or was in, begun by a time of day and not cancelled.

    Of each time in a group as many are read from the index of moments, then as many of all of them together. Her mark
    is joined by lesson and learner of that row alone: joined by the list of learners, all her marks are read for each.
    """
    learner = func.unnest(_LEARNERS).table_valued("id").render_derived(name="learner")
    last, mark = _last_of_each(learner, "last"), AttendanceMark
    counts = and_(mark.id.is_not(None), _COUNTS)
    offered = func.sum(last.c.minutes).filter(counts)
    kind = case(
        (mark.is_late, "late"),
        (mark.is_present, "present"),
        (mark.is_authorised.is_(True), "authorised"),
        else_=func.coalesce(cast(mark.status, Text), "open"),
    )
    in_time = (last.c.held_on, last.c.starts_at)
    return (
        select(
            learner.c.id,
            func.array_agg(aggregate_order_by(kind, *in_time)).label("kinds"),
            func.array_agg(aggregate_order_by(last.c.held_on, *in_time)).label("days"),
            (100 * func.sum(mark.minutes).filter(counts) / func.nullif(offered, 0)).label("percent"),
            or_(
                and_(func.count() == LESSONS, func.count().filter(counts) < LESSONS),
                func.min(last.c.held_on) < _DAY - LOOKS_BACK,
            ).label("is_partial"),
        )
        .select_from(learner)
        .join(last, true())
        .outerjoin(
            mark, and_(mark.school_id == _SCHOOL, mark.lesson_id == last.c.id, mark.learner_id == last.c.learner_id)
        )
        .group_by(learner.c.id)
    )


@lru_cache(maxsize=1)
def _levels() -> Select[Any]:
    """The latest level in each skill, and what stood before it."""
    newest = (Level.found_on, Level.entered_at)
    before = func.lag(cast(Level.level, Text)).over(partition_by=(Level.learner_id, Level.skill), order_by=newest)
    return (
        select(
            Level.learner_id, cast(Level.skill, Text).label("skill"), cast(Level.level, Text).label("level"),
            before.label("before"), Level.found_on,
        )
        .ext(distinct_on(Level.learner_id, Level.skill))
        .where(Level.school_id == _SCHOOL, Level.learner_id == func.any(_LEARNERS))
        .order_by(Level.learner_id, Level.skill, Level.found_on.desc(), Level.entered_at.desc())
    )  # fmt: skip


def list_my_learners(by: Actor) -> list[CoachedLearner]:
    """Return the learners of a coach and of whom she stands in for today, by name, as far as she sees what is shown."""
    by.scope.must_reach_school("learner")
    at, sees = local(now()), by.sees
    values = {"school": current_school_id(), "coach": by.account_id, "day": today(), "moment": now()}
    people = read(_people(), values).all()
    ids = [row.id for row in people]
    of_them = {"school": current_school_id(), "learners": ids, "day": today(), "clock": at.time()}
    counts = keeps_attendance() and "attendance" in sees and bool(ids)
    lessons = _lessons_of(of_them) if counts else {}
    minutes = list_minutes_attended(ids, by.scope) if counts else None
    has_levels = current_policy().feature("levels") and "level" in sees and bool(ids)
    levels = _by_learner(read(_levels(), of_them).all()) if has_levels else {}
    signals = kinds_open_of(ids, by.scope) if ids and by.may(Permission.SIGNAL_VIEW) and are_kept() else {}
    found = [_learner(row, by, lessons.get(row.id), minutes, levels.get(row.id, ())) for row in people]
    return [replace(each, signals=tuple(kind for kind, _facts in signals.get(each.id, ()))) for each in found]


def _lessons_of(values: Mapping[str, Any]) -> dict[UUID, LastLessons]:
    """Return the last lessons of each learner.

    Those that count are asked for apart only where they are others: some of the last don't count, or are too old.
    """
    rows = read(_last_lessons(), values).all()
    partial = [row.id for row in rows if row.is_partial]
    shares = {row.id: row.percent for row in read(_shares(), {**values, "learners": partial})} if partial else {}
    return {
        row.id: LastLessons(
            kinds=tuple(row.kinds),
            days=tuple(row.days),
            percent=_whole(shares.get(row.id) if row.is_partial else row.percent),
        )
        for row in rows
    }


def _by_learner(rows: Sequence[Any]) -> dict[UUID, tuple[SkillLevel, ...]]:
    found: dict[UUID, list[SkillLevel]] = {}
    for row in rows:
        found.setdefault(row.learner_id, []).append(SkillLevel(row.skill, row.level, row.before, row.found_on))
    return {key: tuple(each) for key, each in found.items()}


def _learner(
    row: Any, by: Actor, lessons: LastLessons | None, minutes: Mapping[UUID, int] | None, levels: tuple[SkillLevel, ...]
) -> CoachedLearner:
    bought, before, last = row.trajectories if "trajectory" in by.sees else (None, None, None)
    groups, sees = row.groups or (), by.sees
    return CoachedLearner(
        id=row.id,
        name=row.name,
        sort_name=row.sort_name,
        number=row.number,
        coach=row.coach,
        groups=tuple((key, name) for key, name, _ends in groups),
        ends_on=date.fromisoformat(last) if last else _last_of([ends for _key, _name, ends in groups]),
        bought=bought,
        attended=minutes.get(row.id, 0) + (before or 0) if minutes is not None else None,
        noted_at=row.noted_at if "progress" in sees else None,
        wrote_on=row.wrote_on if "correspondence" in sees else None,
        met_at=row.met_at if "appointment" in sees else None,
        answered=_answer(row.answered) if row.answered and by.may(Permission.SIGNAL_VIEW) else None,
        meets_at=row.meets_at if "appointment" in sees else None,
        lessons=lessons or LastLessons(),
        levels=levels,
    )


def _answer(found: Sequence[str]) -> tuple[SignalAnswer, datetime]:
    answer, answered_at = found
    return SignalAnswer(answer), datetime.fromisoformat(answered_at)


def _whole(percent: Any) -> int | None:
    return None if percent is None else int(percent)


def _last_of(ends: Sequence[str | None]) -> date | None:
    """Return the last of these days; None where one of them is open."""
    days = [date.fromisoformat(each) for each in ends if each]
    return max(days) if days and len(days) == len(ends) else None
