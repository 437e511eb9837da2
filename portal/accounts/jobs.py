"""Worker entry points of accounts."""

from portal.accounts.services.resets import send_reset
from portal.core.jobs import Run, job


@job("accounts.send_reset")
def send_reset_link(run: Run) -> None:
    """Send the link for a new password, if there is such an account; a second run makes the first link worthless."""
    send_reset(run.arguments["name"])
