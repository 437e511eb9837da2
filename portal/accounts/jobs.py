"""Worker entry points of accounts."""

from portal.accounts.passwords.resets import send_reset
from portal.accounts.sessions.expiry import clear_old
from portal.core.jobs import Run, every, job

_DAY = 24 * 3600


@every(_DAY)
@job("accounts.clear_old")
def clear_old_sessions(run: Run) -> None:
    """Delete sessions and links at the end of the policy's term for sign-in traces."""
    run.progress(clear_old(), None)


@job("accounts.send_reset")
def send_reset_link(run: Run) -> None:
    """Send the link for a new password, if there is such an account; a second run makes the first link worthless."""
    send_reset(run.arguments["name"])
