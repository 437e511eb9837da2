"""Work for later that loses nothing: PostgreSQL remembers it, Redis carries its id, a lease says who does it.

    ask("purposes.carry_out_withdrawal", {"consent_id": str(consent.id)}, unique=str(consent.id))

    @job("purposes.carry_out_withdrawal")
    def carry_out_withdrawal(run: Run) -> None: ...

A job runs in one transaction that its lease guards, as the portal itself (`access.PORTAL`).
It must be safe to run twice.
"""

from portal.core.jobs.execution import Cancelled, Run, perform
from portal.core.jobs.labels import explain, trouble
from portal.core.jobs.models import CANCELLED, DONE, FAILED, HANDED, RUNNING, WAITING, Job, RecurringJob
from portal.core.jobs.registry import EVERY, KINDS, every, get_kind, job
from portal.core.jobs.services import ask, ask_later, cancel, find_job, find_open_job, get_job

__all__ = [
    "CANCELLED", "DONE", "EVERY", "FAILED", "HANDED", "KINDS", "RUNNING", "WAITING", "Cancelled", "Job", "RecurringJob",
    "Run", "ask", "ask_later", "cancel", "every", "explain", "find_job", "find_open_job", "get_job", "get_kind",
    "job", "perform", "trouble",
]  # fmt: skip
