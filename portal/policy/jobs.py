"""Worker entry points of the policy: what goes by a term of the whole school, and a version whose day has come."""

from portal.core.audit import Chain
from portal.core.audit.expiry import ChainNotWhole, expire_entries
from portal.core.clock import start_of, today
from portal.core.db.scope import reveal
from portal.core.http.access import PORTAL
from portal.core.jobs import Run, every, job
from portal.policy.announcements.services import bring_due_into_force
from portal.policy.queries import find_policy


@every(24 * 3600)
@job("policy.expire_audit", slow=True)
def expire_audit(run: Run) -> None:
    """Let go of the audit's entries past their term: sign-in traces by theirs, the rest by the audit's.

    A chain that isn't whole stays and fails the job, after the other one was seen to.
    """
    policy = find_policy()
    if policy is None:
        return
    terms = {Chain.ACTIVITY: policy.activity_term, Chain.MAIN: policy.audit.term}
    broken: list[ChainNotWhole] = []
    for chain, term in terms.items():
        before = start_of(term.kept_since(today()))
        try:
            while expire_entries(chain, before):
                run.checkpoint()
        except ChainNotWhole as error:
            broken.append(error)
    if broken:
        raise broken[0]


@every(3600)
@job("policy.bring_into_force")
def bring_into_force(_run: Run) -> None:
    """Bring an announced version into force on its day, once its notice has gone out (LL-01)."""
    reveal()
    bring_due_into_force(by=PORTAL)
