"""The nightly run: it erases who is past a term, up to a cap, in batches that stand by themselves; killed, it goes on.

The first night that finds people long past a term announces it, and takes none of them for the days of the preview.
Preview and undo lie before the due day. Who is followed anew, comes under a hold or asks something is no longer due,
and is passed over; on the day itself what is due goes.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal.accounts.invitations.links import address_of
from portal.accounts.models import Account
from portal.accounts.queries import select_holders
from portal.core import audit, mail
from portal.core.clock import now, today
from portal.core.db.bulk import among_ids, in_parts
from portal.core.db.session import session
from portal.core.errors import Conflict, NotFound
from portal.core.http.access import PORTAL, Actor
from portal.core.http.languages import DEFAULT
from portal.core.http.scope import SYSTEM, Scope
from portal.notifications.models import NotificationKind
from portal.notifications.services import Told, notify
from portal.permissions import Permission, roles_with
from portal.policy.queries import find_policy
from portal.retention.ends.anchors import recorded_of
from portal.retention.ends.kinds import EndKind, RowKind
from portal.retention.erasures.services import Why, erase_ended
from portal.retention.erasures.visitors import erase_of_visitors
from portal.retention.models import RetentionRun, RunState
from portal.retention.runs.queries import (
    KINDS,
    cap_of,
    count_due,
    count_long_over,
    count_people,
    find_confirmed,
    find_due,
    find_run,
    is_first_night,
    list_due,
)
from portal.schools.queries import current_school, get_school

BATCH = 200
"""So many people go in one transaction."""


def carry_out_run(*, checkpoint: Callable[[], None], by: Actor) -> RetentionRun | None:
    """Do tonight's run, or what is left of it; returns it, or None for a school without a policy.

    `checkpoint` commits, and begins a transaction in the same school. The night is that of the day on which it begins.
    Restricted people must be revealed: that is a hold of theirs. Where more people are due than the cap, those who
    weren't confirmed wait, and whoever may confirm is told by mail. Safe to repeat: one who is gone isn't due.
    """
    if find_policy() is None:
        return None
    day = today()
    run = _begin(day)
    found = {kind: find_due(kind, day, SYSTEM, limit=run.cap, tonight=day) for kind in KINDS}
    due = sum(each.people for each in found.values())
    goes_by, gone_before = _goes_by(run, day, due), run.erased
    checkpoint()
    if goes_by is not None:
        for kind in KINDS:
            those = found[kind].ids if goes_by == day else _list_confirmed(kind, goes_by, day)
            _erase_due(kind, those, day, checkpoint, by)
    return _end(day, None if goes_by != day else due + gone_before, by)


def confirm_run(run_id: UUID, *, people: int, by: Actor) -> RetentionRun:
    """Say that the people who wait may go, in parts, from the next night on; `people` is how many she read.

    Raises NotFound, and Conflict where nothing waits or another number does by now.
    """
    by.must(Permission.RETENTION_KEEP)
    run = _get_run(run_id, by.scope)
    if run.state is not RunState.WAITS or run.confirmed_at is not None:
        raise Conflict("nothing_waits")
    all_due, known = count_due(run.ran_on, SYSTEM), find_confirmed()
    if run.waiting != people or all_due > people + (_count_left(known, today()) if known is not None else 0):
        raise Conflict("other_number", people=all_due)
    run.confirmed_at, run.confirmed_by, run.confirmed_by_name = now(), by.account_id, by.name
    run.confirmed_people = all_due
    session.flush()
    audit.record("retention.confirmed", subject=("retention_run", run.id), facts={"people": people}, by=by)
    return run


def take_back_confirmation(run_id: UUID, *, by: Actor) -> RetentionRun:
    """Let those who are still there of whom was confirmed wait again; raises NotFound and Conflict."""
    by.must(Permission.RETENTION_KEEP)
    run = _get_run(run_id, by.scope)
    if run.confirmed_at is None:
        raise Conflict("nothing_confirmed")
    facts = {"people": run.confirmed_people, "gone": run.carried_out}
    run.confirmed_at = run.confirmed_by = run.confirmed_people = None
    run.confirmed_by_name, run.carried_out = "", 0
    session.flush()
    audit.record("retention.taken_back", subject=("retention_run", run.id), facts=facts, by=by)
    return run


def _get_run(run_id: UUID, scope: Scope) -> RetentionRun:
    scope.must_reach_school("retention_run")
    found = session.scalars(select(RetentionRun).where(RetentionRun.id == run_id).with_for_update()).one_or_none()
    if found is None:
        raise NotFound("retention_run")
    return found


def _begin(day: date) -> RetentionRun:
    is_first = is_first_night(day)
    new = insert(RetentionRun).values(
        ran_on=day, started_at=now(), state=RunState.RUNNING, is_first=is_first, cap=cap_of(count_people(SYSTEM))
    )
    session.execute(new.on_conflict_do_nothing(constraint="uq_retention_run_ran_on"))
    run = _locked(day)
    run.state, run.ended_at = RunState.RUNNING, None
    if run.is_first and run.announced_until is None:
        _announce(run)
    return run


def _announce(run: RetentionRun) -> None:
    """Tell the school that people are long past a term and go from a day on, so that it can look who they are first."""
    days = timedelta(days=get_school().retention_preview_days)
    people = count_long_over(run.ran_on - days, SYSTEM)
    if not people:
        return
    run.announced, run.announced_until = people, run.ran_on + days
    session.flush()
    keepers = session.scalars(select_holders(roles_with(Permission.RETENTION_KEEP))).all()
    told = [Told(each.id, run.id, has_own_mail=each.email is not None) for each in keepers]
    notify(NotificationKind.ERASURE_ANNOUNCED, told, by=PORTAL)
    _mail(keepers, run, "retention/announced", people=people, day=run.announced_until)
    audit.record("retention.announced", subject=("retention_run", run.id), facts={"people": people}, by=PORTAL)


def _locked(day: date) -> RetentionRun:
    run = find_run(day, lock=True)
    if run is None:
        raise NotFound("retention_run")
    return run


def _goes_by(run: RetentionRun, day: date, due: int) -> date | None:
    """Return the day by which people go tonight: this one, that of who was confirmed, or None where nobody may go.

    A confirmation is of a number: where more people are due by its day than that, it doesn't count any more.
    """
    confirmed = _find_valid(day)
    run.due = max(run.due, run.erased + due)
    session.flush()
    unconfirmed = due - (_count_left(confirmed, day) if confirmed is not None else 0)
    if run.erased + unconfirmed <= run.cap:
        return day
    return confirmed.ran_on if confirmed is not None else None


def _find_valid(tonight: date) -> RetentionRun | None:
    """Return the latest confirmed run of which no more people are due than were confirmed and haven't gone yet."""
    run = find_confirmed()
    if run is None or run.confirmed_people is None:
        return None
    return run if _count_left(run, tonight) <= run.confirmed_people - run.carried_out else None


