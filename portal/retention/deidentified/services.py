"""Making de-identified rows before people go, and letting them go at the end of their own stage (LB-13)."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import delete

from portal.core import audit
from portal.core.clock import today
from portal.core.crypto.ledger import Ending, record_ending
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.scope import Scope
from portal.policy.queries import current_policy
from portal.policy.schema.periods import Period
from portal.retention.deidentified.models import DeidentifiedRow
from portal.retention.deidentified.queries import list_parts
from portal.retention.deidentified.sums import Part, coarsened, ending_of


def deidentify(category: str, over_on: Mapping[UUID, date], *, scope: Scope) -> int:
    """Keep what statutory retention needs of a category of learners, each of whose stage ended on a day; return rows.

    Nothing where the policy has no stage that de-identifies it. Who share the last day of what is kept are
    counted together: no row outlasts one of them. Nothing is kept of whom that day is past, or of fewer than five.
    """
    stays = _stays(category)
    ends = {day: stays.added_to(day) for day in {*over_on.values()}} if stays is not None else {}
    current = {each: ends[day] for each, day in over_on.items() if day in ends and ends[day] >= today()}
    record_ending(Ending.ERASURE, *(ending_of(each, category) for each in current))
    alike: dict[date, list[Part]] = {}
    for part in list_parts(category, list(current), scope):
        alike.setdefault(current[part.person_id], []).append(part)
    sums = [(until, each) for until, parts in sorted(alike.items()) for each in coarsened(parts)]
    session.add_all(
        DeidentifiedRow(
            id=new_id(),
            category=category,
            year=each.year,
            kind=each.kind,
            client_id=each.client_id,
            people=each.people,
            minutes=each.minutes,
            amount_cents=each.cents,
            kept_until=until,
        )
        for until, each in sums
    )
    session.flush()
    return len(sums)


def kept_until(category: str, over_on: date) -> date | None:
    """Return the last day of what is kept once a stage that de-identifies ended: as long after it as the last stage."""
    stays = _stays(category)
    return stays.added_to(over_on) if stays is not None else None


def _stays(category: str) -> Period | None:
    policy = current_policy()
    if policy.category(category) is None:
        return None
    stages = policy.term_for(category).stages
    first = next((stage for stage in stages if stage.then == "deidentify"), None)
    last = next((stage for stage in stages if stage.then == "delete"), None)
    if first is None or last is None or first.unit != last.unit:
        return None
    return Period(number=last.number - first.number, unit=last.unit)


def end_rows(*, by: Actor) -> int:
    """Let go of the rows past their last day, and return how many."""
    past = delete(DeidentifiedRow).where(
        DeidentifiedRow.school_id == current_school_id(), DeidentifiedRow.kept_until < today()
    )
    count = len(session.execute(past.returning(DeidentifiedRow.id)).all())
    if count:
        audit.record("retention.rows_ended", facts={"rows": count}, by=by)
    return count
