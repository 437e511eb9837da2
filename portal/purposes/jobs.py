"""What the worker does for consents."""

from uuid import UUID

from portal.core.db.scope import reveal
from portal.core.http.access import PORTAL
from portal.core.jobs import Run, job
from portal.purposes.withdrawals.services import CARRY_OUT, carry_out_withdrawal


@job(CARRY_OUT, attempts=20)
def carry_out(run: Run) -> None:
    """Carry out one withdrawal, of what is restricted too; each step is committed when it is done."""
    reveal()
    carry_out_withdrawal(UUID(run.arguments["withdrawal_id"]), by=PORTAL, step_done=run.checkpoint)
