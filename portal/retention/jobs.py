"""What the worker does for retention: the nightly run, and what shows the school's answers, by a term of its own."""

from portal.core.db.scope import reveal
from portal.core.http.access import PORTAL
from portal.core.jobs import Run, every, job
from portal.policy.queries import find_policy
from portal.requests.complaints.expiry import end_complaints
from portal.requests.data_requests.expiry import end_requests
from portal.retention.certificates.services import end_certificates
from portal.retention.deidentified.services import end_rows
from portal.retention.runs.services import carry_out_run

_DAY = 24 * 3600


@every(_DAY)
@job("retention.run", slow=True)
def run_nightly(run: Run) -> None:
    """Erase who is past a term; a worker that is killed has lost nothing, and the next one goes on."""
    reveal()
    carry_out_run(checkpoint=run.checkpoint, by=PORTAL)


@every(_DAY)
@job("retention.end_terms")
def end_terms(_run: Run) -> None:
    """Let go of certificates, requests and complaints of nobody known, and what has no names, past their own terms."""
    reveal()
    if find_policy() is not None:
        end_certificates(by=PORTAL)
        end_requests(by=PORTAL)
        end_complaints(by=PORTAL)
    end_rows(by=PORTAL)
