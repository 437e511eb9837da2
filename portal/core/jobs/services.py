"""Asking for work in the caller's transaction, cancelling it, and looking how far it is."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, and_, bindparam, case, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute

from portal.core import audit
from portal.core.db.commit_hooks import on_commit
from portal.core.db.scope import current_school_id
from portal.core.db.session import read, session
from portal.core.errors import NotFound
from portal.core.http.access import current_actor
from portal.core.jobs import transport
from portal.core.jobs.models import CANCELLED, HANDED, OPEN, RUNNING, WAITING, Job
from portal.core.jobs.registry import get_kind

HANDED_PER_SCHOOL = 6
"""So many jobs of a school and lane stand in Redis or run at one time; the others wait in the table."""


def handed_count(is_slow: bool | InstrumentedAttribute[bool]) -> ScalarSelect[int]:
    """Count, within a statement, the jobs of this school and lane that are handed over or run."""
    at_work = select(func.count()).where(
        Job.school_id == current_school_id(), Job.is_slow == is_slow, Job.state.in_([HANDED, RUNNING])
    )
    return at_work.scalar_subquery()


def ask(kind: str, arguments: dict[str, Any], *, unique: str | None = None, run_after: datetime | None = None) -> Job:
    """Ask for work in the transaction in hand; once that commits it will be done, once, whatever breaks.

    `arguments` are ids and settings that JSON can hold, never a value of a person. While a job with the same kind
    and `unique` is open, that one is returned instead. Raises LookupError for a kind that nobody declared.
    """
    for _ in range(5):
        made = _add(kind, arguments, unique, run_after)
        if made is not None:
            return made
        found = find_open_job(kind, str(unique))
        if found is not None:
            return found
    raise RuntimeError(f"the open job {kind} came and went too often")


_LATER = (
    insert(Job)
    .values(
        kind=bindparam("of_kind"), arguments=bindparam("about"), unique_key=bindparam("unique"),
        is_slow=bindparam("slow"), attempts_most=bindparam("most"), asked_by=bindparam("account"),
        run_after=bindparam("moment"), state=WAITING,
    )
    .on_conflict_do_nothing(index_elements=[Job.school_id, Job.kind, Job.unique_key], index_where=OPEN)
)  # fmt: skip


def ask_later(kind: str, arguments: dict[str, Any], *, unique: str, run_after: datetime) -> None:
    """Ask for work as `ask` does, for a moment to come, unless one like it is open: by one short statement."""
    declared = get_kind(kind)
    actor = current_actor()
    values = {
        "of_kind": kind, "about": arguments, "unique": unique, "slow": declared.slow, "most": declared.attempts,
        "account": actor.account_id if actor else None, "moment": run_after,
    }  # fmt: skip
    read(_LATER, values)


def _add(kind: str, arguments: dict[str, Any], unique: str | None, run_after: datetime | None) -> Job | None:
    """Add a job, and hand it over at the commit where it may go now; return None where one like it is open."""
    declared = get_kind(kind)
    actor = current_actor()
    moment = func.clock_timestamp() if run_after is None else run_after
    may_go = and_(handed_count(declared.slow) < HANDED_PER_SCHOOL, moment <= func.clock_timestamp())
    new = insert(Job).values(
        kind=kind, arguments=arguments, unique_key=unique, is_slow=declared.slow, attempts_most=declared.attempts,
        asked_by=actor.account_id if actor else None, run_after=moment,
        state=case((may_go, HANDED), else_=WAITING), handed_at=case((may_go, func.clock_timestamp())),
    )  # fmt: skip
    if unique is not None:
        new = new.on_conflict_do_nothing(
            index_elements=[Job.school_id, Job.kind, Job.unique_key],
            index_where=OPEN,
        )
    made = session.scalars(new.returning(Job)).one_or_none()
    if made is not None and made.state == HANDED:
        handed = transport.Handed(made.school_id, made.id, made.is_slow, declared.seconds)
        on_commit(partial(transport.hand_over, [handed]))
    return made


def find_open_job(kind: str, unique: str) -> Job | None:
    """Return the job of this kind and key that waits or runs, or None."""
    wanted = select(Job).where(Job.kind == kind, Job.unique_key == unique, Job.state.in_([WAITING, HANDED, RUNNING]))
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def find_job(job_id: UUID | None) -> Job | None:
    """Return a job of this school as it stands now, or None: what ended long ago is gone."""
    if job_id is None:
        return None
    wanted = select(Job).where(Job.id == job_id).execution_options(populate_existing=True)
    return session.scalars(wanted).one_or_none()


def get_job(job_id: UUID) -> Job:
    """Return a job of this school as it stands now; raises NotFound."""
    found = find_job(job_id)
    if found is None:
        raise NotFound
    return found


def cancel(job_id: UUID) -> Job:
    """Cancel a job: one that waits at once, one that runs stops where it looks. Raises NotFound."""
    is_open = Job.school_id == current_school_id(), Job.id == job_id, Job.state.in_([WAITING, HANDED, RUNNING])
    found = session.execute(select(Job.kind, Job.state, Job.arguments).where(*is_open).with_for_update()).one_or_none()
    if found is not None:
        ended: dict[str, Any] = {
            "state": CANCELLED,
            "ended_at": func.clock_timestamp(),
            "arguments": {},
            "unique_key": None,
        }
        values = {} if found.state == RUNNING else ended
        session.execute(update(Job).where(*is_open).values(is_cancel_asked=True, **values))
        write_down("jobs.cancelled", job_id, found.kind, found.arguments)
    return get_job(job_id)


def write_down(event: str, job_id: UUID, kind: str, arguments: dict[str, Any], **facts: Any) -> None:
    """Add an entry that a job was cancelled or failed for good, about the learners whom its arguments name."""
    learner_ids = [UUID(each) for each in arguments.get("learner_ids", ())]
    audit.record(event, learner_ids=learner_ids, subject=("job", job_id), facts={"kind": kind, **facts})
