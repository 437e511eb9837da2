"""Sealing: codes over entries and over the seal before, under a key that is not in the database; a chain at a time."""

import hmac
import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from portal.core.audit.models import AuditEvent, AuditExpiry, AuditLearner, AuditSeal, AuditUnsealed, Chain
from portal.core.clock import now
from portal.core.crypto import keys
from portal.core.db.commit_hooks import on_commit
from portal.core.db.scope import current_school_id
from portal.core.db.session import session

CODE_BYTES = 16
MISSING = bytes(CODE_BYTES)
FIRST = bytes(32)
_ENTRIES_A_SEAL = 2000
_COLUMNS = [AuditEvent.__table__.c[name] for name in (
    "school_id", "id", "at", "event", "actor_kind", "actor_id", "actor_name", "actor_roles", "learner_ids",
    "subject_kind", "subject_id", "facts", "sealed", "origin", "chain",
)]  # fmt: skip


class Standing(NamedTuple):
    """Where a chain stands after a seal: its number, its code and when it was made; `FIRST` before there is any."""

    number: int = 0
    code: bytes = FIRST
    at: datetime | None = None


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(type(value).__name__)


def code_of_entry(key: bytes, entry: Row[Any]) -> bytes:
    """Return the code of one entry, 16 bytes: over every column, values in their sealed form."""
    body = json.dumps(list(entry), default=_plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.digest(key, b"entry" + body.encode(), sha256)[:CODE_BYTES]


def code_of_seal(key: bytes, before: bytes, seal: AuditSeal) -> bytes:
    """Return the code of a seal, 32 bytes: over all that it says, and over the code of the seal before it."""
    head = f"seal {current_school_id()} {seal.chain} {seal.number} {_plain(seal.at)}".encode()
    return hmac.digest(key, head + before + b"".join(each.bytes for each in seal.event_ids) + seal.codes, sha256)


def code_of_expiry(key: bytes, before: bytes, line: AuditExpiry) -> bytes:
    """Return the code of a line about seals that expired, 32 bytes: over all that it says, and over the line before."""
    moments = " ".join(_plain(each) for each in (line.first_at, line.last_at, line.at))
    numbers = f"{line.first_number} {line.last_number} {line.entries}"
    head = f"expiry {current_school_id()} {line.chain} {numbers} {moments}".encode()
    return hmac.digest(key, head + before + line.standing, sha256)


def seal_key() -> bytes:
    """Return the school's key for seals."""
    return keys.school_key("audit seals")


def codes_of(key: bytes, event_ids: list[UUID]) -> list[bytes]:
    """Return the codes of these entries as they stand now, in this order; MISSING for one that isn't there."""
    rows = session.execute(
        select(*_COLUMNS).where(AuditEvent.school_id == current_school_id(), AuditEvent.id.in_(event_ids))
    )
    found = {row.id: code_of_entry(key, row) for row in rows}
    return [found.get(each, MISSING) for each in event_ids]


def last_expiry(chain: Chain) -> AuditExpiry | None:
    """Return the newest line about seals of this chain that expired."""
    lines = select(AuditExpiry).where(AuditExpiry.chain == chain)
    return session.scalars(lines.order_by(AuditExpiry.last_number.desc()).limit(1)).one_or_none()


def standing_of(chain: Chain) -> Standing:
    """Return where a chain of this school stands, also where all its seals have expired."""
    seals = select(AuditSeal).where(AuditSeal.chain == chain)
    seal = session.scalars(seals.order_by(AuditSeal.number.desc()).limit(1)).one_or_none()
    if seal is not None:
        return Standing(seal.number, seal.code, seal.at)
    line = last_expiry(chain)
    return Standing(line.last_number, line.standing, line.last_at) if line is not None else Standing()


def seal_entries() -> int:
    """Seal entries that wait, the oldest first, in the transaction in hand; at most 2,000 of a chain. Returns how many.

    Each waits in a table of its own from the moment it commits, so one that commits late goes into the next seal.
    With its seal it is written down whom each entry is about, which spares the pages that work.
    """
    return sum(_seal(chain) for chain in Chain)


def _seal(chain: Chain) -> int:
    oldest = select(AuditUnsealed.id).where(AuditUnsealed.chain == chain).order_by(AuditUnsealed.id)
    taken = delete(AuditUnsealed).where(
        AuditUnsealed.school_id == current_school_id(),
        AuditUnsealed.id.in_(oldest.limit(_ENTRIES_A_SEAL).scalar_subquery()),
    )
    event_ids = sorted(session.scalars(taken.returning(AuditUnsealed.id)))
    if not event_ids:
        return 0
    _write_whom(event_ids)
    key, before = seal_key(), standing_of(chain)
    codes = b"".join(codes_of(key, event_ids))
    seal = AuditSeal(chain=chain, number=before.number + 1, at=now(), event_ids=event_ids, codes=codes)
    number, code = seal.number, code_of_seal(key, before.code, seal)
    seal.code = code
    session.add(seal)
    session.flush()
    on_commit(lambda: keys.set_seal_head(chain.value, number, code))
    return len(event_ids)


def _write_whom(event_ids: list[UUID]) -> None:
    whom = select(AuditEvent.school_id, AuditEvent.id, func.unnest(AuditEvent.learner_ids)).where(
        AuditEvent.school_id == current_school_id(), AuditEvent.id.in_(event_ids)
    )
    adding = insert(AuditLearner).from_select(["school_id", "event_id", "learner_id"], whom, include_defaults=False)
    session.execute(adding.on_conflict_do_nothing())
