"""What the worker does for contacts."""

from uuid import UUID

from portal.contacts.mailings.services import SEND, send_mailing
from portal.contacts.messages.services import erase_over
from portal.contacts.subscriptions.services import erase_unconfirmed
from portal.core.http.scope import SYSTEM
from portal.core.jobs import Run, every, job


@every(3600)
@job("contacts.erase_over")
def erase_over_terms(run: Run) -> None:
    """Erase handled questions whose term is over, and who asked for the newsletter and didn't confirm it."""
    run.progress(erase_over() + erase_unconfirmed(), None)


@job(SEND, attempts=20, slow=True)
def send(run: Run) -> None:
    """Send a mail to many, in parts; done twice it goes once to each."""
    run.progress(send_mailing(UUID(run.arguments["mailing_id"]), SYSTEM, part_done=run.checkpoint), None)