def _count_left(confirmed: RetentionRun, tonight: date) -> int:
    return count_due(confirmed.ran_on, SYSTEM, tonight=tonight)


def _list_confirmed(kind: EndKind, goes_by: date, day: date) -> list[UUID]:
    run = _locked(day)
    return find_due(kind, goes_by, SYSTEM, limit=max(run.cap - run.erased, 0), tonight=day).ids


def _erase_due(kind: EndKind, ids: Sequence[UUID], day: date, checkpoint: Callable[[], None], by: Actor) -> None:
    """Erase people of a kind in batches, as many as the cap has room for; two runs at once take turns.

    Who is due was looked up once, in one pass over the whole school; of each batch it is again.
    """
    for found in in_parts(ids, BATCH):
        run = _locked(day)
        gone = _erase_batch(kind, found[: max(run.cap - run.erased, 0)], day, by)
        run.erased += gone
        checkpoint()


def _erase_batch(kind: EndKind, ids: list[UUID], day: date, by: Actor) -> int:
    """Erase those of these people who are due once nobody else can change that; return of how many something went."""
    model = recorded_of(kind).model
    session.execute(select(model.id).where(among_ids(model.id, ids)).order_by(model.id).with_for_update())
    due = list_due(kind, day, SYSTEM, ids=ids, limit=len(ids), tonight=day)
    if isinstance(kind, RowKind):
        return erase_of_visitors([each.person_id for each in due], day=day, by=by)
    outcomes = erase_ended(kind, {each.person_id: each.over_on(day) for each in due}, why=Why.TERM, day=day, by=by)
    return sum(each.is_whole or bool(each.erased) for each in outcomes)


def _end(day: date, all_due: int | None, by: Actor) -> RetentionRun:
    """End a night of which so many were due, those who went before included; None where it isn't known."""
    run = _locked(day)
    left = 0 if run.erased == all_due else count_due(day, SYSTEM, tonight=day)
    confirmed, were_told = _find_valid(day), run.waiting > 0 or _waited_before(day)
    if confirmed is not None and confirmed.confirmed_people is not None:
        confirmed.carried_out = confirmed.confirmed_people - _count_left(confirmed, day)
    run.waiting = left - (_count_left(confirmed, day) if confirmed is not None else 0)
    run.state, run.ended_at = RunState.WAITS if run.waiting else RunState.DONE, now()
    session.flush()
    facts = {"due": run.due, "erased": run.erased, "waiting": run.waiting, "left": left}
    audit.record("retention.ran", subject=("retention_run", run.id), facts=facts, by=by)
    if run.state is RunState.WAITS and not were_told:
        _tell(run)
    return run


def _waited_before(day: date) -> bool:
    """Say whether the night before this one left people waiting too, so that who may confirm knows."""
    earlier = select(RetentionRun.state).where(RetentionRun.ran_on < day).order_by(RetentionRun.ran_on.desc()).limit(1)
    return session.scalar(earlier) is RunState.WAITS


def _tell(run: RetentionRun) -> None:
    """Mail whoever may confirm that people wait."""
    keepers = session.scalars(select_holders(roles_with(Permission.RETENTION_KEEP))).all()
    _mail(keepers, run, "retention/waits", people=run.waiting, is_first=run.is_first)


def _mail(
    accounts: Iterable[Account], run: RetentionRun, template: str, *, people: int, day: date | None = None, **facts: Any
) -> None:
    for account in accounts:
        if account.email is not None:
            mail.send(
                account.email,
                template,
                account_id=account.id,
                language=account.language,
                name=account.name,
                school=current_school().name,
                link=address_of("/bewaren"),
                people=people,
                cap=run.cap,
                nights=run.nights(people),
                day=format_date(day, "long", locale=account.language or DEFAULT) if day is not None else None,
                **facts,
            )
