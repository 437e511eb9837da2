"""What the worker does for consents, and for notices of what the statement changes."""

from uuid import UUID

from portal.core.db.scope import reveal
from portal.core.http.access import PORTAL
from portal.core.jobs import Run, every, job
from portal.policy.announcements.services import SEND_NOTICES
from portal.purposes.coming_of_age.services import announce_birthdays, pass_birthdays
from portal.purposes.privacy_notices.services import TELLING, send_privacy_notices
from portal.purposes.restrictions.services import LIFT, lift_told_restriction
from portal.purposes.statement_notices.services import send_notices
from portal.purposes.withdrawals.services import CARRY_OUT, carry_out_withdrawal


@every(3600)
@job("purposes.come_of_age")
def come_of_age(run: Run) -> None:
    """Tell who turns 16 soon, and let who turned 16 decide herself; who restricted her data too."""
    reveal()
    announce_birthdays(by=PORTAL)
    run.progress(pass_birthdays(by=PORTAL), None)


@job(CARRY_OUT, attempts=20)
def carry_out(run: Run) -> None:
    """Carry out one withdrawal, of what is restricted too; each step is committed when it is done."""
    reveal()
    carry_out_withdrawal(UUID(run.arguments["withdrawal_id"]), by=PORTAL, step_done=run.checkpoint)


@job(LIFT, attempts=20)
def lift(run: Run) -> None:
    """Lift a restriction of which she was told the day before; not one that she asked anew meanwhile."""
    lift_told_restriction(UUID(run.arguments["restriction_id"]), by=PORTAL)


@job(SEND_NOTICES, attempts=20, slow=True)
def send_statement_notices(run: Run) -> None:
    """Tell everybody of a new version of the statement, who restricted her data too."""
    reveal()
    again = run.arguments.get("tries_again", False)
    run.progress(send_notices(UUID(run.arguments["announcement_id"]), tries_again=again, by=PORTAL), None)


@job(TELLING, attempts=20)
def tell_people(run: Run) -> None:
    """Mail people whose data came from others that the school has it; who restricted hers meanwhile is left out."""
    asked_by = UUID(run.arguments["asked_by"]) if run.arguments["asked_by"] else None
    ids = [UUID(each) for each in run.arguments["ids"]]
    send_privacy_notices(ids, asked_by=asked_by, by=PORTAL, progress=run.progress)
