"""What the worker does for figures: all months at night, and one soon after a register of it was stored."""

from datetime import date

from portal.core.jobs import Run, every, job
from portal.hours.figures.services import count_all
from portal.hours.figures.services import count_month as count_anew

_DAY = 24 * 3600


@every(_DAY)
@job("hours.count_figures", slow=True)
def count_figures(run: Run) -> None:
    """Count every month of the school anew."""
    run.progress(count_all(), None)


@job("hours.count_month")
def count_month(run: Run) -> None:
    """Count the month anew in which a register was stored."""
    count_anew(date.fromisoformat(run.arguments["month"]))
