"""Making de-identified rows before people go, and letting them go at the end of their own stage (LB-13)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID, uuid5

from sqlalchemy import delete

from portal.core import audit
from portal.core.clock import today
from portal.core.crypto.ledger import Ending, EndingsSince, record_ending
from portal.core.db.base import new_id
from portal.core.db.scope import current_school_id
from portal.core.db.session import session
from portal.core.http.access import Actor
from portal.core.http.scope import SYSTEM, Scope
from portal.core.personal_data import PersonKind
from portal.policy.queries import current_policy, find_policy
from portal.policy.schema.periods import Period
from portal.retention.deidentified.models import DeidentifiedRow
from portal.retention.deidentified.queries import list_parts
from portal.retention.deidentified.sums import Part, coarsened
from portal.retention.ends.queries import list_ends


def deidentify(category: str, over_on: Mapping[UUID, date], *, scope: Scope) -> int:
    """Keep what statutory retention needs of a category of learners, each of whose stage ended on a day; return rows.

    Nothing where the policy has no stage that de-identifies it. Who share the last day of what is kept are
    counted together: no row outlasts one of them. Nothing is kept of whom that day is past, or of fewer than five.
    """
    kept_until = {each: until for each, day in over_on.items() if (until := _kept_until(category, day)) is not None}
    current = {each: until for each, until in kept_until.items() if until >= today()}
    record_ending(Ending.ERASURE, *(_deidentified(each, category) for each in current))
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


def deidentify_again(
    kind: PersonKind, ids: Sequence[UUID], categories: Collection[str] | None, ended: EndingsSince
) -> None:
    """Keep anew, in a database put back from a backup, what was kept without names of these since; then they go."""
    if kind is not PersonKind.LEARNER or find_policy() is None:
        return
    for category in current_policy().categories if categories is None else map(current_policy().category, categories):
        if category is None or _kept_until(category.key, today()) is None:
            continue
        marked = {_deidentified(each, category.key): each for each in ids}
        those = [marked[each] for each in ended.among(Ending.ERASURE, marked)]
        if those:
            ends = {each.person_id: each.ends.get(category.key) for each in list_ends(kind, those, today(), SYSTEM)}
            over_on = {each: end for each, end in ends.items() if end is not None}
            deidentify(category.key, over_on, scope=SYSTEM)


def _deidentified(learner_id: UUID, category: str) -> UUID:
    """Return the id by which the ledger knows that a category of a learner was kept without her name as it went."""
    return uuid5(learner_id, f"{category} without names")


def _kept_until(category: str, over_on: date) -> date | None:
    """Return the last day of what is kept once a stage that de-identifies ended: as long after it as the last stage."""
    policy = current_policy()
    if policy.category(category) is None:
        return None
    stages = policy.term_for(category).stages
    first = next((stage for stage in stages if stage.then == "deidentify"), None)
    last = next((stage for stage in stages if stage.then == "delete"), None)
    if first is None or last is None or first.unit != last.unit:
        return None
    return Period(number=last.number - first.number, unit=last.unit).added_to(over_on)


def end_rows(*, by: Actor) -> int:
    """Let go of the rows past their last day, and return how many."""
    past = delete(DeidentifiedRow).where(
        DeidentifiedRow.school_id == current_school_id(), DeidentifiedRow.kept_until < today()
    )
    count = len(session.execute(past.returning(DeidentifiedRow.id)).all())
    if count:
        audit.record("retention.rows_ended", facts={"rows": count}, by=by)
    return count
