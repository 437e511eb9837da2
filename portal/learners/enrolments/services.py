"""Joining a group, leaving it, moving to another: each counts from its day, also in mid-term."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import exists, select

from portal.core import audit
from portal.core.clock import now
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import Actor
from portal.courses.models import LearnerGroup
from portal.learners.enrolments.cautions import check_cautions
from portal.learners.enrolments.models import EndReason, Enrolment
from portal.learners.enrolments.queries import find_hindrances, get_enrolment
from portal.learners.scope.services import check_number, get_within_reach
from portal.learners.trajectories.models import Trajectory
from portal.permissions import Permission
from portal.policy.queries import must_be_in_force

_ONE_DAY = timedelta(days=1)


def join_group(
    learner_id: UUID,
    group_id: UUID,
    *,
    starts_on: date,
    trajectory_id: UUID | None = None,
    statement_shown: str | None = None,
    leaving: Sequence[UUID] = (),
    despite: bool = False,
    by: Actor,
) -> Enrolment:
    """Let a learner be in a group from a day on.

    `statement_shown` is the id of the version of the statement that the page showed, None where it showed none: that
    and the moment are kept (LB-01). Raises Invalid: in the group already, or a day after the group's last; no place, or
    a lesson at the time of another (less those of `leaving`, which end the day before), unless `despite` says that this
    is meant; and Conflict("another_text") where another version is in force by now.
    """
    by.must(Permission.LEARNER_KEEP)
    learner = get_within_reach(learner_id, by, lock=True)
    group = _group(group_id)
    _check_day(group, starts_on)
    if _is_in_group(learner.id, group.id, starts_on):
        raise Invalid("starts_on", "in_group_already")
    if trajectory_id is not None:
        _check_trajectory(learner.id, trajectory_id)
    check_cautions([learner.id], group.id, on=starts_on, leaving=leaving, despite=despite, scope=by.scope)
    row = Enrolment(learner_id=learner.id, group_id=group.id, trajectory_id=trajectory_id, starts_on=starts_on)
    if statement_shown is not None:
        row.statement_version_id, row.statement_shown_at = must_be_in_force(statement_shown), now()
    session.add(row)
    session.flush()
    facts = {"from": starts_on.isoformat(), "statement": str(row.statement_version_id or "")}
    audit.record(
        "learners.joined_group", learner_id=learner.id, subject=("learner_group", group.id), facts=facts, by=by
    )
    return row


def join_group_together(
    learner_ids: Sequence[UUID],
    group_id: UUID,
    *,
    starts_on: date,
    statement_shown: str,
    despite: bool = False,
    by: Actor,
) -> tuple[list[tuple[UUID, str]], UUID | None]:
    """Let several learners be in a group from a day on.

    Returns of whom can't, the id and a code that says why, and the id of the entry by which the rest is taken back.
    Who can't is who is in it already, and for whom more than one client pays: whose lessons these are is asked of each.
    Raises Invalid for nobody and for a day after the group's last, and as `join_group` does where there is no place for
    all of them or where any has a lesson at the same time; Conflict for another statement.
    """
    by.must(Permission.LEARNER_KEEP)
    check_number(learner_ids)
    hindered = find_hindrances(learner_ids, group_id, starts_on, by.scope)
    left_out = [(each, hindered[each]) for each in learner_ids if each in hindered]
    joining = [each for each in learner_ids if each not in hindered]
    if not joining:
        return left_out, None
    check_cautions(joining, group_id, on=starts_on, despite=despite, scope=by.scope)

    def join(learner_id: UUID) -> Enrolment:
        return join_group(
            learner_id, group_id, starts_on=starts_on, statement_shown=statement_shown, despite=True, by=by
        )

    rows = [["", "", str(join(each).id)] for each in joining]
    facts = {"on": starts_on.isoformat(), "rows": rows}
    return left_out, audit.record("learners.joined_together", subject=("learner_group", group_id), facts=facts, by=by)


def leave_group(
    group_id: UUID, enrolment_id: UUID, *, ends_on: date, reason: EndReason | None = None, by: Actor
) -> Enrolment:
    """Let a learner be in a group until a day, that day included, and keep why. What is in registers stays.

    Raises Invalid: before her first day, or on a day by which she is in the group again.
    """
    by.must(Permission.LEARNER_KEEP)
    row = get_enrolment(group_id, enrolment_id, by.scope)
    get_within_reach(row.learner_id, by, lock=True)
    if ends_on < row.starts_on:
        raise Invalid("ends_on", "ends_before_start")
    if is_in_group_twice(row, until=ends_on):
        raise Invalid("ends_on", "in_group_again")
    row.ends_on, row.end_reason = ends_on, reason
    session.flush()
    facts = {"until": ends_on.isoformat(), "reason": reason or ""}
    subject = ("learner_group", group_id)
    audit.record("learners.left_group", learner_id=row.learner_id, subject=subject, facts=facts, by=by)
    return row


def move_to_group(
    group_id: UUID,
    enrolment_id: UUID,
    *,
    to_group_id: UUID,
    on: date,
    statement_shown: str | None = None,
    despite: bool = False,
    by: Actor,
) -> Enrolment:
    """Let a learner be in another group from a day on; the day before is her last in this one.

    On the day that she joined, or before, she was never in this one. Raises Invalid and Conflict as `join_group` does.
    """
    by.must(Permission.LEARNER_KEEP)
    row = get_enrolment(group_id, enrolment_id, by.scope)
    if to_group_id == group_id:
        raise Invalid("to_group_id", "same_group")
    if not row.lasts_until(on):
        raise Invalid("on", "left_already")
    learner_id = row.learner_id
    made = join_group(
        learner_id,
        to_group_id,
        starts_on=on,
        trajectory_id=row.trajectory_id,
        statement_shown=statement_shown,
        leaving=[row.id],
        despite=despite,
        by=by,
    )
    if statement_shown is None:
        made.statement_version_id, made.statement_shown_at = row.statement_version_id, row.statement_shown_at
    if on <= row.starts_on:
        session.delete(row)
    else:
        row.ends_on, row.end_reason = on - _ONE_DAY, None
    session.flush()
    facts = {"on": on.isoformat(), "to": str(to_group_id)}
    audit.record("learners.moved_group", learner_id=learner_id, subject=("learner_group", group_id), facts=facts, by=by)
    return made


def _group(group_id: UUID) -> LearnerGroup:
    group = session.get(LearnerGroup, (current_school_id(), group_id))
    if group is None:
        raise NotFound("group")
    return group


def _check_day(group: LearnerGroup, starts_on: date) -> None:
    if group.ends_on is not None and starts_on > group.ends_on:
        raise Invalid("starts_on", "after_group", ends_on=group.ends_on.isoformat())


def is_in_group_twice(row: Enrolment, *, until: date) -> bool:
    """Say whether an enrolment that lasts until this day shares a day with another of hers in the same group."""
    return _is_in_group(row.learner_id, row.group_id, row.starts_on, until, but=row.id)


def _is_in_group(
    learner_id: UUID, group_id: UUID, first: date, last: date = date.max, *, but: UUID | None = None
) -> bool:
    """Say whether she is in the group on any of these days, `but` by this enrolment: two would count a lesson twice."""
    there = exists().where(
        Enrolment.school_id == current_school_id(),
        Enrolment.learner_id == learner_id,
        Enrolment.group_id == group_id,
        Enrolment.id.is_distinct_from(but),
        Enrolment.starts_on <= last,
        Enrolment.lasts_until(first),
    )
    return bool(session.scalar(select(there)))


def _check_trajectory(learner_id: UUID, trajectory_id: UUID) -> None:
    trajectory = session.get(Trajectory, (current_school_id(), trajectory_id))
    if trajectory is None or trajectory.learner_id != learner_id:
        raise Invalid("trajectory_id", "not_her_trajectory")
