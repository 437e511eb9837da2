"""Looking for what is wrong with the work that comes round in each school: the nightly run, seals, the ledger."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from portal.core.alarms.names import Alarm, AlarmName
from portal.core.alarms.sources import Sources
from portal.core.clock import now

KINDS = (
    "retention.run",
    "retention.end_terms",
    "contacts.erase_over",
    "learners.clear_expired_fields",
    "learners.clear_merges",
    "accounts.clear_old",
    "notifications.clear_old",
    "imports.clear",
    "disclosures.end_terms",
    "requests.end_copies",
    "files.sweep",
    "core.tidy",
    "policy.expire_audit",
    "assurance.check",
    "audit.verify",
    "keys.verify",
)
"""What must have been done each night or hour: erasing what is past its term (people, certificates, requests, what is
kept without names, sign-ups for the newsletter, a BSN, traces of signing in, notifications, files, jobs, mails, the
audit), counting the figures, looking at the chains of the audit and at the keys' copies."""
LATE = timedelta(hours=3)
WAITS = timedelta(minutes=15)
_OF_FINDING = {"audit_not_whole": AlarmName.SEALS_BROKEN, "keys_differ": AlarmName.KEYS_DIFFER}
_NAMED_MOST = 5


def check_nightly(sources: Sources) -> Iterator[Alarm]:
    """Yield what of the nightly work is late or failed, and which schools' cap holds people back."""
    late, failed = [], []
    for row in _jobs(sources):
        waits_since = min((each for each in (row.next_at, row.asked_at) if each is not None), default=None)
        if waits_since is not None and now() - waits_since > LATE:
            late.append(f"{row.slug} {row.kind}")
        if row.state == "failed" and row.failure not in _OF_FINDING:
            failed.append(f"{row.slug} {row.kind}")
    held = [f"{row.slug}: {row.waiting} people wait" for row in sources.rows("select * from held_runs()")]
    yield from _on(AlarmName.NIGHTLY_LATE, late)
    yield from _on(AlarmName.NIGHTLY_FAILED, failed)
    yield from _on(AlarmName.NIGHTLY_HELD, held)


def check_verifications(sources: Sources) -> Iterator[Alarm]:
    """Yield where the last verification found an audit that isn't whole, or copies of the keys that differ."""
    jobs = _jobs(sources)
    for failure, name in _OF_FINDING.items():
        yield from _on(name, [row.slug for row in jobs if row.state == "failed" and row.failure == failure])


def _jobs(sources: Sources) -> Sequence[Row[Any]]:
    return sources.rows("select * from nightly_jobs(:kinds)", kinds=list(KINDS))


def check_waiting(sources: Sources) -> Iterator[Alarm]:
    """Yield whether entries wait for their seal, or endings for the ledger, for longer than a quarter of an hour."""
    rows = sources.rows("select * from oldest_waiting()")
    for name, field in ((AlarmName.SEALS_LATE, "seal"), (AlarmName.LEDGER_LATE, "ending")):
        yield from _on(name, [row.slug for row in rows if _is_late(getattr(row, field))])


def _is_late(row_id: UUID | None) -> bool:
    if row_id is None:
        return False
    return now() - datetime.fromtimestamp((row_id.int >> 80) / 1000, UTC) > WAITS


def _on(name: AlarmName, those: list[str]) -> Iterator[Alarm]:
    if those:
        more = f" and {len(those) - _NAMED_MOST} more" if len(those) > _NAMED_MOST else ""
        yield Alarm(name, ", ".join(those[:_NAMED_MOST]) + more)
