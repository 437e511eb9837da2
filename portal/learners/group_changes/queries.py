"""Of who was ticked in a list: who is concerned by a change, and who is left out and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from portal.core.audit import AuditEvent
from portal.core.clock import now
from portal.core.db.scope import current_school_id, hidden_learners, restricted_learners
from portal.core.db.session import session
from portal.core.errors import Invalid, NotFound
from portal.core.http.languages import language
from portal.core.http.scope import Scope
from portal.core.purposes import closed_to_mail
from portal.courses.groups.queries import GroupView
from portal.learners.enrolments.cautions import Cautions, find_cautions
from portal.learners.enrolments.queries import EnrolledLine, find_hindrances, find_in_group, list_enrolled, list_running
from portal.learners.record.ages import is_child
from portal.learners.record.models import Learner
from portal.learners.scope.queries import reaches_learner
from portal.policy.queries import current_policy

TAKEN_BACK_WITHIN = timedelta(days=1)
_CHANGES = frozenset({"learners.joined_together", "learners.left_together", "learners.moved_together"})


class Ticked(Protocol):
    """Somebody who was ticked in a list."""

    @property
    def learner_id(self) -> UUID:
        """Who it is."""

    @property
    def name(self) -> str:
        """What she is called."""


Line = TypeVar("Line", bound=Ticked)


@dataclass(frozen=True)
class Plan(Generic[Line]):
    """Whom a change concerns, and whom not: with a code that says why. `cautions` are what is asked about it first."""

    reached: list[Line]
    left_out: list[tuple[Ticked, str]]
    cautions: Cautions | None = None


@dataclass(frozen=True)
class TickedLearner:
    """Somebody who was ticked in the list of learners, wherever she is."""

    learner_id: UUID
    name: str


@dataclass(frozen=True)
class Reader:
    """Where a learner is written to, and in which language."""

    email: str
    language: str | None


def list_ticked(group: GroupView, enrolment_ids: Sequence[UUID]) -> list[EnrolledLine]:
    """Return who was ticked in the list of a group that was opened, by name.

    Raises NotFound for one who doesn't stand in the list.
    """
    wanted = set(enrolment_ids)
    found = [line for line in list_enrolled(group) if line.enrolment_id in wanted and line.state != "over"]
    if len(found) != len(wanted):
        raise NotFound("enrolment")
    return found


def list_ticked_learners(learner_ids: Sequence[UUID], scope: Scope) -> list[TickedLearner]:
    """Return those of these learners within reach whose record is in use, by name."""
    wanted = (
        select(Learner.id, Learner.full_name.label("name"))
        .where(
            Learner.school_id == current_school_id(),
            Learner.id.in_(learner_ids),
            Learner.is_in_use,
            reaches_learner(scope),
        )
        .order_by(Learner.sort_name, Learner.id)
    )
    return [TickedLearner(row.id, row.name) for row in session.execute(wanted)]


def _plan(lines: Sequence[Line], why_not: Callable[[Line], str | None]) -> Plan[Line]:
    judged = [(line, why_not(line)) for line in lines]
    return Plan([line for line, why in judged if why is None], [(line, why) for line, why in judged if why is not None])


def plan_join(learners: Sequence[TickedLearner], *, to: GroupView, on: date, scope: Scope) -> Plan[TickedLearner]:
    """Return who can be put in a group from a day on; raises Invalid for a day after the group's last."""
    if to.ends_on is not None and on > to.ends_on:
        raise Invalid("starts_on", "after_group", ends_on=to.ends_on.isoformat())
    hindered = find_hindrances([each.learner_id for each in learners], to.id, on, scope)
    plan = _plan(learners, lambda each: hindered.get(each.learner_id))
    ids = [each.learner_id for each in plan.reached]
    return replace(plan, cautions=find_cautions(ids, to.id, on=on, scope=scope))


def plan_move_found(learners: Sequence[TickedLearner], *, to: GroupView, on: date, scope: Scope) -> Plan[EnrolledLine]:
    """Return who can go to another group on a day from the one that she is in: not who is in none, or in more."""
    found: dict[UUID, list[EnrolledLine]] = {}
    for line in list_running([each.learner_id for each in learners], scope):
        found.setdefault(line.learner_id, []).append(line)
    places = [(each, found.get(each.learner_id, [])) for each in learners]
    plan = plan_move([lines[0] for _each, lines in places if len(lines) == 1], to=to, on=on, scope=scope)
    left_out = [(each, "more_groups" if lines else "no_group") for each, lines in places if len(lines) != 1]
    return replace(plan, left_out=[*plan.left_out, *left_out])


