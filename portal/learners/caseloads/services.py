"""Giving learners to a coach, handing them over, taking that back within a day; letting a coach stand in for another.

Who had a learner before has her until the day before the first of the new one.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.core import audit
from portal.core.clock import now, today
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.http.access import Actor
from portal.learners.caseloads.models import Coaching, CoachSubstitute
from portal.learners.caseloads.queries import (
    get_coach,
    get_given,
    get_substitute,
    is_recent,
    list_coach_names,
    list_learners_from,
    list_stood_in,
    plan_coach,
)
from portal.learners.group_changes.queries import Plan, TickedLearner
from portal.learners.scope.services import MOST_AT_ONCE, check_number, get_within_reach
from portal.notifications.models import NotificationKind
from portal.notifications.services import Told, forget, notify
from portal.permissions import Permission

_ONE_DAY = timedelta(days=1)
_MOST_DAYS = 366
Row = dict[str, str]


def give_coach(
    lines: Sequence[TickedLearner], *, account_id: UUID | None, starts_on: date, by: Actor
) -> tuple[Plan[TickedLearner], UUID]:
    """Let learners have a coach from a day on, or none where `account_id` is None.

    Returns whom it concerned and whom not, and the id of the entry by which it is taken back. Raises Invalid for a day
    before today, for who is no coach, and where it concerns nobody.
    """
    by.must(Permission.CASELOAD_KEEP)
    check_number(lines)
    plan = plan_giving(lines, account_id=account_id, starts_on=starts_on, by=by)
    if not plan.reached:
        raise Invalid("learners", "nobody_left")
    ids = sorted(line.learner_id for line in plan.reached)
    held = _locked(ids)
    rows = [_give(learner_id, held.get(learner_id, []), account_id, starts_on, by=by) for learner_id in ids]
    facts = {"to": str(account_id or ""), "on": starts_on.isoformat(), "rows": rows}
    subject = ("account", account_id) if account_id is not None else None
    entry_id = audit.record("learners.coach_given_together", subject=subject, facts=facts, by=by)
    if account_id is not None:
        about = ids[0] if len(ids) == 1 else None
        notify(NotificationKind.LEARNERS_GIVEN, [Told(account_id, entry_id, learner_id=about)], by=by)
    return plan, entry_id


def plan_giving(
    lines: Sequence[TickedLearner], *, account_id: UUID | None, starts_on: date, by: Actor
) -> Plan[TickedLearner]:
    """Return whom it would concern to have a coach from a day on, and whom not; raises Invalid as `give_coach` does."""
    _check_coach(account_id, starts_on)
    return plan_coach(lines, account_id=account_id, on=starts_on, scope=by.scope)


def _check_coach(account_id: UUID | None, starts_on: date) -> None:
    """Raise Invalid for a day before today, and for who is no coach."""
    if starts_on < today():
        raise Invalid("starts_on", "in_the_past")
    if account_id is not None and account_id not in {each for each, _name in list_coach_names()}:
        raise Invalid("account_id", "no_coach")


def _locked(learner_ids: Iterable[UUID]) -> dict[UUID, list[Coaching]]:
    """Return the rows of these learners, the earliest first, held until the commit."""
    rows = session.scalars(
        select(Coaching)
        .where(
            Coaching.school_id == current_school_id(),
            Coaching.learner_id.in_(list(learner_ids)),
        )
        .order_by(Coaching.learner_id, Coaching.starts_on)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found: dict[UUID, list[Coaching]] = {}
    for row in rows:
        found.setdefault(row.learner_id, []).append(row)
    return found


def _give(
    learner_id: UUID, held: Sequence[Coaching], account_id: UUID | None, starts_on: date, *, by: Actor
) -> dict[str, Any]:
    """Let one learner have a coach; return what was there before and what was made, by which it is taken back."""
    get_within_reach(learner_id, by, lock=True)
    before = [_kept(row) for row in held if row.lasts_until(starts_on)]
    for row in held:
        if row.starts_on >= starts_on:
            session.delete(row)
        elif row.lasts_until(starts_on):
            row.ends_on = starts_on - _ONE_DAY
    session.flush()
    facts = {"to": str(account_id or ""), "on": starts_on.isoformat()}
    if account_id is None:
        audit.record("learners.coach_ended", learner_id=learner_id, facts=facts, by=by)
        return {"learner": str(learner_id), "before": before, "made": ""}
    made = Coaching(learner_id=learner_id, account_id=account_id, starts_on=starts_on, **_signed(by))
    session.add(made)
    try:
        session.flush()
    except IntegrityError:  # somebody else gave her a coach at this moment
        raise Conflict("stale") from None
    audit.record("learners.coach_given", learner_id=learner_id, subject=("account", account_id), facts=facts, by=by)
    return {"learner": str(learner_id), "before": before, "made": str(made.id)}


def _signed(by: Actor) -> dict[str, Any]:
    return {"given_by": by.account_id, "given_by_name": by.name, "given_at": now()}


def _kept(row: Coaching) -> Row:
    return {
        "id": str(row.id),
        "account": str(row.account_id),
        "from": row.starts_on.isoformat(),
        "until": row.ends_on.isoformat() if row.ends_on else "",
    }


def take_coach_back(entry_id: UUID, *, by: Actor) -> tuple[int, int]:
    """Take back that coaches were given at once; return for how many, and for how many not.

    Who was given another coach since stays as she is. Raises Invalid where it can't be taken back any more.
    """
    by.must(Permission.CASELOAD_KEEP)
    entry = get_given(entry_id, by.scope)
    if not is_recent(entry):
        raise Invalid("change", "too_late")
    rows, on = entry.facts["rows"], date.fromisoformat(entry.facts["on"])
    held = _locked(UUID(row["learner"]) for row in rows)
    taken = [UUID(row["learner"]) for row in rows if _taken_back(row, held.get(UUID(row["learner"]), []), on, by=by)]
    session.flush()
    if taken:
        forget(NotificationKind.LEARNERS_GIVEN, [entry])
        audit.record("learners.coach_taken_back", learner_ids=taken, facts={"of": str(entry_id)}, by=by)
    return len(taken), len(rows) - len(taken)


def _taken_back(facts: Mapping[str, Any], held: Sequence[Coaching], on: date, *, by: Actor) -> bool:
    """Put one learner's rows back as they were; False where somebody changed them since."""
    since, made = [row for row in held if row.starts_on >= on], [facts["made"]] if facts["made"] else []
    if [str(row.id) for row in since] != made or not all(row.is_open_ended for row in since):
        return False
    learner_id = UUID(facts["learner"])
    get_within_reach(learner_id, by, lock=True)
    for row in since:
        session.delete(row)
    session.flush()
    there = {str(row.id): row for row in held if row not in since}
    for old in facts["before"]:
        until = date.fromisoformat(old["until"]) if old["until"] else None
        if old["id"] in there:
            there[old["id"]].ends_on = until
        else:
            session.add(_again(learner_id, old, until, by=by))
    session.flush()
    return True


