"""What the worker does for contacts."""

from uuid import UUID

from portal.contacts.mailings.services import SEND, send_mailing
from portal.contacts.subscriptions.services import erase_unconfirmed
from portal.core.http.scope import SYSTEM
from portal.core.jobs import Run, every, job


@every(3600)
@job("contacts.erase_over")
def erase_who_did_not_confirm(run: Run) -> None:
    """Erase who asked for the newsletter and didn't confirm it: without a yes nothing of hers is held, and no cap."""
    run.progress(erase_unconfirmed(), None)


@job(SEND, attempts=20, slow=True)
def send(run: Run) -> None:
    """Send a mail to many, in parts; done twice it goes once to each."""
    run.progress(send_mailing(UUID(run.arguments["mailing_id"]), SYSTEM, part_done=run.checkpoint), None)
