"""What the worker does for intakes."""

from portal.core.jobs import Run, every, job
from portal.intakes.applications.services import erase_over


@every(3600)
@job("intakes.erase_over")
def erase_over_terms(run: Run) -> None:
    """Erase who signed up longer ago than the policy keeps it."""
    run.progress(erase_over(), None)