def _again(learner_id: UUID, old: Row, until: date | None, *, by: Actor) -> Coaching:
    account_id, starts_on = UUID(old["account"]), date.fromisoformat(old["from"])
    return Coaching(learner_id=learner_id, account_id=account_id, starts_on=starts_on, ends_on=until, **_signed(by))


def add_substitute(coach_id: UUID, *, account_id: UUID, starts_on: date, ends_on: date, by: Actor) -> CoachSubstitute:
    """Let a coach stand in for another from a day until a day, both included.

    Raises Invalid for who is no coach or the same, for an end before the beginning or more than a year off, and for
    days of which she stands in for her already.
    """
    by.must(Permission.CASELOAD_KEEP)
    coach = get_coach(coach_id, by.scope)
    _check_coach(account_id, starts_on)
    if account_id == coach_id:
        raise Invalid("account_id", "same_person")
    if ends_on < starts_on:
        raise Invalid("ends_on", "ends_before_start")
    if (ends_on - starts_on).days > _MOST_DAYS:
        raise Invalid("ends_on", "too_long")
    if any(
        each.account_id == account_id and each.starts_on <= ends_on and each.lasts_until(starts_on)
        for each in coach.substitutes
    ):
        raise Invalid("account_id", "stands_in_already")
    row = CoachSubstitute(account_id=account_id, coach_id=coach_id, starts_on=starts_on, ends_on=ends_on)
    session.add(row)
    session.flush()
    notify(NotificationKind.COACH_STOOD_IN, [Told(account_id, row.id)], by=by)
    facts = {"for": str(coach_id), "from": starts_on.isoformat(), "until": ends_on.isoformat()}
    audit.record("learners.coach_substitute_added", subject=("account", account_id), facts=facts, by=by)
    return row


def end_substitute(coach_id: UUID, substitute_id: UUID, *, on: date | None = None, by: Actor) -> None:
    """Let somebody stand in for a coach no more, from today on or from a later day."""
    by.must(Permission.CASELOAD_KEEP)
    row = get_substitute(coach_id, substitute_id, by.scope)
    account_id, facts, day = row.account_id, {"for": str(coach_id)}, on or today()
    if row.starts_on >= day:
        session.delete(row)
    elif row.lasts_until(day):
        row.ends_on = day - _ONE_DAY
    session.flush()
    forget(NotificationKind.COACH_STOOD_IN, [row])
    audit.record("learners.coach_substitute_ended", subject=("account", account_id), facts=facts, by=by)


def hand_over_learners(account_id: UUID, to: UUID | None, *, on: date, by: Actor) -> int:
    """Let another coach have all learners whom somebody coaches on a day or later, from that day; None: nobody has.

    Returns how many. Raises Invalid as `give_coach` does.
    """
    by.must(Permission.CASELOAD_KEEP)
    lines = list_learners_from(account_id, by.scope, on=on)
    for at in range(0, len(lines), MOST_AT_ONCE):
        give_coach(lines[at : at + MOST_AT_ONCE], account_id=to, starts_on=on, by=by)
    return len(lines)


def hand_over_substitute(substitute_id: UUID, account_id: UUID, to: UUID | None, *, on: date, by: Actor) -> None:
    """Let another stand in for a coach from a day on, in somebody's place and as long as she would; None: nobody does.

    Raises NotFound; Invalid where she doesn't stand in any more by then, and as `add_substitute` does.
    """
    by.must(Permission.CASELOAD_KEEP)
    row = next((each for each in list_stood_in(account_id, by.scope) if each.id == substitute_id), None)
    if row is None:
        raise NotFound("coach_substitute")
    if not row.lasts_until(on):
        raise Invalid("to", "over_by_then")
    coach_id, starts_on, ends_on = row.coach_id, max(on, row.starts_on), row.ends_on
    end_substitute(coach_id, substitute_id, on=on, by=by)
    if to is not None:
        add_substitute(coach_id, account_id=to, starts_on=starts_on, ends_on=ends_on, by=by)
