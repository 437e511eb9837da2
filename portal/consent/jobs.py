"""What the worker does for consents."""

from uuid import UUID

from portal.consent.services import carry_out_withdrawal
from portal.consent.services.withdrawing import CARRY_OUT
from portal.core.jobs import Run, job


@job(CARRY_OUT, attempts=20)
def carry_out(run: Run) -> None:
    """Carry out one withdrawal; each step is committed when it is done."""
    carry_out_withdrawal(UUID(run.arguments["withdrawal_id"]), step_done=run.checkpoint)
