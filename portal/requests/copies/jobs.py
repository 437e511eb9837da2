"""What the worker does for copies."""

from uuid import UUID

from portal.core.db.scope import reveal
from portal.core.http.access import PORTAL
from portal.core.jobs import Run, every, job
from portal.requests.copies import production
from portal.requests.copies.services import MAKE_COPY

_HOUR = 3600


@job(MAKE_COPY, slow=True)
def make(run: Run) -> None:
    """Make one copy, in its learner's language."""
    reveal()
    production.make_copy(UUID(run.arguments["copy_id"]), by=PORTAL)


@every(_HOUR)
@job("requests.end_copies")
def end_terms(_run: Run) -> None:
    """End the copies whose term is over."""
    reveal()
    production.end_terms()
