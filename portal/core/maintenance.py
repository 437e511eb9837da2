"""What the core itself does in the background of each school: sealing, keys that wait, sweeping, tidying."""

from datetime import timedelta

from sqlalchemy import delete, func

from portal.core import mail, submissions
from portal.core.audit.models import Chain
from portal.core.audit.seals import seal_entries
from portal.core.audit.verification import verify
from portal.core.crypto import files
from portal.core.crypto.comparison import compare_school
from portal.core.crypto.key_store import store
from portal.core.crypto.outbox import push_waiting
from portal.core.db.scope import current_school_id, reveal
from portal.core.db.session import session
from portal.core.errors import Conflict
from portal.core.jobs import Job, Run, every, job

_KEPT = timedelta(days=30)


@job("audit.seal")
def seal(run: Run) -> None:
    """Seal the entries that wait."""
    while seal_entries():
        run.checkpoint()


@job("keys.push_waiting")
def push_keys(run: Run) -> None:
    """Bring destructions and endings to both copies of the key store; what one can't be given yet waits."""
    while push_waiting():
        run.checkpoint()


@every(24 * 3600)
@job("audit.verify", slow=True)
def verify_audit(_run: Run) -> None:
    """Check both chains of the audit; the job fails where one isn't whole, which the operator's alarms say."""
    for chain in Chain:
        # sealing goes on meanwhile: what is only not there yet is there the second time
        if verify(chain).finding is not None and verify(chain).finding is not None:
            raise Conflict("audit_not_whole")


@every(24 * 3600)
@job("keys.verify", slow=True)
def verify_keys(run: Run) -> None:
    """Compare both copies of the school's keys and ledger; the job fails where they differ, as the alarms say."""
    if _differing(run) & _differing(run):
        raise Conflict("keys_differ")


def _differing(run: Run) -> set[tuple[object, ...]]:
    """Return which rows differ now; one that is being stored differs only once."""
    found = compare_school(store(), run.school_id).differences
    return {(each.setting, each.table, each.key, each.what) for each in found}


@every(600)
@job("files.sweep", slow=True)
def sweep_files(_run: Run) -> None:
    """Let files past their term be gone, and clear content that no row speaks for: a hidden row speaks for its own."""
    reveal()
    files.sweep()


@every(24 * 3600)
@job("core.tidy", slow=True)
def tidy(_run: Run) -> None:
    """Forget ended jobs, and mails that were sent or never could be, after thirty days; sent forms after two."""
    reveal()
    until = func.clock_timestamp() - _KEPT
    session.execute(delete(Job).where(Job.school_id == current_school_id(), Job.ended_at < until))
    sent = mail.Mail
    session.execute(delete(sent).where(sent.school_id == current_school_id(), sent.asked_at < until))
    submissions.forget_old()
