"""Handing over what somebody has, each part to whom was chosen, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from portal.accounts.queries import get_member
from portal.core import audit
from portal.core.errors import Invalid
from portal.core.http.access import Actor
from portal.courses.teachers.services import Taken, check_day, check_taken, hand_over_group, hand_over_lessons
from portal.learners.caseloads.services import hand_over_learners, hand_over_substitute
from portal.permissions import Permission


class WorkKind(StrEnum):
    """What can be handed over."""

    GROUP = "group"
    LESSONS = "lessons"
    LEARNERS = "learners"
    STANDING_IN = "standing_in"


@dataclass(frozen=True)
class Part:
    """One thing that goes to another, or to nobody; `key` says which line of the form it is.

    `row_id` is of who teaches a group or stands in for a coach; `of` is that group or that coach.
    """

    key: str
    kind: WorkKind
    to: UUID | None
    row_id: UUID | None = None
    of: UUID | None = None


def hand_over(account_id: UUID, parts: Sequence[Part], *, on: date, despite: bool, by: Actor) -> UUID:
    """Let others have what somebody has from a day on, all or nothing; return the id of the entry that says what.

    Raises NotFound; Invalid: nothing chosen, a day before today, what another can't take (`key` says of which), or
    lessons at the time of others of whoever takes them, unless `despite` says that this is meant.
    """
    by.must(Permission.TIMETABLE_KEEP)
    get_member(account_id, by.scope)
    if not parts:
        raise Invalid("parts", "nothing_chosen")
    check_day(on)
    taken: list[Taken] = []
    done = [_hand_over(account_id, part, taken, on=on, by=by) for part in parts]
    check_taken(taken, despite=despite)
    facts = {"on": on.isoformat(), "done": done}
    return audit.record("overview.handed_over", subject=("account", account_id), facts=facts, by=by)


def _hand_over(account_id: UUID, part: Part, taken: list[Taken], *, on: date, by: Actor) -> dict[str, object]:
    if part.to == account_id:
        raise Invalid("to", "same_person", key=part.key)
    try:
        count = _carry_out(account_id, part, taken, on=on, by=by)
    except Invalid as refusal:
        raise Invalid("to", refusal.code, **(refusal.facts | {"key": part.key})) from refusal
    return {"kind": part.kind.value, "of": str(part.of or ""), "to": str(part.to or ""), "count": count}


def _carry_out(account_id: UUID, part: Part, taken: list[Taken], *, on: date, by: Actor) -> int:
    if part.kind is WorkKind.LEARNERS:
        return hand_over_learners(account_id, part.to, on=on, by=by)
    if part.kind is WorkKind.LESSONS:
        count, came = hand_over_lessons(account_id, part.to, on=on, by=by)
        taken += [came] if came is not None else []
        return count
    if part.row_id is None:
        raise Invalid("to", "over_by_then")
    if part.kind is WorkKind.STANDING_IN:
        hand_over_substitute(part.row_id, account_id, part.to, on=on, by=by)
        return 1
    came = hand_over_group(part.row_id, account_id, part.to, on=on, by=by)
    taken += [came] if came is not None else []
    return 1
