"""What the worker does for retention: the nightly run."""

from portal.core.db.scope import reveal
from portal.core.http.access import PORTAL
from portal.core.jobs import Run, every, job
from portal.retention.runs.services import carry_out_run

_DAY = 24 * 3600


@every(_DAY)
@job("retention.run", slow=True)
def run_nightly(run: Run) -> None:
    """Erase who is past a term; a worker that is killed has lost nothing, and the next one goes on."""
    reveal()
    carry_out_run(checkpoint=run.checkpoint, by=PORTAL)