def plan_move(lines: Sequence[EnrolledLine], *, to: GroupView, on: date, scope: Scope) -> Plan[EnrolledLine]:
    """Return who can go to another group on a day: who is in this one before it and on it, and not yet in that one.

    Raises Invalid for a day after that group's last.
    """
    if to.ends_on is not None and on > to.ends_on:
        raise Invalid("on", "after_group", ends_on=to.ends_on.isoformat())
    there = find_in_group([line.learner_id for line in lines], to.id, on, scope)

    def why_not(line: EnrolledLine) -> str | None:
        if line.ends_on is not None and line.ends_on < on:
            return "left_already"
        if line.starts_on >= on:
            return "not_begun"
        return "in_group_already" if line.learner_id in there else None

    plan = _plan(lines, why_not)
    ids, leaving = [line.learner_id for line in plan.reached], [line.enrolment_id for line in plan.reached]
    return replace(plan, cautions=find_cautions(ids, to.id, on=on, leaving=leaving, scope=scope))


def plan_end(lines: Sequence[EnrolledLine], *, ends_on: date) -> Plan[EnrolledLine]:
    """Return whose last day in the group this can be: who began by then, and doesn't leave sooner."""

    def why_not(line: EnrolledLine) -> str | None:
        if line.starts_on > ends_on:
            return "not_begun"
        return "left_already" if line.ends_on is not None and line.ends_on <= ends_on else None

    return _plan(lines, why_not)


def list_mail_purposes() -> list[tuple[str, str]]:
    """Return for what learners may be mailed by the policy (LB-04), each with its title."""
    policy = current_policy()
    return [(each.key, str(policy.text(each.title, language()))) for each in policy.purposes_of_mail()]


def plan_mail(lines: Sequence[Line], purpose: str | None, scope: Scope) -> tuple[Plan[Line], dict[UUID, Reader]]:
    """Return who can be written to for a purpose at an address of her own, and where.

    Not who said no to it (art. 21) or restricted how she is reached (art. 18), nor a child: her parent is written to
    (LL-04).
    """
    other = aliased(Learner)
    is_shared = exists().where(
        other.school_id == Learner.school_id,
        other.id != Learner.id,
        func.lower(other.email) == func.lower(Learner.email),
        other.is_in_use,
    )
    wanted = select(
        Learner.id, Learner.email, Learner.birth_date, Learner.preferred_language, is_shared.label("is_shared")
    ).where(
        Learner.school_id == current_school_id(),
        Learner.id.in_([line.learner_id for line in lines]),
        reaches_learner(scope),
    )
    rows = {row.id: row for row in session.execute(wanted)}
    restricted, unborn = restricted_learners("contact"), hidden_learners("birth")
    closed, met = closed_to_mail(purpose, list(rows)), set[UUID]()

    def why_not(line: Line) -> str | None:
        row = rows[line.learner_id]
        if line.learner_id in met:
            return "twice"
        met.add(line.learner_id)
        if line.learner_id in restricted or (line.learner_id in unborn and is_child(row.birth_date)):
            return "restricted"
        if is_child(row.birth_date):
            return "child"
        if not row.email:
            return "no_email"
        if line.learner_id in closed:
            return "said_no"
        return "shared_email" if row.is_shared else None

    plan = _plan(lines, why_not)
    readers = {line.learner_id: rows[line.learner_id] for line in plan.reached}
    return plan, {key: Reader(row.email, row.preferred_language) for key, row in readers.items()}


def find_change(group: GroupView, entry_id: UUID) -> AuditEvent | None:
    """Return what was done to members of a group at once, as the audit has it, while it can be taken back."""
    entry = session.get(AuditEvent, (current_school_id(), entry_id))
    if entry is None or entry.event not in _CHANGES or entry.subject_id != group.id:
        return None
    return entry if now() - entry.at < TAKEN_BACK_WITHIN else None
