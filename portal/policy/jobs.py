"""Worker entry points of the policy: what goes by a term that it sets for the whole school."""

from portal.core.audit import Chain
from portal.core.audit.expiry import ChainNotWhole, expire_entries
from portal.core.clock import start_of, today
from portal.core.jobs import Run, every, job
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
