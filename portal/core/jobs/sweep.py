"""Finding every job again: leases that lapsed, ids that Redis lost, what waits for its turn and what comes round."""

from datetime import timedelta

import structlog
from redis import RedisError
from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from portal.core.db.scope import in_school
from portal.core.db.session import session
from portal.core.jobs import transport
from portal.core.jobs.models import RecurringJob
from portal.core.jobs.registry import EVERY, seconds_of
from portal.core.jobs.services import HANDED_PER_SCHOOL, ask

_log = structlog.get_logger(__name__)

_SWEEP = text("select school_id, id, is_slow, kind from sweep_jobs(:per_lane, :may_hand_over)")
_DUE = text("select school_id, kind from due_jobs(:kinds)")
_WAITING = text("select school_id, kind from waiting_work()")


def sweep() -> int:
    """Hand over what should be in Redis and isn't; returns how many. With Redis away only leases are looked at."""
    in_redis = transport.waiting_in_redis()
    with in_school(None):
        values = {"per_lane": HANDED_PER_SCHOOL, "may_hand_over": in_redis is not None}
        found = session.execute(_SWEEP, values).all()
    lost = [
        transport.Handed(row.school_id, row.id, row.is_slow, seconds_of(row.kind))
        for row in found
        if row.id not in (in_redis or ())
    ]
    transport.hand_over(lost)
    return len(lost)


def ask_due() -> int:
    """Ask for what comes round and is due, and for seals and keys where some wait; returns how many were asked for.

    A school's turn is taken in the same transaction as its job, so that it comes once, however many look.
    """
    with in_school(None):
        due = session.execute(_DUE, {"kinds": list(EVERY)}).all()
        waiting = session.execute(_WAITING).all()
    asked = 0
    for school_id, kind in (*due, *waiting):
        with in_school(school_id):
            if kind not in EVERY or _take_turn(kind):
                ask(kind, {}, unique=kind)
                asked += 1
    return asked


def _take_turn(kind: str) -> bool:
    following = func.clock_timestamp() + timedelta(seconds=EVERY[kind])
    turn = insert(RecurringJob).values(kind=kind, next_at=following)
    taken = turn.on_conflict_do_update(
        index_elements=[RecurringJob.school_id, RecurringJob.kind],
        set_={"next_at": following},
        where=RecurringJob.next_at <= func.clock_timestamp(),
    )
    return session.scalar(taken.returning(RecurringJob.id)) is not None


def tick(*, also_due: bool = True) -> None:
    """Sweep, and ask for what is due. A database or Redis that is away is no fault: the next tick does it."""
    try:
        sweep()
        if also_due:
            ask_due()
    except (SQLAlchemyError, RedisError) as error:
        _log.warning("tick_failed", error=type(error).__name__)
