"""Worker entry points of notifications."""

from portal.core.db.scope import reveal
from portal.core.jobs import Run, every, job
from portal.notifications.daily_mails.services import send_daily
from portal.notifications.services import clear_old

_HOUR, _DAY = 3600, 24 * 3600


@every(_HOUR)
@job("notifications.send_daily", slow=True)
def send_daily_mails(run: Run) -> None:
    """Mail whoever has something new, once a day at most, in the hours that the school chose."""
    run.progress(send_daily(), None)


@every(_DAY)
@job("notifications.clear_old", slow=True)
def clear_old_notifications(run: Run) -> None:
    """Let go what is past the school's term for notifications, hidden or not."""
    reveal()
    run.progress(clear_old(), None)
