"""What the worker does each night: counting what shows that promises are kept."""

from portal.assurance.figures.services import check_all
from portal.core.jobs import Run, every, job

_DAY = 24 * 3600


@every(_DAY)
@job("assurance.check", slow=True)
def check(run: Run) -> None:
    """Count every figure of the school anew."""
    run.progress(check_all(), None)
