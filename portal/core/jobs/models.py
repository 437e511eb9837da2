"""The tables of jobs: what was asked, and what comes round again. Ids and settings only, never a value of a person.

A job that ended keeps neither its arguments nor its key: its kind, when it was asked and how it ended stay.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db.base import SchoolOwned
from portal.core.personal_data import by_account, no_person, not_personal, personal, reaches

WAITING, HANDED, RUNNING = "waiting", "handed", "running"
DONE, FAILED, CANCELLED = "done", "failed", "cancelled"
OPEN = text("state in ('waiting', 'handed', 'running')")
"""Words, not parameters: PostgreSQL finds the partial index by them also in a prepared statement."""


class Job(SchoolOwned):
    """Work for later. `handed` means that its id was given to Redis; only a lease makes it `running`."""

    __tablename__ = "job"
    __people__ = reaches(
        learner=by_account("asked_by"),
        representative=by_account("asked_by"),
        contact_person=by_account("asked_by"),
        staff=by_account("asked_by"),
    )
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'handed', 'running', 'done', 'failed', 'cancelled')", name="state"),
        CheckConstraint("(state = 'running') = (lease is not null)", name="lease"),
        CheckConstraint("done >= 0 and (total is null or total >= 0)", name="progress"),
        Index("uq_job_open", "school_id", "kind", "unique_key", unique=True, postgresql_where=OPEN),
        Index("ix_job_waiting", "school_id", "is_slow", "run_after", "id", postgresql_where=text("state = 'waiting'")),
        Index("ix_job_at_work", "school_id", "is_slow", postgresql_where=text("state in ('handed', 'running')")),
        Index("ix_job_handed_at", "handed_at", postgresql_where=text("state = 'handed'")),
        Index("ix_job_lease_until", "lease_until", postgresql_where=text("state = 'running'")),
        Index("ix_job_ended_at", "school_id", "ended_at"),
    )

    kind: Mapped[str] = mapped_column(String(80), info=not_personal())
    arguments: Mapped[dict[str, Any]] = mapped_column(JSONB, info=not_personal())
    unique_key: Mapped[str | None] = mapped_column(String(200), info=not_personal())
    is_slow: Mapped[bool] = mapped_column(info=not_personal())
    state: Mapped[str] = mapped_column(String(9), info=not_personal())
    attempts: Mapped[int] = mapped_column(server_default="0", info=not_personal())
    attempts_most: Mapped[int] = mapped_column(info=not_personal())
    asked_by: Mapped[UUID | None] = mapped_column(info=personal("account", of="asked_by"))
    asked_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp(), info=not_personal())
    run_after: Mapped[datetime] = mapped_column(info=not_personal())
    handed_at: Mapped[datetime | None] = mapped_column(info=not_personal())
    started_at: Mapped[datetime | None] = mapped_column(info=not_personal())
    ended_at: Mapped[datetime | None] = mapped_column(info=not_personal())
    lease: Mapped[UUID | None] = mapped_column(info=not_personal())
    lease_until: Mapped[datetime | None] = mapped_column(info=not_personal())
    is_cancel_asked: Mapped[bool] = mapped_column(server_default=text("false"), info=not_personal())
    done: Mapped[int] = mapped_column(server_default="0", info=not_personal())
    total: Mapped[int | None] = mapped_column(info=not_personal())
    failure: Mapped[str | None] = mapped_column(String(60), info=not_personal())
    failure_facts: Mapped[dict[str, Any] | None] = mapped_column(JSONB, info=not_personal())
    fault: Mapped[str | None] = mapped_column(String(12), info=not_personal())

    @property
    def is_open(self) -> bool:
        """Say whether it still waits or runs."""
        return self.state in {WAITING, HANDED, RUNNING}

    @property
    def percent(self) -> int | None:
        """How far it is, 0 to 100; None while that isn't known."""
        if self.state == DONE:
            return 100
        return None if not self.total else min(100, 100 * self.done // self.total)


class RecurringJob(SchoolOwned):
    """When a kind of job comes round again in a school: a run missed while everything was down is made up for, once."""

    __tablename__ = "recurring_job"
    __people__ = no_person("a timetable")
    __table_args__ = (UniqueConstraint("school_id", "kind", name="uq_recurring_job_kind"),)

    kind: Mapped[str] = mapped_column(String(80), info=not_personal())
    next_at: Mapped[datetime] = mapped_column(info=not_personal())
