"""Checking the chain: which entry was altered, removed or slipped in first, and until when the audit proves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, text

from portal.core.audit.models import AuditSeal, AuditUnsealed
from portal.core.audit.seals import CODE_BYTES, FIRST, MISSING, code_of_seal, codes_of, seal_key
from portal.core.crypto import keys
from portal.core.db.session import session

LATEST = timedelta(hours=2)
"""An entry belongs to a seal at most so long after it was made; older ones were slipped in."""

_OUTSIDE = text("""
select e.id from audit_event e where e.school_id = current_school()
except select unnest(s.event_ids) from audit_seal s where s.school_id = current_school()
except select u.id from audit_unsealed u where u.school_id = current_school()
order by id limit 1
""")
_HIDDEN = text("""
select e.id from audit_event e where e.school_id = current_school() and cardinality(e.learner_ids) <> (
    select count(*) from audit_learner l
    where l.school_id = current_school() and l.event_id = e.id and l.learner_id = any(e.learner_ids))
and not exists (select from audit_unsealed u where u.school_id = current_school() and u.id = e.id)
order by e.id limit 1
""")


@dataclass(frozen=True)
class Finding:
    """What is wrong first: `altered`, `removed`, `slipped_in` or `hidden` of an entry; `seal_altered` and so on."""

    what: str
    event_id: UUID | None = None
    seal_number: int | None = None


@dataclass(frozen=True)
class Verdict:
    """What checking a school's audit found. It proves everything stored until `proves_until`."""

    entries: int
    seals: int
    waiting: int
    proves_until: datetime | None
    finding: Finding | None


def verify() -> Verdict:
    """Check the whole chain of the school in scope; reads everything, changes nothing. Raises KeysError."""
    key = seal_key()
    entries = seals = 0
    proves_until: datetime | None = None
    before: AuditSeal | None = None
    finding: Finding | None = None
    for seal in _seals():
        finding = _look_at_seal(key, seal, before) or _look_at_entries(key, seal, before)
        if finding is not None:
            break
        entries += len(seal.event_ids)
        seals += 1
        proves_until, before = seal.at, seal
    finding = finding or _cut_off(before) or _not_in_chain()
    waiting = session.scalars(select(func.count()).select_from(AuditUnsealed)).one()
    return Verdict(entries, seals, waiting, proves_until, finding)


def _seals() -> Iterator[AuditSeal]:
    """Yield the seals in order, a few at a time, letting go of each."""
    number = 0
    while True:
        some = session.scalars(select(AuditSeal).where(AuditSeal.number > number).order_by(AuditSeal.number).limit(50))
        page = some.all()
        if not page:
            return
        for seal in page:
            yield seal
            session.expunge(seal)
        number = page[-1].number


def _look_at_seal(key: bytes, seal: AuditSeal, before: AuditSeal | None) -> Finding | None:
    expected = before.number + 1 if before else 1
    if seal.number != expected:
        return Finding("seal_removed", seal_number=expected)
    code = code_of_seal(
        key,
        before.code if before else FIRST,
        number=seal.number,
        at=seal.at,
        event_ids=seal.event_ids,
        codes=seal.codes,
    )
    return None if code == seal.code else Finding("seal_altered", seal_number=seal.number)


def _look_at_entries(key: bytes, seal: AuditSeal, before: AuditSeal | None) -> Finding | None:
    for place, (event_id, code) in enumerate(zip(seal.event_ids, codes_of(key, seal.event_ids), strict=True)):
        sealed = seal.codes[place * CODE_BYTES : (place + 1) * CODE_BYTES]
        if code == MISSING:
            return Finding("removed", event_id, seal.number)
        if code != sealed:
            return Finding("altered", event_id, seal.number)
        if before is not None and _made_at(event_id) < before.at.timestamp() - LATEST.total_seconds():
            return Finding("slipped_in", event_id, seal.number)
    return None


def _made_at(event_id: UUID) -> float:
    """Return when an entry was made, in seconds since 1970: the first 48 bits of its id say it."""
    return (event_id.int >> 80) / 1000


def _cut_off(last: AuditSeal | None) -> Finding | None:
    """Compare with the keys' store, which remembers the newest seal: seals taken off the end show there."""
    head = keys.seal_head()
    if head is None or (last is not None and last.number > head[0]):
        return None
    if last is None or last.number < head[0]:
        return Finding("seal_removed", seal_number=(last.number if last else 0) + 1)
    return None if last.code == head[1] else Finding("seal_altered", seal_number=last.number)


def _not_in_chain() -> Finding | None:
    slipped_in = session.scalar(_OUTSIDE)
    if slipped_in is not None:
        return Finding("slipped_in", slipped_in)
    hidden = session.scalar(_HIDDEN)
    return Finding("hidden", hidden) if hidden is not None else None
