"""Moving, ending and writing to several learners at once, and taking the first two back within a day.

What was done is one entry of the audit beside those of each learner; it holds ids and days, by which it is taken back.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from portal.core import audit, mail
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.errors import Invalid, NotFound
from portal.core.http.access import Actor
from portal.courses.groups.queries import GroupView, get_group
from portal.learners.enrolments.cautions import check_cautions
from portal.learners.enrolments.models import EndReason, Enrolment
from portal.learners.enrolments.queries import EnrolledLine
from portal.learners.enrolments.services import is_in_group_twice, leave_group, move_to_group
from portal.learners.group_changes.queries import (
    Line,
    Plan,
    Ticked,
    TickedLearner,
    find_change,
    list_mail_purposes,
    list_ticked,
    list_ticked_learners,
    plan_end,
    plan_mail,
)
from portal.learners.scope.services import check_number, get_within_reach
from portal.permissions import Permission
from portal.schools.queries import current_school

_ONE_DAY = timedelta(days=1)
_NOBODY = Invalid("learners", "nobody_left")


def choose_ticked(group: GroupView, enrolment_ids: Sequence[UUID]) -> list[EnrolledLine]:
    """Return who was ticked in the list of a group that was opened, by name.

    Raises Invalid for nobody and for too many, NotFound for one who doesn't stand in the list.
    """
    check_number(enrolment_ids)
    return list_ticked(group, enrolment_ids)


def choose_learners(learner_ids: Sequence[UUID], *, by: Actor) -> list[TickedLearner]:
    """Return who was ticked in the list of learners, by name.

    Raises Invalid for nobody and for too many, NotFound for one who is out of reach.
    """
    check_number(learner_ids)
    found = list_ticked_learners(learner_ids, by.scope)
    if len(found) != len(set(learner_ids)):
        raise NotFound("learner")
    return found


def move_together(
    plan: Plan[EnrolledLine],
    *,
    of_group_id: UUID,
    to_group_id: UUID,
    on: date,
    statement_shown: str,
    despite: bool = False,
    by: Actor,
) -> UUID:
    """Let the members whom a plan reaches go to another group on a day; return the id of the entry that says so.

    The entry is that of `of_group_id`, where it can be taken back. Raises Invalid and Conflict as `move_to_group` does,
    and Invalid where nobody can go.
    """
    rows, lines = [], _some(plan)
    check_cautions(
        [line.learner_id for line in lines],
        to_group_id,
        on=on,
        leaving=[line.enrolment_id for line in lines],
        despite=despite,
        scope=by.scope,
    )
    for line in lines:
        made = move_to_group(
            line.group_id,
            line.enrolment_id,
            to_group_id=to_group_id,
            on=on,
            statement_shown=statement_shown,
            despite=True,
            by=by,
        )
        rows.append([str(line.enrolment_id), _day(line.ends_on), str(made.id)])
    facts = {"to": str(to_group_id), "on": on.isoformat(), "rows": rows}
    return audit.record("learners.moved_together", subject=("learner_group", of_group_id), facts=facts, by=by)


def end_together(
    lines: Sequence[EnrolledLine], *, of_group_id: UUID, ends_on: date, reason: EndReason, by: Actor
) -> tuple[int, UUID]:
    """Let members of a group be in it until a day; return how many it concerned, and the id of the entry."""
    rows = []
    for line in _some(plan_end(lines, ends_on=ends_on)):
        leave_group(of_group_id, line.enrolment_id, ends_on=ends_on, reason=reason, by=by)
        rows.append([str(line.enrolment_id), _day(line.ends_on), ""])
    facts = {"on": ends_on.isoformat(), "reason": reason.value, "rows": rows}
    subject = ("learner_group", of_group_id)
    return len(rows), audit.record("learners.left_together", subject=subject, facts=facts, by=by)


def mail_together(
    lines: Sequence[Ticked],
    *,
    purpose: str,
    subject: str,
    text: str,
    of_group_id: UUID | None = None,
    by: Actor,
) -> int:
    """Ask for a mail to each of these learners who has an address of her own; nobody sees who else gets it.

    Returns how many. Who said no to `purpose` gets none: marketing and news of services included (LB-04, art. 21).
    Raises Invalid for a purpose that an address may not be used for.
    """
    by.must(Permission.LEARNER_KEEP)
    if purpose not in dict(list_mail_purposes()):
        raise Invalid("purpose", "other_purpose")
    plan, readers = plan_mail(lines, purpose, by.scope)
    for line in _some(plan):
        reader = readers[line.learner_id]
        mail.send(
            reader.email,
            "learners/message",
            language=reader.language,
            learner_id=line.learner_id,
            purpose=purpose,
            subject=subject,
            lines=text.splitlines(),
            name=line.name,
            school=current_school().name,
        )
    concerned = [line.learner_id for line in plan.reached]
    of_group = ("learner_group", of_group_id) if of_group_id is not None else None
    audit.record("learners.mailed", learner_ids=concerned, subject=of_group, facts={"purpose": purpose}, by=by)
    return len(concerned)


def take_back(group_id: UUID, entry_id: UUID, *, by: Actor) -> tuple[int, int]:
    """Take back what was done at once to members of a group; return for how many, and for how many not.

    Who was changed since stays as she is. Raises Invalid where it can't be taken back any more.
    """
    by.must(Permission.LEARNER_KEEP)
    change = find_change(get_group(group_id, by), entry_id)
    if change is None:
        raise Invalid("change", "too_late")
    taken = [
        learner_id
        for row_id, before, made_id in change.facts["rows"]
        if (learner_id := _taken_back(change.facts, row_id, before, made_id, by=by)) is not None
    ]
    session.flush()
    if taken:
        facts = {"of": str(entry_id)}
        audit.record(
            "learners.change_taken_back",
            learner_ids=taken,
            subject=("learner_group", group_id),
            facts=facts,
            by=by,
        )
    return len(taken), len(change.facts["rows"]) - len(taken)


def _some(plan: Plan[Line]) -> Sequence[Line]:
    if not plan.reached:
        raise _NOBODY
    return plan.reached


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _taken_back(facts: Mapping[str, Any], row_id: str, before: str, made_id: str, *, by: Actor) -> UUID | None:
    """Put one enrolment back as it was, and end the one that was made; None where somebody changed either since."""
    made, row = _enrolment(made_id), _enrolment(row_id)
    on = date.fromisoformat(facts["on"])
    if made_id and (made is None or made.starts_on != on or made.ends_on is not None):
        return None
    if row_id:
        learner_id = _restored(row, on - _ONE_DAY if made_id else on, before)
    else:
        learner_id = made.learner_id if made is not None else None
    if learner_id is not None:
        get_within_reach(learner_id, by, lock=True)
        if made is not None:
            session.delete(made)
    return learner_id


def _restored(row: Enrolment | None, was_set_to: date, before: str) -> UUID | None:
    if row is None or row.ends_on != was_set_to:
        return None
    last = date.fromisoformat(before) if before else None
    if is_in_group_twice(row, until=last or date.max):
        return None
    row.ends_on, row.end_reason = last, None
    return row.learner_id


def _enrolment(enrolment_id: str) -> Enrolment | None:
    return session.get(Enrolment, (current_school_id(), UUID(enrolment_id))) if enrolment_id else None
