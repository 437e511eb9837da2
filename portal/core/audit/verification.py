"""Checking a chain: which entry was altered, removed or slipped in first, what expired, until when the audit proves."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, text

from portal.core.audit.models import AuditExpiry, AuditSeal, AuditUnsealed, Chain
from portal.core.audit.seals import (
    CODE_BYTES,
    FIRST,
    MISSING,
    Standing,
    code_of_expiry,
    code_of_seal,
    codes_of,
    seal_key,
)
from portal.core.crypto import keys
from portal.core.db.session import session

LATEST = timedelta(hours=2)
"""An entry belongs to a seal at most so long after it was made; older ones were slipped in."""

_OUTSIDE = text("""
select e.id from audit_event e where e.school_id = current_school() and e.chain = :chain
except select unnest(s.event_ids) from audit_seal s
where s.school_id = current_school() and s.chain = :chain and s.number > :expired
except select u.id from audit_unsealed u where u.school_id = current_school() and u.chain = :chain
order by id limit 1
""")
_HIDDEN = text("""
select e.id from audit_event e
where e.school_id = current_school() and e.chain = :chain and cardinality(e.learner_ids) <> (
    select count(*) from audit_learner l
    where l.school_id = current_school() and l.event_id = e.id and l.learner_id = any(e.learner_ids))
and not exists (select from audit_unsealed u where u.school_id = current_school() and u.id = e.id)
order by e.id limit 1
""")


@dataclass(frozen=True)
class Finding:
    """What is wrong first: `altered`, `removed`, `slipped_in` or `hidden` of an entry; `seal_altered` and so on.

    `expiry_altered`: the line that says that seals from this number on expired isn't the portal's own.
    """

    what: str
    event_id: UUID | None = None
    seal_number: int | None = None


@dataclass(frozen=True)
class Verdict:
    """What checking a chain found. It proves everything stored until `proves_until`.

    `expired` entries went by their term, the last of them sealed at `expired_until`.
    """

    chain: Chain
    entries: int
    seals: int
    waiting: int
    expired: int
    expired_until: datetime | None
    proves_until: datetime | None
    finding: Finding | None


@dataclass
class _Expired:
    """What the lines about expired seals say, as far as they hold together."""

    entries: int = 0
    standing: Standing = field(default_factory=Standing)
    finding: Finding | None = None


def verify(chain: Chain = Chain.MAIN) -> Verdict:
    """Check a whole chain of the school in scope; reads everything, changes nothing. Raises KeysError."""
    key = seal_key()
    expired = _look_at_expiries(key, chain)
    entries = seals = 0
    standing, finding = expired.standing, expired.finding
    for seal in _seals(chain, standing.number) if finding is None else ():
        finding = finding_in(key, seal, standing)
        if finding is not None:
            break
        entries += len(seal.event_ids)
        seals += 1
        standing = Standing(seal.number, seal.code, seal.at)
    finding = finding or _cut_off(chain, standing) or _not_in_chain(chain, expired.standing.number)
    waits = select(func.count()).select_from(AuditUnsealed).where(AuditUnsealed.chain == chain)
    waiting = session.scalars(waits).one()
    return Verdict(chain, entries, seals, waiting, expired.entries, expired.standing.at, standing.at, finding)


def _look_at_expiries(key: bytes, chain: Chain) -> _Expired:
    """Follow the lines about expired seals, each of which must begin where the one before ended."""
    found, before = _Expired(), FIRST
    lines = select(AuditExpiry).where(AuditExpiry.chain == chain).order_by(AuditExpiry.first_number)
    for line in session.scalars(lines):
        expected = found.standing.number + 1
        if line.first_number != expected:
            found.finding = Finding("seal_removed", seal_number=expected)
            break
        if code_of_expiry(key, before, line) != line.code:
            found.finding = Finding("expiry_altered", seal_number=expected)
            break
        before = line.code
        found.entries += line.entries
        found.standing = Standing(line.last_number, line.standing, line.last_at)
    return found


def _seals(chain: Chain, number: int) -> Iterator[AuditSeal]:
    """Yield the seals after this number in order, a few at a time, letting go of each."""
    while True:
        following = select(AuditSeal).where(AuditSeal.chain == chain, AuditSeal.number > number)
        page = session.scalars(following.order_by(AuditSeal.number).limit(50)).all()
        if not page:
            return
        for seal in page:
            yield seal
            session.expunge(seal)
        number = page[-1].number


def finding_in(key: bytes, seal: AuditSeal, before: Standing) -> Finding | None:
    """Return what is wrong first with a seal or its entries, given where the chain stood before it; else None."""
    if seal.number != before.number + 1:
        return Finding("seal_removed", seal_number=before.number + 1)
    if code_of_seal(key, before.code, seal) != seal.code:
        return Finding("seal_altered", seal_number=seal.number)
    return _look_at_entries(key, seal, before)


def _look_at_entries(key: bytes, seal: AuditSeal, before: Standing) -> Finding | None:
    for place, (event_id, code) in enumerate(zip(seal.event_ids, codes_of(key, seal.event_ids), strict=True)):
        sealed = seal.codes[place * CODE_BYTES : (place + 1) * CODE_BYTES]
        if code == MISSING:
            return Finding("removed", event_id, seal.number)
        if code != sealed:
            return Finding("altered", event_id, seal.number)
        if before.at is not None and _made_at(event_id) < before.at.timestamp() - LATEST.total_seconds():
            return Finding("slipped_in", event_id, seal.number)
    return None


def _made_at(event_id: UUID) -> float:
    """Return when an entry was made, in seconds since 1970: the first 48 bits of its id say it."""
    return (event_id.int >> 80) / 1000


def _cut_off(chain: Chain, last: Standing) -> Finding | None:
    """Compare with the keys' store, which remembers the newest seal: seals taken off the end show there."""
    head = keys.seal_head(chain.value)
    if head is None or last.number > head[0]:
        return None
    if last.number < head[0]:
        return Finding("seal_removed", seal_number=last.number + 1)
    return None if last.code == head[1] else Finding("seal_altered", seal_number=last.number)


def _not_in_chain(chain: Chain, expired: int) -> Finding | None:
    slipped_in = session.scalar(_OUTSIDE, {"chain": chain.value, "expired": expired})
    if slipped_in is not None:
        return Finding("slipped_in", slipped_in)
    hidden = session.scalar(_HIDDEN, {"chain": chain.value})
    return Finding("hidden", hidden) if hidden is not None else None
